"""What both parties do about a review: arrange it, write its minutes, note actions, hold it.

Either party arranges and writes; once the review was held its minutes are final. Source:
agreements.md, "Review".
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.agreements import contacts, duties, history, parties
from app.agreements.contacts import Matter
from app.agreements.outlook import Outlook
from app.agreements.words import Party
from app.database import db
from app.errors import Conflict, Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.obligations import reviews
from app.obligations.models import Review, ReviewAction
from app.people import queries as people
from app.people.models import Person

ARRANGED, HELD = "review-arranged", "review-held"
LONGEST = {"place": 200, "minutes": 50_000, "name": 120, "what": 500}
MOST_ATTENDEES = 60


@dataclass(frozen=True)
class Meeting:
    """When and where both parties meet, and who comes: names by party."""

    at: datetime
    place: str
    attendees: Mapping[Party, Sequence[str]]


def arrange(
    now: Outlook, review: Review, meeting: Meeting, *, party: Party, by: Person, at: datetime
) -> None:
    """Set when both parties meet and tell their contacts; again, when it is moved.

    Raises `Forbidden` unless ``by`` acts for the party, `Refusal` once it was held and for an
    instant that is past.
    """
    review = _for_change(now, review, party=party, by=by)
    if meeting.at <= at:
        raise Refusal(_("This instant is past."), field="meeting")
    review.meeting_at = meeting.at
    review.place = meeting.place.strip()
    review.attendees = _attendees(meeting.attendees)
    review.arranged_by_id = by.id
    db.session.flush()
    facts = {
        "review_id": review.id,
        "due_on": review.due_on.isoformat(),
        "meeting_at": meeting.at.isoformat(),
        "place": review.place,
        "attendees": [one["name"] for one in review.attendees],
        "by": by.name,
    }
    history.record(
        now.agreement,
        "review_arranged",
        by=by,
        at=at,
        party=party,
        version=now.version,
        facts=facts,
    )
    key = f"review-arranged:{review.id}:{at.isoformat()}"
    contacts.tell(now.agreement, now.timetable, Matter(key, ARRANGED, facts), at=at)


def write(
    now: Outlook, review: Review, minutes: str, *, seen: str, party: Party, by: Person
) -> None:
    """Keep the minutes as they stand; ``seen`` is the `mark` of what the writer began from.

    Raises `Conflict` where somebody else wrote meanwhile, `Refusal` once it was held.
    """
    review = _for_change(now, review, party=party, by=by)
    if seen != mark(review):
        raise Conflict(
            _("Somebody else wrote these minutes meanwhile: put both together."), field="minutes"
        )
    review.minutes = minutes.strip()
    db.session.flush()


def mark(review: Review) -> str:
    """A mark of the minutes as they stand."""
    return hashlib.sha256(review.minutes.encode()).hexdigest()[:16]


def add_action(
    now: Outlook,
    review: Review,
    what: str,
    *,
    owner: Person | None,
    due_on: date,
    party: Party,
    by: Person,
) -> ReviewAction:
    """Note what is to be done, by whom and by when; raises `Refusal` once the review was held."""
    review = _for_change(now, review, party=party, by=by)
    among = ReviewAction.review_id == review.id
    row = ReviewAction(review_id=review.id)
    return duties.add(row, what, owner=owner, due_on=due_on, among=among)


def drop_action(now: Outlook, review: Review, action_id: int, *, party: Party, by: Person) -> None:
    """Take back an action of a review that was not held yet."""
    review = _for_change(now, review, party=party, by=by)
    row = db.session.get(ReviewAction, action_id)
    if row is None or row.review_id != review.id:
        raise NotFound("There is no such action.")
    db.session.delete(row)
    db.session.flush()


def hold(
    now: Outlook,
    review: Review,
    *,
    held_on: date,
    attendees: Mapping[Party, Sequence[str]],
    party: Party,
    by: Person,
    at: datetime,
) -> None:
    """Close the minutes of a review that was held on a day, and tell both parties.

    Raises `Forbidden` unless ``by`` acts for the party, `Refusal` for one that was held before,
    for a day to come, and for minutes that say nothing.
    """
    review = _for_change(now, review, party=party, by=by)
    if held_on > now.today(at):
        raise Refusal(_("This day has not come yet."), field="held_on")
    if not review.minutes:
        raise Refusal(_("Write the minutes first: both parties are told them."), field="minutes")
    review.attendees = _attendees(attendees)
    review.held_at = _held_at(review, held_on, now.agreement.zone, at)
    review.held_by_id = by.id
    db.session.flush()
    rows = reviews.actions([review.id])
    owners = people.people(row.owner_id for row in rows if row.owner_id is not None)
    facts: dict[str, Any] = {
        "review_id": review.id,
        "held_on": held_on.isoformat(),
        "attendees": [one["name"] for one in review.attendees],
        "minutes": review.minutes,
        "actions": [_told(row, owners) for row in rows],
        "by": by.name,
    }
    history.record(
        now.agreement,
        "review_held",
        by=by,
        at=at,
        party=party,
        version=now.version,
        facts={"review_id": review.id, "held_on": held_on.isoformat(), "actions": len(rows)},
        key=f"review_held:{review.id}",
    )
    contacts.tell(
        now.agreement, now.timetable, Matter(f"review-held:{review.id}", HELD, facts), at=at
    )


def _held_at(review: Review, held_on: date, zone: str, at: datetime) -> datetime:
    """The instant it was held: that of the meeting, where it was on that day, else noon of it."""
    meeting_at = review.meeting_at
    if meeting_at is not None and meeting_at <= at and _day(meeting_at, zone) == held_on:
        return meeting_at
    noon = datetime(held_on.year, held_on.month, held_on.day, 12, tzinfo=ZoneInfo(zone))
    return min(noon.astimezone(UTC), at)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _attendees(named: Mapping[Party, Sequence[str]]) -> list[dict[str, str]]:
    found = [
        {"name": name.strip()[: LONGEST["name"]], "party": party.value}
        for party, names in named.items()
        for name in names
        if name.strip()
    ]
    if len(found) > MOST_ATTENDEES:
        raise Refusal(_("Name %(most)s people at most.", most=MOST_ATTENDEES))
    return found


def _told(row: ReviewAction, owners: Mapping[int, Person]) -> dict[str, str]:
    """An action as the letter tells it."""
    owner = owners.get(row.owner_id or 0)
    return {
        "due_on": row.due_on.isoformat(),
        "owner": owner.name if owner is not None else "",
        "what": row.what,
    }


def _for_change(now: Outlook, review: Review, *, party: Party, by: Person) -> Review:
    """The review, its row locked; only who acts for a party changes one that was not held."""
    if not parties.may_act(now.agreement, by, party):
        raise Forbidden(_("Only who writes or signs for a party sees to its reviews."))
    locked = db.session.get_one(Review, review.id, with_for_update=True, populate_existing=True)
    if locked.held_at is not None:
        raise Refusal(_("This review was held: its minutes are final."))
    return locked
