"""How migrations run: on the application's engine, two-way, on SQLite and PostgreSQL."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import JSON, Engine, text

from app.database import Base, UtcDateTime, begin_writing


def _render(kind: str, thing: Any, autogen: AutogenContext) -> str | bool:
    """Write our own column types by their names."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from app.database import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(thing, JSON):
        autogen.imports.add("from app.database import Json")
        return "Json"
    return False


def _skip_internal(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    return not (kind == "table" and (name or "").startswith(("sqlite_", "fts_")))


def run() -> None:
    """Run the migrations.

    A rebuild of a SQLite table drops the old one, which would delete the rows of every
    cascading key: foreign keys are off meanwhile (outside the transaction) and checked after.
    """
    engine: Engine = current_app.extensions["migrate"].db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    begin_writing()
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        if is_sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=_render,
            include_object=_skip_internal,
            render_as_batch=is_sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"The migration left rows without their parents: {broken}")
        if is_sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]


run()
