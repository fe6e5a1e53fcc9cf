"""An installation from within, beside its running processes: for verbs at instants of one's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app import create_app, wallclock
from app.database import db
from config import Config
from tests.browser.site import SECRET_KEY


@contextmanager
def inside(database_url: str, public_url: str = "http://localhost") -> Iterator[Flask]:
    """The application on this database, in its context."""
    before = wallclock._source
    settings = Config(
        database_url=database_url, secret_key=SECRET_KEY, public_url=public_url, testing=True
    )
    app = create_app(settings.checked())
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
    wallclock.use(before)
