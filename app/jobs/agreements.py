"""The jobs that live by an agreement's days: in force, reminders, renewal, contacts in turn."""

from app.agreements import next_contact, renewing
from app.database import transaction
from app.jobs.job import AGREEMENT, LETTER, Done, Now, Stopping, each, many, never, together
from app.negotiations import announcing
from app.obligations import preparing, reminding, tasks
from app.qualifications import expiring
from config import Config


def announce_agreements(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Tell of what came into force, and of checks and steps of changes whose day has come."""
    name = "change {}"
    told = each(
        announcing.to_announce, announcing.announce, now, stopping, "announced", "version", name
    )
    checks = each(
        announcing.to_check, announcing.remind_to_check, now, stopping, "told of", "check", name
    )
    steps = each(
        announcing.steps_to_remind,
        announcing.remind_of_step,
        now,
        stopping,
        "told of",
        "step",
        "step {}",
    )
    return together(told, checks, steps)


def announce_qualifications(now: Now, _config: Config, _stopping: Stopping = never) -> Done:
    """Tell of qualifications whose last day is near."""
    with transaction():
        told = expiring.announce(now())
    return Done(f"told {many(told, 'colleague')} of qualifications that end" if told else None)


def renew_agreements(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Write down the next term of agreements that renew themselves, once notice is over."""
    return each(renewing.due, renewing.renew, now, stopping, "renewed", "agreement", AGREEMENT)


def prepare_reviews(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Make the rows of reviews that come near."""
    return each(preparing.due, preparing.prepare, now, stopping, "prepared", "review", AGREEMENT)


def remind_parties(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Remind both parties of the days of their agreements that are near, and of what ended."""
    return each(
        reminding.due, reminding.remind, now, stopping, "reminded of", "agreement", AGREEMENT
    )


def remind_owners(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Remind people of what a review or the end of an agreement left them to do."""
    return each(
        tasks.to_remind, tasks.remind, now, stopping, "reminded owners of", "agreement", AGREEMENT
    )


def pass_on_silent(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Tell the next contact where one did not acknowledge in time."""
    return each(
        next_contact.late, next_contact.pass_on_late, now, stopping, "passed on", "silent contact"
    )


def pass_on_unreached(now: Now, _config: Config, stopping: Stopping = never) -> Done:
    """Tell the next contact where a letter was refused or came back."""
    return each(
        next_contact.came_back,
        next_contact.judge,
        now,
        stopping,
        "passed on",
        "contact's letter",
        LETTER,
    )
