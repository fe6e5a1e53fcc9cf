"""The jobs that keep promises: firing what is due, and sending the letters of it."""

import time
from datetime import datetime, timedelta

from app import claims, failpoints, waking
from app.clocks import words
from app.database import db, is_postgresql, transaction
from app.escalation import firing, rung_words
from app.escalation import queries as escalations
from app.jobs.job import Done, Now, Stopping, many, never
from app.mail import queries as mail
from app.mail import sending
from app.notices import gathering
from config import Config

BEAT_EVERY_S = 10
OTHERS_S = 0.005
"""Between two batches whoever else waits for SQLite's lock has it."""
FLOOD_S = 0.5
"""How long what is told waits after a digest was written, so that a flood makes few of them."""


def fire(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Fire everything that is due, batch after batch."""
    rungs = tickets = troubled = batches = 0
    late_s = _late_s(now)
    more, most = True, firing.FIRST_TICKETS
    while more and not stopping():
        beat(waking.FIRING, now)
        done = firing.fire_due(now, most=most)
        most = firing.fitting(most, done)
        rungs, tickets, more = rungs + done.rungs, tickets + done.tickets, done.more
        troubled, batches = troubled + done.troubled, batches + 1
        if more and not is_postgresql():
            time.sleep(OTHERS_S)
    late = f", up to {words.duration(late_s)} late" if late_s >= rung_words.LATE_S else ""
    return Done(
        f"fired {many(rungs, 'rung')} on {many(tickets, 'ticket')}{late}" if rungs else None,
        counts={
            "rungs_fired": rungs,
            "tickets_looked_after": tickets,
            "tickets_troubled": troubled,
            "batches_fired": batches,
        },
    )


def next_to_fire(_config: Config) -> datetime | None:
    """From when on there is something to fire: strictly after its instant (clocks.md)."""
    due_at = escalations.next_due_at()
    return due_at + timedelta(seconds=1) if due_at else None


def send(now: Now, config: Config, stopping: Stopping = never) -> Done:
    """Gather notices into letters and send what is due, urgent ones first.

    A server that does not answer is left alone for ``probe_s``; the next run is the probe.
    """
    counts = dict.fromkeys(
        ("letters_written", "letters_sent", "letters_parked", "letters_put_back"), 0
    )
    more, is_flood = True, False
    while more and not stopping():
        beat(waking.SENDING, now)
        with transaction():
            kinds = gathering.gathered(now())
            counts["letters_written"] += len(kinds)
            is_flood = is_flood or gathering.DIGEST in kinds
            failpoints.reach("gathering.queued")
        failpoints.reach("gathering.committed")
        batch = sending.send_batch(now, config, stopping=stopping)
        counts["letters_sent"] += batch.sent
        counts["letters_parked"] += batch.parked
        counts["letters_put_back"] += batch.put_back
        if batch.server_down:
            return Done(f"letters wait: {batch.server_down}", config.probe_s, counts=counts)
        more = batch.sent + batch.put_back + batch.parked >= sending.BATCH
    if not any(counts.values()):
        return Done()
    wrote, sent, parked, back = counts.values()
    later = f", {back} put off" if back else ""
    return Done(
        f"wrote {many(wrote, 'letter')}, sent {sent}, parked {parked}{later}",
        FLOOD_S if is_flood else 0,
        counts=counts,
    )


def next_to_send(config: Config) -> datetime | None:
    """From when on there is something to gather or, with a mail server, to send."""
    instants = [gathering.next_at(), mail.next_try_at() if config.mail_server else None]
    return min((at for at in instants if at is not None), default=None)


def _late_s(now: Now) -> int:
    """For how long the oldest thing has been due; what only read ends here."""
    oldest_at = escalations.oldest_due_at()
    late_s = int((now() - oldest_at).total_seconds()) if oldest_at else 0
    db.session.rollback()
    return late_s


def beat(name: str, now: Now) -> None:
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
