"""One answered request of Elke's under "Gold", four hours to its resolution, and the worker."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import loading
from app.clocks.models import Clock, Escalation
from app.database import db, transaction
from app.escalation import firing
from app.escalation.firing import Fired
from app.notices.models import Notice
from app.people.models import Absence, Person
from app.tickets import assignment, conversation, queries
from app.tickets.conversation import Then
from app.tickets.history import page as history_of
from app.tickets.models import HistoryEntry, Ticket
from tests import cast as stage
from tests import factories
from tests.cast import Cast

MONDAY = datetime.fromisoformat("2026-11-16T08:00:00+00:00")
"""Nine o'clock in Berlin."""


SECOND = timedelta(seconds=1)


def hours(number: float) -> datetime:
    """An instant of that Monday, by the hours since nine."""
    return MONDAY + timedelta(hours=number)


def fire(at: datetime) -> Fired:
    """Everything that is due at ``at``, as the worker does it."""
    return firing.fire_due(lambda: at, budget_s=60)


@dataclass
class Fate:
    """What became of the promise to resolve one ticket."""

    ticket: Ticket

    @property
    def clock(self) -> Clock:
        query = select(Clock).where(
            Clock.ticket_id == self.ticket.id, Clock.measure == "resolution"
        )
        return db.session.scalars(query.order_by(Clock.id.desc())).first()

    @property
    def rows(self) -> list[Escalation]:
        query = select(Escalation).where(Escalation.clock_id == self.clock.id)
        return list(db.session.scalars(query.order_by(Escalation.id)))

    def notices(self, to: Person) -> list[Notice]:
        query = select(Notice).where(
            Notice.ticket_id == self.ticket.id,
            Notice.person_id == to.id,
            Notice.kind.in_(("escalation", "client-promise")),
        )
        return list(db.session.scalars(query.order_by(Notice.id)))

    def points(self, to: Person) -> list[str]:
        return [notice.facts["point"] for notice in self.notices(to)]

    def history(self) -> list[str]:
        """The history in words, the oldest first."""
        rows = reversed(history_of(self.ticket, limit=500))
        return [row.facts.get("words", "") for row in rows]

    def told_in_history(self) -> list[str]:
        query = select(HistoryEntry).where(
            HistoryEntry.ticket_id == self.ticket.id,
            HistoryEntry.verb.in_(("escalated", "not-told")),
        )
        return [row.facts["words"] for row in db.session.scalars(query.order_by(HistoryEntry.id))]


def with_ladder(
    ladder: list[dict[str, Any]], *, until: date | None = None, floor_percent: int = 25
) -> None:
    """Give the client's best level this ladder, by its agreement's next version."""
    values = tomllib.loads((loading.PRESETS / "managed-workplace.toml").read_text("utf-8"))
    values["agreement"]["effective_from"] = (MONDAY - timedelta(days=7)).date()
    values["tiers"][0].update(ladder=ladder, floor_percent=floor_percent)
    if until is not None:
        values["agreement"]["effective_until"] = until
    with transaction():
        loading.load(values, at=MONDAY - timedelta(days=8))


def away(person: Person, *, instead: Person | None = None) -> None:
    """Somebody is on leave that Monday."""
    with transaction():
        db.session.add(
            Absence(
                person_id=person.id,
                starts_at=MONDAY - timedelta(days=1),
                ends_at=MONDAY + timedelta(days=1),
                substitute_id=instead.id if instead else None,
                reason="On leave",
            )
        )


def reply(ticket: Ticket, by: Person, at: datetime, then: Then = Then.NOTHING) -> None:
    """An agent answers the requester, and perhaps resolves it or waits for an answer."""
    with transaction():
        conversation.reply(queries.for_change(ticket.id), by=by, body="Done.", at=at, then=then)


def hear(ticket: Ticket, of: Person, at: datetime) -> None:
    """The requester writes."""
    with transaction():
        locked = queries.for_change(ticket.id)
        conversation.requester_message(locked, by=of, body="Room 4.", channel=locked.channel, at=at)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    yield stage.assemble()


def answered(cast: Cast, *, subject: str = "VPN down for the finance team") -> Ticket:
    """A request that Mara took and answered: what is left is to resolve it, by 13:00."""
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=MONDAY, subject=subject)
    with transaction():
        locked = queries.for_change(ticket.id)
        assignment.take(locked, by=cast.mara, at=hours(0.05))
        conversation.reply(locked, by=cast.mara, body="I am looking into it.", at=hours(0.1))
    return ticket


@pytest.fixture
def fate(cast: Cast) -> Fate:
    return Fate(answered(cast))
