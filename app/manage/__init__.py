"""Manage: where the service is steered and the week is read."""

from flask import Flask

from app import http, shell
from app.agreements import days
from app.manage import (  # noqa: F401
    absences,
    agreements,
    agreements_taken,
    calendars,
    days_off,
    giving_out,
    health,
    ladders,
    letters,
    metrics,
    plans,
    qualifications,
    rotas,
    sights,
    stuck,
    weekly,
    weekly_lists,
)
from app.manage.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add manage's pages to ``app``, and the words that documents need everywhere."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(
        date_words=days.in_words, date_briefly=days.briefly, day_in=days.in_zone
    )
    app.jinja_env.globals["reads_agreements"] = lambda: http.sight().reads_agreements
