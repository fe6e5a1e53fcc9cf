"""The style guide: every part of the look in each of its states; for development only."""

from flask import Flask

from app.styleguide.pages import blueprint


def register(app: Flask) -> None:
    """Add ``/styleguide`` to ``app``."""
    app.register_blueprint(blueprint)
