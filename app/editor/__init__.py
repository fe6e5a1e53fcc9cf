"""The editor of agreements: drafts of a party, in the shell of where the person works."""

from flask import Flask

from app import shell
from app.editor import (  # noqa: F401
    drafts,
    files,
    parts,
    presence,
    proposing,
    refusing,
    starting,
)
from app.editor.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the editor's pages to ``app``."""
    app.register_blueprint(blueprint)
