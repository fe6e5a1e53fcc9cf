"""The calendar of the demo's agreement: its term, contacts, a review that was held, one to come."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements import contacts, months, outlook
from app.agreements.models import Agreement
from app.agreements.outlook import Outlook
from app.agreements.words import Party
from app.database import db
from app.demo import cast
from app.obligations import meetings, review_dates, reviews, tasks
from app.obligations.meetings import Meeting
from app.obligations.models import Review
from app.obligations.tasks import Of
from app.people import queries as people
from app.people.models import Person

EVERY_MONTHS = 3
NOTICE_DAYS = 90
TERM_CLAUSE, REVIEW_CLAUSE = "8.3", "8.2"
CLIENT_DOMAIN = "brenner-voss.example"
MINUTES = """\
**Promises.** 93 of 100 were kept in the quarter, two points more than before. What was missed lay \
mostly with the VPN gateway; it was replaced in the last week.

**Waiting for suppliers.** The client wants to see sooner who waits for whom. Since this month the \
queue says so; both look at it again next time.

**Hours.** The finance team works until 20:00 in the last week of each quarter. Halden looks at \
what a later shift would take.
"""
ACTIONS = (
    ("Send the list of workplaces without a second factor", "Elke Sommer", -9, True),
    ("Offer a late shift for the last week of each quarter", "Jens Adler", -2, False),
    ("Name a deputy for the key to the server room", "Martin Voss", 16, False),
)
"""What was decided: words, owner, due so many days from now, whether it is done."""


def dated(values: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """The agreement's file with a term whose notice lies some weeks ahead, reviews and contacts."""
    last_on = _end_of_month(months.add_months(at.date(), 4))
    values["agreement"] |= {"effective_until": last_on, "termination_clause": TERM_CLAUSE}
    values["text"][7]["clauses"][2] = (
        f"It runs until {last_on:%-d %B %Y} and then renews itself by a year at a time, unless one"
        f" party gives notice {NOTICE_DAYS} days before its end. Either party may end it for cause"
        " on any day if the other breaks it gravely."
    )
    values["term"] = {
        "renewal": "automatic",
        "months": 12,
        "notice_days": NOTICE_DAYS,
        "clause": TERM_CLAUSE,
    }
    values["review"] = {
        "every_months": EVERY_MONTHS,
        "attendees": ["service level manager", "signatory"],
        "clause": REVIEW_CLAUSE,
    }
    values["contacts"] = [
        _contact("provider", "service level manager", "Jens Adler", within="24 h"),
        _contact("provider", "service level manager", "Nora Falk"),
        _contact("provider", "technical", "Petra Weiss"),
        _contact("client", "signatory", "Martin Voss"),
        _contact("client", "service level manager", "Elke Sommer", within="48 h"),
        _contact("client", "service level manager", "Martin Voss"),
    ]
    return values


def add(*, at: datetime) -> None:
    """One review was held some weeks ago and left things to do; the next is arranged."""
    query = select(Agreement).where(Agreement.client_id.is_not(None)).order_by(Agreement.id)
    agreement = db.session.scalars(query).first()
    assert agreement is not None, "the demo has an agreement with a client"
    ahead = outlook.get(agreement)
    _add_held(ahead, at)
    review = reviews.prepare(ahead, at=at, early=True)
    assert review is not None, "the agreement asks for reviews"
    meeting_at = datetime.combine(
        max(at.date() + timedelta(days=12), review.due_on - timedelta(days=2)),
        time(10),
        ZoneInfo(agreement.zone),
    )
    meetings.arrange(
        ahead,
        review,
        Meeting(meeting_at.astimezone(UTC), "Room 3, Halden", _attendees()),
        party=Party.PROVIDER,
        by=_jens(),
        at=at - timedelta(hours=20),
    )
    _acknowledge(agreement, besides="Elke Sommer")


def _acknowledge(agreement: Agreement, *, besides: str) -> None:
    """Who was asked to acknowledge a letter did so, but for one who still has time."""
    asked = [turn for turn in contacts.recent(agreement) if turn[0].acknowledge_until is not None]
    for number, (turn, person) in enumerate(asked):
        if number > 1 or person.name != besides:
            contacts.acknowledge(turn.id, by=person, at=turn.told_at + timedelta(hours=2))


def _add_held(ahead: Outlook, at: datetime) -> None:
    agreement, today = ahead.agreement, ahead.today(at)
    due_on = ahead.first_on
    while (following := review_dates.next_due(ahead.first_on, EVERY_MONTHS, after=due_on)) <= today:
        due_on = following
    held_on = due_on
    held_at = datetime.combine(held_on, time(16), ZoneInfo(agreement.zone)).astimezone(UTC)
    review = Review(agreement_id=agreement.id, due_on=due_on, attendees=[])
    db.session.add(review)
    db.session.flush()
    jens, party = _jens(), Party.PROVIDER
    meetings.write(ahead, review, MINUTES, seen=meetings.mark(review), party=party, by=jens)
    for what, owner, days, _is_done in ACTIONS:
        on = today + timedelta(days=days)
        meetings.add_action(
            ahead, review, what, owner=_somebody(owner), due_on=on, party=party, by=jens
        )
    meetings.hold(
        ahead,
        review,
        held_on=held_on,
        attendees=_attendees(),
        at=min(held_at, at),
        party=party,
        by=jens,
    )
    for action, (_what, owner, days, is_done) in zip(
        reviews.actions([review.id]), ACTIONS, strict=True
    ):
        if is_done:
            done_at = at + timedelta(days=days - 1)
            tasks.finish(
                agreement,
                Of.REVIEW,
                action.id,
                party=Party.CLIENT,
                by=_somebody(owner),
                at=done_at,
            )


def _end_of_month(day: date) -> date:
    return months.add_months(day.replace(day=1), 1) - timedelta(days=1)


def _contact(party: str, role: str, name: str, *, within: str = "") -> dict[str, str]:
    domain = cast.DOMAIN if party == "provider" else CLIENT_DOMAIN
    asked = {"acknowledge_within": within} if within else {}
    address = cast.address_of(name, domain)
    return {"party": party, "role": role, "name": name, "address": address, **asked}


def _attendees() -> dict[Party, list[str]]:
    return {
        Party.PROVIDER: ["Jens Adler", "Petra Weiss"],
        Party.CLIENT: ["Martin Voss", "Elke Sommer"],
    }


def _jens() -> Person:
    return cast.staff("Jens Adler")


def _somebody(name: str) -> Person:
    for domain in (cast.DOMAIN, CLIENT_DOMAIN):
        found = people.find_person_by_address(cast.address_of(name, domain))
        if found is not None:
            return found
    raise LookupError(name)
