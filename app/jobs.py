"""Every job of the worker and how often it runs, on one page.

A job is a function of the clock; run twice or missed it does no harm (architecture.md, "Job").
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app import claims
from app.database import db, transaction
from app.escalation import firing
from app.mail import sending
from app.notices import gathering
from app.people import signing_in
from app.tickets import ending
from config import Config

Now = Callable[[], datetime]
BEAT_EVERY_S = 10


@dataclass(frozen=True)
class Job:
    """A job: its lane (jobs of one lane never run at once), its pace, and what it does.

    ``run(now, config)`` answers a line for the console, or None when there was nothing to do.
    """

    name: str
    lane: str
    every_s: float
    run: Callable[[Now, Config], str | None]


def fire(now: Now, _config: Config) -> str | None:
    """Fire everything that is due, batch after batch."""
    rungs = tickets = 0
    more = True
    while more:
        _beat("firing", now)
        done = firing.fire_due(now)
        rungs, tickets, more = rungs + done.rungs, tickets + done.tickets, done.more
    return f"fired {rungs} rungs on {tickets} tickets" if rungs else None


def send(now: Now, config: Config) -> str | None:
    """Gather notices into letters and send what is due, urgent ones first."""
    _beat("sending", now)
    with transaction():
        gathered = gathering.gather(now())
    batch = sending.send_batch(now, config)
    if batch.server_down:
        return f"the mail server does not answer: {batch.server_down}"
    if not (gathered or batch.sent or batch.parked):
        return None
    return f"wrote {gathered} letters, sent {batch.sent}, parked {batch.parked}"


def end_holds(now: Now, _config: Config) -> str | None:
    """Take up what was on hold until today."""
    with transaction():
        ended = ending.end_holds(now())
    return f"took up {ended} held tickets" if ended else None


def close_resolved(now: Now, _config: Config) -> str | None:
    """Close what was resolved long enough ago."""
    with transaction():
        closed = ending.close_resolved(now())
    return f"closed {closed} tickets" if closed else None


def forget_sessions(now: Now, _config: Config) -> str | None:
    """Delete sessions past their end."""
    with transaction():
        signing_in.forget_ended(at=now())
    return None


SCHEDULE = (
    Job("fire", "firing", 0.5, fire),
    Job("send", "sending", 1.0, send),
    Job("end-holds", "keeping", 60, end_holds),
    Job("close-resolved", "keeping", 300, close_resolved),
    Job("forget-sessions", "keeping", 3600, forget_sessions),
)


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
