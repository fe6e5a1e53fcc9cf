"""Every job of the worker and how often it runs, on one page.

A job is a function of the clock; run twice or missed it does no harm (architecture.md, "Job").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from app import claims, failpoints, waking
from app.agreements import next_contact, renewing
from app.clocks import checking, words
from app.database import db, transaction
from app.escalation import firing, parking, refusals, rung_words
from app.escalation import queries as escalations
from app.files import cleaning
from app.mail import queries as mail
from app.mail import sending
from app.negotiations import announcing
from app.notices import gathering
from app.obligations import preparing, reminding, tasks
from app.people import signing_in, tokens
from app.qualifications import expiring
from app.tickets import (
    agreeing,
    bounces,
    ending,
    presence,
    recalculating,
    refolding,
    unproven,
    waiting,
)
from config import Config

Now = Callable[[], datetime]
Stopping = Callable[[], bool]
BEAT_EVERY_S = 10
LONGEST_SLEEP_S = 15
MOST_NAMED = 5
CHECK_EVERY_S = 3600
TICKET, LETTER, AGREEMENT = "#{}", "letter {}", "agreement {}"
"""How the page System names what a job went round, by its id."""

log = structlog.get_logger()


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Done:
    """What a run did, as a line for the console, and how long to leave the job alone after it.

    ``said`` is None when there was nothing to do; ``pause_s`` 0 means the job's usual pace.
    ``trouble`` is what it went round, for the page System; ``counts`` are for `/metrics`.
    """

    said: str | None = None
    pause_s: float = 0
    trouble: str | None = field(default=None, compare=False)
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Job:
    """A job: its lane (jobs of one lane never run at once), its pace, and what it does.

    ``run(now, config, stopping)`` ends early, with nothing half done, once ``stopping()``.
    A job with ``ahead`` sleeps until the instant that it answers, or until it is called
    (`app.waking`); ``every_s`` is then how long it sleeps at most, lest a call be lost.
    """

    name: str
    lane: str
    every_s: float
    run: Callable[[Now, Config, Stopping], Done]
    ahead: Callable[[Config], datetime | None] | None = None


def fire(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Fire everything that is due, batch after batch."""
    rungs = tickets = troubled = batches = 0
    late_s = _late_s(now)
    more, most = True, firing.MOST_TICKETS
    while more and not stopping():
        _beat(waking.FIRING, now)
        done = firing.fire_due(now, most=most)
        most = firing.fitting(most, done)
        rungs, tickets, more = rungs + done.rungs, tickets + done.tickets, done.more
        troubled, batches = troubled + done.troubled, batches + 1
    late = f", up to {words.duration(late_s)} late" if late_s >= rung_words.LATE_S else ""
    return Done(
        f"fired {_many(rungs, 'rung')} on {_many(tickets, 'ticket')}{late}" if rungs else None,
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


def send(now: Now, config: Config, stopping: Stopping = _never) -> Done:
    """Gather notices into letters and send what is due, urgent ones first.

    A server that does not answer is left alone for ``probe_s``; the next run is the probe.
    """
    counts = dict.fromkeys(
        ("letters_written", "letters_sent", "letters_parked", "letters_put_back"), 0
    )
    more = True
    while more and not stopping():
        _beat(waking.SENDING, now)
        with transaction():
            counts["letters_written"] += gathering.gather(now())
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
        f"wrote {_many(wrote, 'letter')}, sent {sent}, parked {parked}{later}", counts=counts
    )


def next_to_send(config: Config) -> datetime | None:
    """From when on there is something to gather or, with a mail server, to send."""
    instants = [gathering.next_at(), mail.next_try_at() if config.mail_server else None]
    return min((at for at in instants if at is not None), default=None)


