"""Bring a database to the newest migration, as ``flask db upgrade`` does."""

from flask_migrate import downgrade, upgrade

from app import create_app
from app.database import db
from config import Config


def migrate(url: str, *, revision: str = "head", down: bool = False) -> None:
    """Upgrade (or downgrade) the database at ``url`` to ``revision``."""
    app = create_app(
        Config(
            database_url=url,
            secret_key="a-key-for-migrations-that-is-long-enough",
            public_url="http://localhost",
            testing=True,
        ).checked()
    )
    with app.app_context():
        (downgrade if down else upgrade)(revision=revision)
        db.session.remove()
        db.engine.dispose()
