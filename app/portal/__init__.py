"""The portal: the front door, and where requesters ask for help and follow it."""

from flask import Flask

from app.portal import (  # noqa: F401
    answers,
    home,
    new_requests,
    requests,
    signing_in,
    why,
)
from app.portal.blueprint import blueprint


def register(app: Flask) -> None:
    """Add the portal's pages to ``app``."""
    app.register_blueprint(blueprint)
