"""The demo: believable, the same for the same seed, and its accounts sign in."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

from app.clocks.models import Clock
from app.database import db
from app.demo import accounts, cast, loading
from app.mail.models import Letter
from app.notices.models import Notice
from app.people import signing_in
from app.tickets.models import Ticket
from app.tickets.words import Status

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


def promises() -> list[tuple[object, ...]]:
    rows = db.session.query(Ticket.external_ref, Clock).join(Clock, Clock.ticket_id == Ticket.id)
    return sorted(
        (ref, clock.measure, clock.sequence, str(clock.due_at), clock.state.value, clock.used_s)
        for ref, clock in rows
    )


def test_a_demo_has_every_state_mails_nobody_and_lets_its_accounts_in(app):
    loading.load(tickets=200, seed=1, at=AT)
    statuses = Counter(ticket.status for ticket in db.session.query(Ticket))
    clocks = db.session.query(Clock).all()

    assert {Status.NEW, Status.OPEN, Status.WAITING_REQUESTER, Status.CLOSED} <= set(statuses)
    assert {clock.state.value for clock in clocks} >= {"running", "paused", "met"}
    missed = sum(clock.breached_at is not None for clock in clocks)
    assert 0.03 < missed / len(clocks) < 0.25
    assert any(clock.next_at for clock in clocks)
    assert db.session.query(Letter).count() == db.session.query(Notice).count() == 0
    for shown in accounts.SHOWN:
        person = signing_in.verify(shown.address, shown.password, network="127.0.0.1", at=AT)
        assert person.name == shown.name


def test_the_same_seed_makes_the_same_demo(app):
    loading.load(tickets=60, seed=5, at=AT)
    crew = cast.Cast(
        requesters={
            name: tuple(cast.address_of(person, domain) for person in people)
            for name, (domain, people) in cast.CLIENTS.items()
        },
        agents={
            team: tuple(cast.address_of(name, "halden.example") for name in names)
            for team, names in cast.AGENTS.items()
        },
    )

    def told() -> list[tuple[str, ...]]:
        stories = loading._stories(crew, tickets=60, random=Random(5), at=AT)
        return [row for story in stories for row in story.rows]

    assert told() == told()
    assert {row[0] for row in told()} == {ref for ref, *_ in promises()}
