"""One's own account: profile, password and address, sessions, how one is told, the bell."""

from flask import Flask

from app import shell
from app.account import choices, notices, password, profile, readdressing, sessions  # noqa: F401
from app.account.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the pages of one's account to ``app``."""
    app.register_blueprint(blueprint)
