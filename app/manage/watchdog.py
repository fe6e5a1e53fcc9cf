"""The web process looks after the worker: administrators hear once when nothing fires.

A thread beside the requests of each web process. Any number of them may look at once: the
notice has one event per standstill, its letter one lease. While the worker's sending thread
lives it sends the letter; when that is silent too, this thread sends that one letter itself,
and leaves every other to the worker. Source: escalation.md, "Finding what is due".
"""

import threading

import structlog
from flask import Flask

from app import http, wallclock
from app.database import db, transaction
from app.escalation import standing
from app.mail import sending
from app.notices import gathering

LOOK_EVERY_S = 30.0
log = structlog.get_logger()


def start(app: Flask) -> threading.Thread:
    """Look after the worker for as long as this process lives."""
    thread = threading.Thread(target=_watch, args=(app,), name="watchdog", daemon=True)
    thread.start()
    return thread


def look(app: Flask) -> bool:
    """Tell administrators if the worker stands still; whether it does."""
    with app.app_context():
        at = wallclock.now()
        since = standing.standing_still_since(at)
        db.session.rollback()
        if since is None:
            return False
        with transaction():
            if standing.tell_administrators(since=since, at=at):
                log.error("escalations stand still: administrators are told", since=str(since))
        if not standing.is_sending(at):
            db.session.rollback()
            _send_it()
        return True


def _send_it() -> None:
    with transaction():
        gathering.gather(wallclock.now())
    batch = sending.send_batch(wallclock.now, http.config(), kind=standing.STOPPED)
    if batch.server_down:
        log.error("administrators cannot be told by mail", why=batch.server_down)


def _watch(app: Flask) -> None:
    waiting = threading.Event()
    while not waiting.wait(LOOK_EVERY_S):
        try:
            look(app)
        except Exception as error:
            log.error("the watchdog could not look", why=str(error))
