"""Open tickets go over to the version in force, each only if it loses nothing by it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.agreements.words import Party
from app.catalogue.words import Priority
from app.clocks import checking
from app.clocks import queries as clocks
from app.database import db, transaction
from app.errors import Refusal
from app.importing import writing
from app.negotiations import proposing, queries, signing
from app.tickets import moving
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_of
from tests import factories
from tests.cast import NOW, Cast
from tests.importing import logs
from tests.negotiations.texts import changed
from tests.statements import counted

BEGINS = datetime.fromisoformat("2027-01-01T00:00:00+01:00")
OPENED = datetime.fromisoformat("2026-12-31T17:00:00+01:00")
MOVED = datetime.fromisoformat("2027-01-04T08:30:00+01:00")
"""Thursday, an hour of service before the new year; half an hour into its first Monday."""


def bound(cast: Cast, version, **more):
    with transaction():
        proposal = proposing.propose(
            changed(version, **more), party=Party.PROVIDER, reason="So.", by=cast.jens, at=NOW
        )
        digest = queries.offer_of(proposal).version.digest
        signing.sign(proposal, digest=digest, by=cast.jens, at=NOW)
        signing.sign(proposal, digest=digest, by=cast.martin, at=NOW)
    return queries.offer_of(proposal).version


def opened(cast: Cast, *, priority=Priority.NORMAL, at=OPENED) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=at, priority=priority)


def due(ticket: Ticket) -> dict[str, datetime | None]:
    return {one.measure: one.due_at for one in clocks.clocks_of([ticket.id])[ticket.id]}


def move(cast: Cast, agreement, *tickets: Ticket, reason="The new times hold for all."):
    with transaction():
        ids = [ticket.id for ticket in tickets]
        return moving.move(agreement, ids, reason=reason, by=cast.jens, now=lambda: MOVED)


def test_a_ticket_whose_promises_get_sooner_goes_over_and_says_why(cast: Cast, agreement, version):
    into = bound(cast, version, seconds="6 h")
    ticket = opened(cast)
    [line] = moving.preview([ticket.id], into, at=MOVED)
    before = due(ticket)
    assert (line.why_not, line.number) == (None, 1)

    moved = move(cast, agreement, ticket)

    assert (moved.count, moved.stay) == (1, ())
    ticket = db.session.get_one(Ticket, ticket.id)
    assert ticket.version_id == into.id
    foreseen = {one.then.measure: one.then.due_at for one in line.moved if one.then}
    assert due(ticket)["resolution"] == foreseen["resolution"] < before["resolution"]
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "version")).one()
    assert (entry.facts["before"], entry.facts["after"]) == (1, 2)
    assert moving.how_many(agreement, into) == 0
    assert not checking.check([ticket.id], lambda ids: {ids[0]: terms_of(ticket)}).drifts


def test_one_whose_promise_would_get_later_stays_exactly_as_it_is(cast: Cast, agreement, version):
    into = bound(cast, version, seconds="100 h")
    ticket = opened(cast)
    before = due(ticket)

    moved = move(cast, agreement, ticket)

    assert moved.count == 0
    assert [line.why_not for line in moved.stay] == ["Resolution would fall due later."]
    assert db.session.get_one(Ticket, ticket.id).version_id == version.id != into.id
    assert due(ticket) == before


def test_a_broken_promise_stays_with_the_version_it_was_made_in(cast: Cast, agreement, version):
    bound(cast, version, seconds="6 h")
    ticket = opened(cast, priority=Priority.HIGH)  # half an hour to answer in

    moved = move(cast, agreement, ticket)

    assert [line.why_not for line in moved.stay] == [
        "First response is broken: it stays with the version it was made in, and the other"
        " promises of the ticket stay with it."
    ]


def test_only_open_tickets_of_the_same_agreement_go_over(cast: Cast, agreement, version):
    into = bound(cast, version, seconds="6 h")
    own = opened(cast)
    strange = factories.open_request(cast.sigrid, cast.vpn_problem, at=OPENED)
    new = opened(cast, at=BEGINS + timedelta(days=3))

    assert moving.waiting(agreement, into) == [own.id]
    assert move(cast, agreement, own, strange, new).count == 1
    assert db.session.get_one(Ticket, strange.id).version_id == cast.house.version.id


def test_moving_asks_for_a_reason_and_for_tickets(cast: Cast, agreement, version):
    bound(cast, version, seconds="6 h")
    ticket = opened(cast)
    with pytest.raises(Refusal, match="why"):
        move(cast, agreement, ticket, reason=" ")
    with pytest.raises(Refusal, match="at least one"):
        move(cast, agreement)


def test_a_preview_asks_no_more_for_many_tickets_than_for_few(cast: Cast, version):
    into = bound(cast, version, seconds="6 h")
    tickets = [opened(cast).id for _ in range(5)]
    moving.preview(tickets, into, at=MOVED)

    def asked(ids) -> int:
        db.session.expunge_all()
        with counted() as statements:
            moving.preview(ids, into, at=MOVED)
        return len(statements)

    assert asked(tickets) == asked(tickets[:2])


def test_a_log_tells_that_a_ticket_went_over(cast: Cast, agreement, version, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "NOW", MOVED)
    bound(cast, version, seconds="6 h")
    ticket = opened(cast)
    assert move(cast, agreement, ticket).count == 1
    before = logs.promised()

    told = list(writing.lines())

    assert ["version", "2"] in [list(line[2:4]) for line in told]
    account = logs.replayed(logs.written(tmp_path / "in.csv", told), as_of=MOVED)
    assert account.problems == []
    assert sorted(logs.promised()) == sorted(before * 2)
