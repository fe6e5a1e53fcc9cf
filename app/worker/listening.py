"""Hearing at once that there is work: LISTEN on PostgreSQL, `PRAGMA data_version` on SQLite.

Each on a connection of its own that is opened again when it ends. What is missed meanwhile is
found by the threads' own looks (escalation.md, "The worker").
"""

import sqlite3
import threading
from collections.abc import Callable

import psycopg
import structlog
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine

from app.waking import CHANNEL, FIRING, SENDING

POLL_S = 0.5
AGAIN_AFTER_S = 2.0
KEPT_ALIVE = "connect_timeout=5 keepalives_idle=30 keepalives_interval=10 keepalives_count=3"

Ring = Callable[[str], None]
log = structlog.get_logger()


def listen(engine: Engine, ring: Ring, stopping: threading.Event) -> None:
    """Call ``ring(part)`` whenever another process has left work, until ``stopping``."""
    is_postgresql = engine.dialect.name == "postgresql"
    hear = _hear_notify if is_postgresql else _hear_data_version
    address = (
        engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        if is_postgresql
        else str(engine.url.database)
    )
    while not stopping.is_set():
        try:
            hear(address, ring, stopping)
        except (psycopg.Error, sqlite3.Error, OSError) as error:
            log.warning("no calls are heard for now", why=str(error).strip())
            stopping.wait(AGAIN_AFTER_S)


def _hear_notify(address: str, ring: Ring, stopping: threading.Event) -> None:
    conninfo = make_conninfo(address, **conninfo_to_dict(KEPT_ALIVE))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        _ring_all(ring)
        while not stopping.is_set():
            for call in connection.notifies(timeout=POLL_S):
                ring(call.payload)


def _hear_data_version(address: str, ring: Ring, stopping: threading.Event) -> None:
    """Any commit of another connection may have left work; what it was is not told."""
    connection = sqlite3.connect(address, isolation_level=None)
    try:
        last: int | None = None
        while not stopping.wait(POLL_S):
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != last:
                _ring_all(ring)
            last = version
    finally:
        connection.close()


def _ring_all(ring: Ring) -> None:
    for part in (FIRING, SENDING):
        ring(part)
