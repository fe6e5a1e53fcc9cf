"""The jobs that look after tickets, and tidy up what nobody needs any more."""

import structlog

from app.clocks import checking
from app.database import db, transaction
from app.escalation import parking, refusals
from app.files import cleaning
from app.jobs.job import LETTER, Done, Now, Stopping, each, many, never
from app.people import signing_in, tokens
from app.tickets import (
    agreeing,
    bounces,
    ending,
    giving_later,
    presence,
    recalculating,
    refolding,
    unproven,
    waiting,
)
from config import Config

CHECK_EVERY_S = 3600

log = structlog.get_logger()


def end_holds(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Take up what was on hold until today."""
    return each(ending.held_until, ending.end_hold, now, stopping, "took up", "held ticket")


def lead_on_waiting(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Ask requesters who have not answered for days; resolve what they never answer."""
    return each(waiting.too_long, waiting.lead_on, now, stopping, "led on", "waiting ticket")


def judge_bounces(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Take back the answers whose letters were refused or came back."""
    return each(bounces.came_back, bounces.judge, now, stopping, "took back", "answer", LETTER)


def pass_on_refused(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Let the next responsible be told where a ladder's letter was refused or came back."""
    return each(
        refusals.refused, refusals.judge, now, stopping, "passed on", "refused letter", LETTER
    )


def follow_hours(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Lead running clocks over to hours that were edited."""
    done = each(
        recalculating.behind, recalculating.catch_up, now, stopping, "reckoned anew", "ticket"
    )
    if recalculating.is_any_pending():
        db.session.rollback()
        with transaction():
            recalculating.applied(now())
    return done


def give_out(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Give out what nobody of its team was free for, as soon as somebody is."""
    return each(giving_later.to_give, giving_later.give, now, stopping, "gave out", "ticket")


def remind_agreed(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Remind who looks after a ticket of the date that was agreed for it."""
    return each(agreeing.to_remind, agreeing.remind, now, stopping, "reminded of", "agreed date")


def add_holidays(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Keep public holidays known to the end of the year after next."""
    with transaction():
        added = recalculating.add_holidays(now())
    return Done(f"added public holidays to {many(added, 'calendar')}" if added else None)


def follow_zones(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Read the zones of all hours by the time zone data that is installed now."""
    with transaction():
        changed = recalculating.follow_zones(now())
    return Done(f"read the zone of {many(changed, 'calendar')} anew" if changed else None)


def close_resolved(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Close what was resolved longer ago than its agreement lets it be reopened."""
    return each(ending.to_close, ending.close_resolved, now, stopping, "closed", "ticket")


def check_clocks(now: Now, _config: Config, stopping: Stopping = never) -> Done:
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
    return Done(f"checked {many(report.clocks, 'clock')}: {report.drifting} drifting")


def forget_sessions(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Delete sessions past their end."""
    with transaction():
        signing_in.forget_ended(at=now())
    return Done()


def forget_unproven(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Delete links that are long over, and requests whose mailbox nobody proved."""
    with transaction():
        tokens.forget_old(at=now())
        forgotten = unproven.forget_expired(at=now())
    return Done(f"forgot {many(forgotten, 'request')} without an account" if forgotten else None)


def forget_troubles(_now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Forget what failed on tickets on which nothing is to come any more."""
    with transaction():
        forgotten = parking.forget_moot()
    return Done(f"forgot the trouble of {many(forgotten, 'ticket')}" if forgotten else None)


def forget_presence(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Forget who had a ticket open and is gone."""
    with transaction():
        presence.forget(at=now())
    return Done()


def clean_files(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Remove uploads that nobody sent within a day, and bytes that no row knows."""
    removed = cleaning.clean(now, stopping=stopping)
    return Done(f"removed {many(removed, 'file')} of nobody" if removed else None)
