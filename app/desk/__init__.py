"""The desk: where agents work the queue."""

from flask import Flask

from app import shell
from app.desk import (  # noqa: F401
    acknowledging,
    agreeing,
    assignment,
    calls,
    classification,
    closing,
    conversation,
    ladder,
    merging,
    opening,
    plans,
    priority,
    queue,
    spam,
    statuses,
    tickets,
    unanswered,
    undoing,
    watching,
    why,
)
from app.desk.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the desk's pages to ``app``."""
    app.register_blueprint(blueprint)
