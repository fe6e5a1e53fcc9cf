"""The demo: believable, the same for the same seed, and its accounts sign in."""

import csv
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.clocks.models import Clock, ClockEvent, Deadline, Escalation, TicketCourse
from app.database import db, transaction
from app.demo import accounts, cast, loading
from app.disputes.models import Dispute, DisputeStatement
from app.importing import promises, replaying, writing
from app.importing.events import COLUMNS
from app.importing.models import ImportedTicket, ImportSource, StagedEvent
from app.importing.rows import Source
from app.mail.models import Letter
from app.notices.models import Notice
from app.people import queries as people
from app.people import signing_in
from app.tickets import macros
from app.tickets.models import (
    AgreedDate,
    HistoryEntry,
    Message,
    Participant,
    Rating,
    Ticket,
    Watcher,
)
from app.tickets.words import Status

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


def kept() -> list[tuple[object, ...]]:
    rows = db.session.query(Ticket.external_ref, Clock).join(Clock, Clock.ticket_id == Ticket.id)
    return sorted(
        (ref, clock.measure, clock.sequence, str(clock.due_at), clock.state.value, clock.used_s)
        for ref, clock in rows
    )


def test_a_demo_has_every_state_mails_nobody_and_lets_its_accounts_in(app):
    account = loading.load(tickets=200, seed=1, at=AT)
    statuses = Counter(ticket.status for ticket in db.session.query(Ticket))
    clocks = db.session.query(Clock).all()

    assert account.problems == []
    assert set(statuses) == {
        Status.NEW,
        Status.OPEN,
        Status.WAITING_REQUESTER,
        Status.WAITING_VENDOR,
        Status.RESOLVED,
        Status.CLOSED,
    }
    assert {clock.state.value for clock in clocks} >= {"running", "paused", "met"}
    missed = sum(clock.breached_at is not None for clock in clocks)
    assert 0.03 < missed / len(clocks) < 0.25
    assert any(clock.next_at for clock in clocks)
    assert db.session.query(Letter).count() == db.session.query(Notice).count() == 0
    for shown in accounts.SHOWN:
        person = signing_in.verify(shown.address, shown.password, network="127.0.0.1", at=AT)
        assert person.name == shown.name
    mara = people.find_person_by_address("mara.lindt@halden.example")
    assert db.session.query(Rating).count() > 20
    assert db.session.query(Participant).count() == 1
    assert "Ask for the client log" in [macro.name for macro in macros.offered_to(mara)]


@pytest.mark.any_database
def test_each_request_was_made_with_its_own_form(app):
    loading.load(tickets=200, seed=1, at=AT)
    tickets = db.session.scalars(
        select(Ticket).options(joinedload(Ticket.request_type), joinedload(Ticket.team))
    ).all()

    assert {t.request_type.key for t in tickets if t.subject.startswith("VPN")} == {"vpn"}
    assert all(t.request_type.team_id == t.team_id for t in tickets)
    assert all(t.request_type.service_id == t.service_id for t in tickets)
    newest = max(tickets, key=lambda ticket: ticket.id)
    assert newest.subject == "VPN down for the finance team"


def test_a_demo_written_as_events_comes_back_with_the_same_promises(app, tmp_path):
    loading.load(tickets=200, seed=2, at=AT)
    lines = list(writing.lines())
    before = [line[:1] + line[2:] for line in promises.lines(at=AT)]
    log = tmp_path / "demo.csv"
    with log.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    with transaction():
        for model in (
            DisputeStatement,
            Dispute,
            Deadline,
            Escalation,
            ClockEvent,
            Clock,
            TicketCourse,
            Message,
            HistoryEntry,
            AgreedDate,
            Watcher,
            Participant,
            Rating,
            ImportedTicket,
            StagedEvent,
            ImportSource,
            Ticket,
        ):
            db.session.execute(delete(model))

    with transaction():
        account = replaying.replay(log, Source("again", "UTC"), at=AT, as_of=AT)

    assert account.problems == []
    assert [line[:1] + line[2:] for line in promises.lines(at=AT)] == before


@pytest.mark.any_database
def test_the_same_seed_makes_the_same_demo(app):
    loading.load(tickets=60, seed=5, at=AT)
    crew = cast.Cast(
        requesters={
            name: tuple(cast.address_of(person, client.domain) for person in client.people)
            for name, client in cast.CLIENTS.items()
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
    assert {row[0] for row in told()} == {ref for ref, *_ in kept()}
