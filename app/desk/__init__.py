"""The desk: where agents work the queue."""

from flask import Flask

from app.desk import (  # noqa: F401
    assignment,
    closing,
    conversation,
    opening,
    priority,
    queue,
    statuses,
    tickets,
    why,
)
from app.desk.blueprint import blueprint


def register(app: Flask) -> None:
    """Add the desk's pages to ``app``."""
    app.register_blueprint(blueprint)
