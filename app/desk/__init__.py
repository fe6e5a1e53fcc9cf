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
    history,
    ladder,
    linking,
    macro_use,
    macros,
    merging,
    news,
    opening,
    plans,
    presence,
    priority,
    queue,
    search,
    spam,
    splitting,
    statuses,
    tagging,
    tickets,
    unanswered,
    undoing,
    unmerging,
    views,
    watching,
    why,
)
from app.desk.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the desk's pages to ``app``."""
    app.register_blueprint(blueprint)
