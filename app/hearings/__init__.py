"""Where the parties of an agreement hear their disputes: raised, answered, decided by both."""

from flask import Flask

from app import shell
from app.hearings import disputes, raising  # noqa: F401
from app.hearings.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the pages of disputes to ``app``."""
    app.register_blueprint(blueprint)
