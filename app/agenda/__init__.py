"""What is coming of agreements: dates, reviews, contacts, their end, and the calendar feed."""

from flask import Flask

from app import shell
from app.agenda import coming, contacts, dates, endings, feeds, meetings, reviews  # noqa: F401
from app.agenda.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the pages of what is coming to ``app``."""
    app.register_blueprint(blueprint)
