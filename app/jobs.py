"""Every job of the worker and how often it runs, on one page.

A job is a function of the clock; run twice or missed it does no harm (architecture.md, "Job").
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from app import claims, failpoints
from app.database import db, transaction
from app.escalation import firing
from app.mail import sending
from app.notices import gathering
from app.people import signing_in
from app.tickets import ending
from config import Config

Now = Callable[[], datetime]
Stopping = Callable[[], bool]
BEAT_EVERY_S = 10
log = structlog.get_logger()


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Done:
    """What a run did, as a line for the console, and how long to leave the job alone after it.

    ``said`` is None when there was nothing to do; ``pause_s`` 0 means the job's usual pace.
    """

    said: str | None = None
    pause_s: float = 0


@dataclass(frozen=True)
class Job:
    """A job: its lane (jobs of one lane never run at once), its pace, and what it does.

    ``run(now, config, stopping)`` ends early, with nothing half done, once ``stopping()``.
    """

    name: str
    lane: str
    every_s: float
    run: Callable[[Now, Config, Stopping], Done]


def fire(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Fire everything that is due, batch after batch."""
    rungs = tickets = 0
    more = True
    while more and not stopping():
        _beat("firing", now)
        done = firing.fire_due(now)
        rungs, tickets, more = rungs + done.rungs, tickets + done.tickets, done.more
    return Done(f"fired {_many(rungs, 'rung')} on {_many(tickets, 'ticket')}" if rungs else None)


def send(now: Now, config: Config, stopping: Stopping = _never) -> Done:
    """Gather notices into letters and send what is due, urgent ones first.

    A server that does not answer is left alone for ``probe_s``; the next run is the probe.
    """
    gathered = sent = parked = 0
    more = True
    while more and not stopping():
        _beat("sending", now)
        with transaction():
            gathered += gathering.gather(now())
            failpoints.reach("gathering.queued")
        failpoints.reach("gathering.committed")
        batch = sending.send_batch(now, config, stopping=stopping)
        sent, parked = sent + batch.sent, parked + batch.parked
        if batch.server_down:
            return Done(f"letters wait: {batch.server_down}", config.probe_s)
        more = batch.sent + batch.put_back + batch.parked >= sending.BATCH
    if not (gathered or sent or parked):
        return Done()
    return Done(f"wrote {_many(gathered, 'letter')}, sent {sent}, parked {parked}")


def end_holds(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Take up what was on hold until today."""
    ended = _each(ending.held_until, ending.end_hold, now, stopping)
    return Done(f"took up {_many(ended, 'held ticket')}" if ended else None)


def close_resolved(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Close what was resolved longer ago than its agreement lets it be reopened."""
    closed = _each(ending.to_close, ending.close_resolved, now, stopping)
    return Done(f"closed {_many(closed, 'ticket')}" if closed else None)


def forget_sessions(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Delete sessions past their end."""
    with transaction():
        signing_in.forget_ended(at=now())
    return Done()


SCHEDULE = (
    Job("fire", "firing", 0.5, fire),
    Job("send", "sending", 1.0, send),
    Job("end-holds", "keeping", 60, end_holds),
    Job("close-resolved", "keeping", 300, close_resolved),
    Job("forget-sessions", "keeping", 3600, forget_sessions),
)


def _each(
    ready: Callable[[datetime], list[int]],
    do: Callable[[int, Now], bool],
    now: Now,
    stopping: Stopping,
) -> int:
    """Do one ticket after the other, each in its own transaction; how many were done.

    One that raises is logged and leaves the others alone.
    """
    ticket_ids = ready(now())
    db.session.rollback()
    done = 0
    for ticket_id in ticket_ids:
        if stopping():
            break
        try:
            with transaction():
                done += do(ticket_id, now)
        except Exception as error:
            log.error("a ticket was passed over", ticket=ticket_id, exc_info=error)
    return done


def _beat(name: str, now: Now) -> None:
    """A sign of life, at most every ten seconds.

    What only read ends here: the job's own transaction must see what was written since, and on
    SQLite begin as a writer.
    """
    at = now()
    last = claims.last_beat(name)
    is_old = last is None or not 0 <= (at - last.at).total_seconds() < BEAT_EVERY_S
    db.session.rollback()
    if is_old:
        with transaction():
            claims.beat(name, at=at)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
