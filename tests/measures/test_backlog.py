"""Open tickets over the weeks."""

from datetime import timedelta

from app.measures import backlog
from app.measures.backlog import Backlog, Flow
from app.measures.weeks import Week
from app.tickets.words import NO_ANSWER, Status
from tests.measures.rows import NOW, ZONE, House

WEEK = Week.parse("2026-W46", ZONE)
IN, BEFORE, AFTER = (WEEK.starts_at + timedelta(days=days) for days in (2, -2, 8))


def some_tickets(house: House) -> None:
    house.ticket(contact_at=BEFORE)
    house.ticket(contact_at=IN)
    house.ticket(
        contact_at=BEFORE,
        status=Status.RESOLVED,
        resolved_at=IN,
        resolved_because=NO_ANSWER,
    )
    house.ticket(contact_at=BEFORE, status=Status.CLOSED, closed_at=IN)
    house.ticket(contact_at=BEFORE, status=Status.CLOSED, resolved_at=BEFORE, closed_at=IN)
    house.ticket(contact_at=IN, status=Status.RESOLVED, resolved_at=AFTER)
    house.ticket(contact_at=AFTER)
    house.ticket(contact_at=IN, status=Status.SPAM)


def test_the_backlog_of_each_week_follows_from_what_came_and_went(house: House) -> None:
    some_tickets(house)

    before, this = backlog.by_week(house.everything, WEEK.last(2), at=NOW)

    assert before == Backlog(open_at_end=3, new=4, ended=1)
    assert this == Backlog(open_at_end=3, new=2, ended=2)


def test_each_figure_opens_exactly_its_tickets(house: House) -> None:
    some_tickets(house)
    *_, this = backlog.by_week(house.everything, WEEK.last(2), at=NOW)

    counts = {flow: len(backlog.page(house.everything, flow, WEEK)[0]) for flow in Flow}

    assert counts == {
        Flow.OPEN: this.open_at_end,
        Flow.NEW: this.new,
        Flow.ENDED: this.ended,
        Flow.UNANSWERED: 1,
    }
    assert backlog.unanswered(house.everything, WEEK) == 1


def test_tickets_are_paged_by_key(house: House) -> None:
    ids = [house.ticket(contact_at=IN + timedelta(hours=number // 2)).id for number in range(3)]

    first, after = backlog.page(house.everything, Flow.NEW, WEEK, limit=2)
    rest, end = backlog.page(house.everything, Flow.NEW, WEEK, after=after, limit=2)

    assert [ticket.id for ticket in first + rest] == ids
    assert end is None


def test_the_oldest_open_tickets_come_first(house: House) -> None:
    some_tickets(house)

    found = backlog.oldest(house.everything, limit=2)

    assert [ticket.contact_at for ticket in found] == [BEFORE, IN]
