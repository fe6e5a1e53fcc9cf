"""Health: for machines that watch. Sources: escalation.md, "The worker" and invariant E13."""

from typing import Any

import structlog
from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app import claims, waking, wallclock
from app.http import config, public
from app.manage import condition
from app.manage.blueprint import blueprint

NO_DATABASE = "The database does not answer."
log = structlog.get_logger()


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 when all is well; 503 with reasons when a tick, a due rung or a letter is too old.

    What is parked is counted beside it: it waits for a person and hides no newer trouble.
    """
    try:
        answer = _look()
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
        claims.last_beat(waking.FIRING)
    except SQLAlchemyError:
        return jsonify(ok=False, reasons=[NO_DATABASE]), 503
    return jsonify(ok=True, reasons=[]), 200


def _look() -> dict[str, Any]:
    found = condition.look(wallclock.now(), has_mail_server=bool(config().mail_server))
    return {
        "reasons": found.reasons,
        "lag_s": found.lag_s,
        "unsent_s": found.unsent_s,
        "parked": {"tickets": found.parked_tickets, "letters": found.parked_letters},
    }
