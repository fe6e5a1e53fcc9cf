"""Reminding both parties of the days that bind them, each reminder once whatever dies.

Ninety, sixty, thirty and seven days before notice ends or the agreement does; a month and a
week before a review; the day before its meeting; and when it was not held. What was told stands
in the history under its key: that is what keeps it from being told twice. Source: agreements.md,
"Renewal and termination", "Review".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.agreements import contacts, deadlines, history, outlook, parties
from app.agreements.contacts import Matter
from app.agreements.models import AgreementEvent
from app.agreements.outlook import Outlook
from app.database import db
from app.obligations import leaving, reviews
from app.obligations.models import Review

Now = Callable[[], datetime]
DATE, ENDED = "agreement-date", "agreement-ended"
REVIEW_BEFORE = (30, 7)
MEETING_BEFORE = (1,)
OVERDUE_AFTER = (1, 14)
"""Days after a review should have been held on which both are reminded of it."""


@dataclass(frozen=True)
class Reminder:
    """A day that is near: what it is of, and the key under which it is told once."""

    what: str
    on: date
    key: str
    clause: str
    until: date | None = None


def due(at: datetime) -> list[int]:
    """The agreements of which something has to be told now."""
    found = outlook.all_signed()
    open_reviews = reviews.open_reviews([one.agreement.id for one in found])
    wanted = {
        one.agreement.id: {
            reminder.key for reminder in _reminders(one, open_reviews.get(one.agreement.id), at)
        }
        for one in found
    }
    keys = {key for each in wanted.values() for key in each}
    told = set(db.session.scalars(select(AgreementEvent.key).where(AgreementEvent.key.in_(keys))))
    return [agreement_id for agreement_id, each in wanted.items() if each - told]


def remind(agreement_id: int, now: Now) -> bool:
    """Tell both parties of what is near; whether there was anything that they had not heard."""
    ahead = outlook.for_change(agreement_id)
    at = now()
    review = reviews.open_reviews([agreement_id]).get(agreement_id)
    return any([_remind(ahead, reminder, at) for reminder in _reminders(ahead, review, at)])


def _remind(now: Outlook, reminder: Reminder, at: datetime) -> bool:
    days = (reminder.on - now.today(at)).days
    said: dict[str, Any] = {"what": reminder.what, "on": reminder.on.isoformat(), "days": days}
    verb = "ended" if reminder.what == "ended" else f"reminded_{reminder.what}"
    if not history.record(
        now.agreement, verb, by=None, at=at, version=now.version, facts=said, key=reminder.key
    ):
        return False
    if reminder.what == "ended":
        facts = {
            "on": reminder.on.isoformat(),
            **_how(now),
            "covers": [
                [one.title, one.number] for one in leaving.covers_after(now.agreement, reminder.on)
            ],
        }
        matter = Matter(reminder.key, ENDED, facts, contacts.DEEDS)
    else:
        facts = {
            **said,
            "until": reminder.until.isoformat() if reminder.until else "",
            "clause": reminder.clause,
            "quote": now.timetable.quoted(reminder.clause),
        }
        matter = Matter(reminder.key, DATE, facts)
    contacts.tell(now.agreement, now.timetable, matter, at=at)
    return True


def _reminders(now: Outlook, review: Review | None, at: datetime) -> Iterator[Reminder]:
    """All that both parties should have heard by ``at``, told before or not."""
    if now.has_ended(at):
        yield from _end(now)
        return
    zone, number = now.agreement.zone, f"{now.agreement.id}"
    term = now.timetable.term
    if now.notice_by is not None:
        days = deadlines.due_reminder(now.notice_by, at=at, zone=zone)
        if days is not None:
            key = f"notice:{number}:{now.notice_by}:{days}"
            until = now.timetable.span.renewed().last_on
            yield Reminder("notice", now.notice_by, key, term.clause, until)
    if now.last_on is not None:
        days = deadlines.due_reminder(now.last_on, at=at, zone=zone)
        if days is not None and not _was_just_given(now, now.last_on - timedelta(days=days)):
            key = f"end:{number}:{now.last_on}:{days}"
            yield Reminder("end", now.last_on, key, _ending_clause(now))
    if review is not None:
        yield from _of_review(now, review, at)


def _end(now: Outlook) -> Iterator[Reminder]:
    """That it has ended; what ended before it was recorded here is no news."""
    if now.last_on is not None and now.last_on >= now.today(now.known_at):
        key = f"ended:{now.agreement.id}:{now.last_on}"
        yield Reminder("ended", now.last_on, key, _ending_clause(now))


def _of_review(now: Outlook, review: Review, at: datetime) -> Iterator[Reminder]:
    zone = now.agreement.zone
    is_met = review.meeting_at is not None
    on = now.today(review.meeting_at) if review.meeting_at is not None else review.due_on
    what, before = ("meeting", MEETING_BEFORE) if is_met else ("review", REVIEW_BEFORE)
    clause = now.timetable.review.clause if now.timetable.review is not None else ""
    days = deadlines.due_reminder(on, at=at, zone=zone, before=before)
    if days is not None:
        yield Reminder(what, on, f"{what}:{review.id}:{on}:{days}", clause)
    late = [
        passed
        for passed in OVERDUE_AFTER
        if at >= deadlines.morning_of(on + timedelta(days=passed), zone)
    ]
    if late:
        yield Reminder("overdue", on, f"overdue:{review.id}:{on}:{max(late)}", clause)


def _was_just_given(now: Outlook, reminded_on: date) -> bool:
    """Whether the termination's own letter said it after this reminder would have been due."""
    given = now.termination
    if given is None:
        return False
    return given.given_at >= deadlines.morning_of(reminded_on, now.agreement.zone)


def _how(now: Outlook) -> dict[str, str]:
    """How it ended, and by whom."""
    given = now.termination
    if given is None:
        return {"how": "term", "who": ""}
    return {"how": given.kind.value, "who": parties.names(now.agreement)[given.party]}


def _ending_clause(now: Outlook) -> str:
    return now.termination.clause if now.termination is not None else now.timetable.term.clause
