"""Health: for machines that watch, and for the eye."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify

from app import claims, wallclock
from app.clocks import queries as clocks
from app.http import config, public
from app.mail import queries as mail
from app.manage.blueprint import blueprint

TICK = timedelta(minutes=2)
UNSENT = timedelta(minutes=15)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 when all is well; 503 with reasons when a tick, a due rung or a letter is too old."""
    at = wallclock.now()
    reasons = [reason for reason in (_worker(at), _due(at), _unsent(at)) if reason]
    return jsonify(ok=not reasons, reasons=reasons), 503 if reasons else 200


@blueprint.get("/readyz")
@public
def readyz() -> dict[str, Any]:
    """200 as soon as the database answers."""
    wallclock.now()
    clocks.next_due_at()
    return {"ok": True}


def _worker(at: datetime) -> str | None:
    beat = claims.last_beat("firing")
    if beat is None:
        return "The worker has never run: start flask worker."
    return f"The worker last ticked at {beat.at.isoformat()}." if at - beat.at > TICK else None


def _due(at: datetime) -> str | None:
    oldest = clocks.next_due_at()
    if oldest is None or at - oldest <= TICK:
        return None
    return f"Something has been due since {oldest.isoformat()}."


def _unsent(at: datetime) -> str | None:
    oldest = mail.oldest_waiting_at()
    if oldest is None or not config().mail_server or at - oldest <= UNSENT:
        return None
    return f"A letter has been waiting since {oldest.isoformat()}."
