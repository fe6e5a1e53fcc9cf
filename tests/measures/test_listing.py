"""The lists behind the figures: order, paging, how far over, at risk, and causes."""

from datetime import UTC, datetime, timedelta

from app.clocks.state import Phase
from app.database import db
from app.measures import listing
from app.measures.cohort import NONE, Choice, State
from app.measures.listing import Key
from app.measures.weeks import Week
from app.tickets.models import HistoryEntry
from tests.measures.rows import NOW, ZONE, House

WEEK = Week.parse("2026-W46", ZONE)
DUE = datetime(2026, 11, 11, 12, tzinfo=UTC)


def test_pages_follow_each_other_by_due_time_without_gap_or_repeat(house: House) -> None:
    expected = [house.promise(DUE + timedelta(hours=number // 2)).id for number in range(5)]

    seen, after = [], None
    while True:
        found, after = listing.page(house.everything, Choice(), WEEK, at=NOW, after=after, limit=2)
        seen += [promise.clock.id for promise in found]
        if after is None:
            break
        after = Key.parse(str(after))

    assert seen == expected


def test_paused_promises_are_listed_in_pages_too(house: House) -> None:
    clocks = [house.promise(None, Phase.PAUSED).id for _ in range(3)]
    choice = Choice(State.PAUSED)

    first, after = listing.page(house.everything, choice, WEEK, at=NOW, limit=2)
    rest, end = listing.page(house.everything, choice, WEEK, at=NOW, after=after, limit=2)

    assert [promise.clock.id for promise in first + rest] == clocks
    assert end is None


def test_a_choice_narrows_by_team_service_priority_and_measure(house: House) -> None:
    house.promise(DUE, ticket=house.ticket(team_id=None), measure="first_response")
    house.promise(DUE)

    def found(choice: Choice) -> int:
        return len(listing.page(house.everything, choice, WEEK, at=NOW)[0])

    assert found(Choice(team_id=NONE)) == found(Choice(measure="first_response")) == 1
    assert found(Choice(service_id=NONE, priority=house.ticket().priority)) == 2


def test_an_open_promise_is_over_by_the_time_its_clock_went_on(house: House) -> None:
    house.promise(DUE, Phase.RUNNING, used_s=3000)

    (late,) = listing.worst(
        house.everything, State.OPEN, WEEK, at=DUE + timedelta(hours=1), limit=5
    )

    # used 3,000 s until half an hour before due, and an hour and a half since
    assert late.over_s == 3000 + 5400 - 3600


def test_late_promises_come_worst_first(house: House) -> None:
    little = house.promise(DUE, breached=True, used_s=3700)
    much = house.promise(DUE + timedelta(hours=1), breached=True, used_s=9000)

    found = listing.worst(house.everything, State.LATE, WEEK, at=NOW, limit=5)

    assert [promise.clock.id for promise in found] == [much.id, little.id]
    assert [promise.over_s for promise in found] == [5400, 100]


def test_three_quarters_used_is_at_risk_and_over_is_not(house: House) -> None:
    risky = house.promise(NOW + timedelta(minutes=15), Phase.RUNNING, used_s=1800)
    house.promise(NOW + timedelta(minutes=20), Phase.RUNNING, used_s=1800)
    house.promise(NOW - timedelta(minutes=1), Phase.RUNNING, used_s=1800)

    found = listing.at_risk(house.everything, at=NOW, limit=5)

    assert [promise.clock.id for promise in found] == [risky.id]


def test_the_cause_is_the_last_reason_somebody_gave(house: House) -> None:
    ticket, silent = house.ticket(), house.ticket()
    for minute, facts in enumerate(
        ({"reason": "Spare part"}, {"reason": "Vendor late"}, {}, {"reason": None})
    ):
        db.session.add(
            HistoryEntry(
                ticket_id=ticket.id, at=NOW + timedelta(minutes=minute), verb="status", facts=facts
            )
        )
    db.session.flush()

    assert listing.causes([ticket.id, silent.id]) == {ticket.id: "Vendor late"}


def test_nonsense_is_no_key() -> None:
    for text in (None, "", "x", "1", "-", "1-x", "9" * 40 + "-1", "²-1"):
        assert Key.parse(text) is None
