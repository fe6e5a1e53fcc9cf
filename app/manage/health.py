"""Health: for machines that watch. Sources: escalation.md, "The worker" and invariant E13."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app import claims, wallclock
from app.escalation import parking, standing
from app.http import config, public
from app.mail import queries as mail
from app.mail.models import LetterState
from app.manage.blueprint import blueprint

UNSENT = timedelta(minutes=15)
NO_DATABASE = "The database does not answer."
log = structlog.get_logger()


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 when all is well; 503 with reasons when a tick, a due rung or a letter is too old.

    What is parked is counted beside it: it waits for a person and hides no newer trouble.
    """
    try:
        answer = _look(wallclock.now())
    except SQLAlchemyError as error:
        log.error("health: no database", exc_info=error)
        answer = {"reasons": [NO_DATABASE]}
    ok = not answer["reasons"]
    return jsonify(ok=ok, **answer), 200 if ok else 503


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """200 as soon as the database answers and has its tables."""
    try:
        claims.last_beat(standing.FIRING)
    except SQLAlchemyError:
        return jsonify(ok=False, reasons=[NO_DATABASE]), 503
    return jsonify(ok=True, reasons=[]), 200


def _look(at: datetime) -> dict[str, Any]:
    found = (_worker(at), _due(at), _unsent(at))
    return {
        "reasons": [reason for reason in found if reason],
        "parked": {
            "tickets": len(parking.parked()),
            "letters": mail.count_of(LetterState.PARKED),
        },
    }


def _worker(at: datetime) -> str | None:
    beat = claims.last_beat(standing.FIRING)
    if beat is None:
        return "The worker has never run: start flask worker."
    if at - beat.at <= standing.PATIENCE:
        return None
    return f"The worker last ticked at {beat.at.isoformat()}."


def _due(at: datetime) -> str | None:
    oldest = standing.oldest_due_at()
    if oldest is None or at - oldest <= standing.PATIENCE:
        return None
    return f"Something has been due since {oldest.isoformat()}."


def _unsent(at: datetime) -> str | None:
    oldest = mail.oldest_waiting_at()
    if oldest is None or not config().mail_server or at - oldest <= UNSENT:
        return None
    return f"A letter has been waiting since {oldest.isoformat()}."
