"""The portal: the front door, and where requesters ask for help and follow it."""

from flask import Flask

from app.portal import (
    answers,
    asking,
    copying,
    files,
    guests,
    home,
    joining,
    muting,
    new_requests,
    rating,
    reading,
    requests,
    resetting,
    returning,
    search,
    signing_in,
    why,
)
from app.portal.blueprint import blueprint

__all__ = [
    "answers",
    "asking",
    "copying",
    "files",
    "guests",
    "home",
    "joining",
    "muting",
    "new_requests",
    "rating",
    "reading",
    "register",
    "requests",
    "resetting",
    "returning",
    "search",
    "signing_in",
    "why",
]


def register(app: Flask) -> None:
    """Add the portal's pages to ``app``."""
    app.register_blueprint(blueprint)
