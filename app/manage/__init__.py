"""Manage: where the service is steered and the week is read."""

from flask import Flask

from app import shell
from app.manage import (  # noqa: F401
    absences,
    calendars,
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
    """Add manage's pages to ``app``."""
    app.register_blueprint(blueprint)