def end_holds(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Take up what was on hold until today."""
    return _each(ending.held_until, ending.end_hold, now, stopping, "took up", "held ticket")


def lead_on_waiting(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Ask requesters who have not answered for days; resolve what they never answer."""
    return _each(waiting.too_long, waiting.lead_on, now, stopping, "led on", "waiting ticket")


def judge_bounces(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Take back the answers whose letters were refused or came back."""
    return _each(bounces.came_back, bounces.judge, now, stopping, "took back", "answer", LETTER)


def pass_on_refused(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Let the next responsible be told where a ladder's letter was refused or came back."""
    return _each(
        refusals.refused, refusals.judge, now, stopping, "passed on", "refused letter", LETTER
    )


def follow_hours(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Lead running clocks over to hours that were edited."""
    done = _each(
        recalculating.behind, recalculating.catch_up, now, stopping, "reckoned anew", "ticket"
    )
    if recalculating.is_any_pending():
        db.session.rollback()
        with transaction():
            recalculating.applied(now())
    return done


def remind_agreed(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Remind who looks after a ticket of the date that was agreed for it."""
    return _each(agreeing.to_remind, agreeing.remind, now, stopping, "reminded of", "agreed date")


def add_holidays(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Keep public holidays known to the end of the year after next."""
    with transaction():
        added = recalculating.add_holidays(now())
    return Done(f"added public holidays to {_many(added, 'calendar')}" if added else None)


def announce_agreements(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Tell of what came into force, and of checks and steps of changes whose day has come."""
    name = "change {}"
    told = _each(
        announcing.to_announce, announcing.announce, now, stopping, "announced", "version", name
    )
    checks = _each(
        announcing.to_check, announcing.remind_to_check, now, stopping, "told of", "check", name
    )
    steps = _each(
        announcing.steps_to_remind,
        announcing.remind_of_step,
        now,
        stopping,
        "told of",
        "step",
        "step {}",
    )
    return _together(told, checks, steps)


def announce_qualifications(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Tell of qualifications whose last day is near."""
    with transaction():
        told = expiring.announce(now())
    return Done(f"told {_many(told, 'colleague')} of qualifications that end" if told else None)


def close_resolved(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Close what was resolved longer ago than its agreement lets it be reopened."""
    return _each(ending.to_close, ending.close_resolved, now, stopping, "closed", "ticket")


def forget_sessions(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Delete sessions past their end."""
    with transaction():
        signing_in.forget_ended(at=now())
    return Done()


def forget_unproven(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Delete links that are long over, and requests whose mailbox nobody proved."""
    with transaction():
        tokens.forget_old(at=now())
        forgotten = unproven.forget_expired(at=now())
    return Done(f"forgot {_many(forgotten, 'request')} without an account" if forgotten else None)


def check_clocks(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Fold every open clock anew and keep what differs; once an hour, whoever asks."""
    last = checking.last_report()
    is_fresh = last is not None and 0 <= (now() - last.at).total_seconds() < CHECK_EVERY_S * 0.9
    if is_fresh:
        return Done()
    report = refolding.check(now, stopping=stopping)
    if report is None:
        return Done()
    if report.drifting:
        log.error("clocks differ from their events", clocks=report.drifting)
    return Done(f"checked {_many(report.clocks, 'clock')}: {report.drifting} drifting")


def renew_agreements(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Write down the next term of agreements that renew themselves, once notice is over."""
    return _each(renewing.due, renewing.renew, now, stopping, "renewed", "agreement", AGREEMENT)


def prepare_reviews(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Make the rows of reviews that come near."""
    return _each(preparing.due, preparing.prepare, now, stopping, "prepared", "review", AGREEMENT)


def remind_parties(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Remind both parties of the days of their agreements that are near, and of what ended."""
    return _each(
        reminding.due, reminding.remind, now, stopping, "reminded of", "agreement", AGREEMENT
    )


def remind_owners(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Remind people of what a review or the end of an agreement left them to do."""
    return _each(
        tasks.to_remind, tasks.remind, now, stopping, "reminded owners of", "agreement", AGREEMENT
    )


def pass_on_silent(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Tell the next contact where one did not acknowledge in time."""
    return _each(
        next_contact.late, next_contact.pass_on_late, now, stopping, "passed on", "silent contact"
    )


def pass_on_unreached(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Tell the next contact where a letter was refused or came back."""
    return _each(
        next_contact.came_back,
        next_contact.judge,
        now,
        stopping,
        "passed on",
        "contact's letter",
        LETTER,
    )


def forget_troubles(_now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Forget what failed on tickets on which nothing is to come any more."""
    with transaction():
        forgotten = parking.forget_moot()
    return Done(f"forgot the trouble of {_many(forgotten, 'ticket')}" if forgotten else None)


def forget_presence(now: Now, _config: Config, _stopping: Stopping = _never) -> Done:
    """Forget who had a ticket open and is gone."""
    with transaction():
        presence.forget(at=now())
    return Done()


def clean_files(now: Now, _config: Config, stopping: Stopping = _never) -> Done:
    """Remove uploads that nobody sent within a day, and bytes that no row knows."""
    removed = cleaning.clean(now, stopping=stopping)
    return Done(f"removed {_many(removed, 'file')} of nobody" if removed else None)


SCHEDULE = (
    Job("fire", waking.FIRING, LONGEST_SLEEP_S, fire, ahead=next_to_fire),
    Job("send", waking.SENDING, LONGEST_SLEEP_S, send, ahead=next_to_send),
    Job("end-holds", "keeping", 60, end_holds),
    Job("lead-on-waiting", "keeping", 60, lead_on_waiting),
    Job("judge-bounces", "keeping", 10, judge_bounces),
    Job("pass-on-refused", "keeping", 10, pass_on_refused),
    Job("follow-hours", "keeping", 5, follow_hours),
    Job("remind-agreed", "keeping", 30, remind_agreed),
    Job("add-holidays", "keeping", 86400, add_holidays),
    Job("announce-agreements", "keeping", 60, announce_agreements),
    Job("announce-qualifications", "keeping", 3600, announce_qualifications),
    Job("renew-agreements", "keeping", 300, renew_agreements),
    Job("prepare-reviews", "keeping", 900, prepare_reviews),
    Job("remind-parties", "keeping", 300, remind_parties),
    Job("remind-owners", "keeping", 300, remind_owners),
    Job("pass-on-silent", "keeping", 30, pass_on_silent),
    Job("pass-on-unreached", "keeping", 10, pass_on_unreached),
    Job("close-resolved", "keeping", 300, close_resolved),
    Job("check-clocks", "checking", CHECK_EVERY_S, check_clocks),
    Job("forget-presence", "keeping", 600, forget_presence),
    Job("forget-troubles", "keeping", 600, forget_troubles),
    Job("clean-files", "checking", 6 * 3600, clean_files),
    Job("forget-sessions", "keeping", 3600, forget_sessions),
    Job("forget-unproven", "keeping", 3600, forget_unproven),
)


def _each(
    ready: Callable[[datetime], list[int]],
    do: Callable[[int, Now], bool],
    now: Now,
    stopping: Stopping,
    did: str,
    what: str,
    name: str = TICKET,
) -> Done:
    """Do one ticket, or letter, after the other, each in its own transaction; says what it ``did``.

    One that raises is named as trouble and leaves the others alone.
    """
    ids = ready(now())
    db.session.rollback()
    done, passed_over = 0, []
    for id in ids:
        if stopping():
            break
        try:
            with transaction():
                done += do(id, now)
        except OperationalError:
            raise
        except Exception as error:
            log.error("a job went round one", which=name.format(id), exc_info=error)
            passed_over.append(f"{name.format(id)}: {type(error).__name__}: {error}")
    return Done(
        f"{did} {_many(done, what)}" if done else None,
        trouble="; ".join(passed_over[:MOST_NAMED]) or None,
        counts={"tickets_passed_over": len(passed_over)},
    )


def _together(*parts: Done) -> Done:
    """What several rounds of one job did."""
    said = [part.said for part in parts if part.said]
    trouble = [part.trouble for part in parts if part.trouble]
    passed_over = sum(part.counts.get("tickets_passed_over", 0) for part in parts)
    return Done(
        "; ".join(said) or None,
        trouble="; ".join(trouble) or None,
        counts={"tickets_passed_over": passed_over},
    )


def _late_s(now: Now) -> int:
    """For how long the oldest thing has been due; what only read ends here."""
    oldest_at = escalations.oldest_due_at()
    late_s = int((now() - oldest_at).total_seconds()) if oldest_at else 0
    db.session.rollback()
    return late_s


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
