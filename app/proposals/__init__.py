"""What is proposed of agreements: read, commented, signed, given up; and who may do so."""

from flask import Flask

from app import shell
from app.proposals import (  # noqa: F401
    comments,
    deciding,
    granting,
    listing,
    moving,
    reading,
    signing,
    steps,
)
from app.proposals.blueprint import blueprint

blueprint.context_processor(shell.context)


def register(app: Flask) -> None:
    """Add the pages of proposals and grants to ``app``."""
    app.register_blueprint(blueprint)
