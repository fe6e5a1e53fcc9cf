"""The desk: where agents work the queue."""

from flask import Flask

from app import shell
from app.desk import (  # noqa: F401
    acknowledging,
    agreeing,
    assignment,
    bulk,
    calls,
    classification,
    closing,
    conversation,
    copies,
    drafts,
    files,
    guests,
    ladder,
    macro_use,
    macros,
    merging,
    news,
    opening,
    plans,
    priority,
    queue,
    search,
    spam,
    statuses,
    tickets,
    unanswered,
    undoing,
    views,
    watching,
    why,
)
from app.desk.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the desk's pages to ``app``."""
    app.register_blueprint(blueprint)
