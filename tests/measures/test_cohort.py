"""Which promises a week counts, and as what."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clocks.state import Phase
from app.measures import attainment, listing
from app.measures.attainment import Tally
from app.measures.cohort import Choice, Scope, State
from app.measures.weeks import Week
from tests.measures.rows import NOW, ZONE, House

WEEK = Week.parse("2026-W46", ZONE)
DUE = datetime(2026, 11, 11, 12, tzinfo=UTC)


def tally(house: House, week: Week = WEEK, at: datetime = NOW) -> Tally:
    found = attainment.by_measure(house.everything, week.last(2), at=at)
    return sum((each for (of, _), each in found.items() if of == week), Tally())


def test_monday_midnight_begins_the_week_and_the_next_one_ends_it(house: House) -> None:
    for due_at in (WEEK.starts_at, WEEK.ends_at - timedelta(seconds=1)):
        house.promise(due_at)
    for due_at in (WEEK.starts_at - timedelta(seconds=1), WEEK.ends_at):
        house.promise(due_at)

    assert tally(house).counted == 2


def test_the_longer_week_of_a_clock_change_counts_its_last_hour(house: House) -> None:
    autumn = Week.parse("2026-W43", ZONE)
    house.promise(datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
    house.promise(datetime(2026, 10, 25, 23, tzinfo=UTC))

    assert tally(house, autumn).counted == 1
    assert tally(house, autumn.moved(1)).counted == 1


def test_open_promises_count_as_missed_once_their_due_time_passed(house: House) -> None:
    house.promise(DUE, Phase.RUNNING, breached=True)
    house.promise(DUE, Phase.RUNNING)  # nobody has recorded the breach yet
    house.promise(DUE, Phase.PAUSED, breached=True)
    house.promise(DUE, Phase.MET, breached=True)
    house.promise(DUE, Phase.MET)

    assert tally(house) == Tally(kept=1, missed=4, still_open=3, late=1)
    assert tally(house).percent == 20


def test_a_promise_due_at_this_very_second_is_still_to_come(house: House) -> None:
    house.promise(DUE, Phase.RUNNING)

    assert tally(house, at=DUE) == Tally(to_come=1)
    assert tally(house, at=DUE + timedelta(seconds=1)) == Tally(missed=1, still_open=1)


def test_paused_promises_belong_to_no_week(house: House) -> None:
    house.promise(None, Phase.PAUSED)

    assert tally(house) == Tally()
    assert attainment.paused(house.everything, at=NOW) == 1


def test_cancelled_promises_are_out_unless_they_were_broken_first(house: House) -> None:
    house.promise(DUE, Phase.CANCELLED)
    house.promise(DUE, Phase.CANCELLED, breached=True)

    assert tally(house) == Tally(missed=1)
    assert tally(house).ended == 1


def test_what_is_excluded_stands_apart_from_the_ratio(house: House) -> None:
    house.promise(DUE, Phase.MET, breached=True, excluded="known late")
    house.promise(DUE, Phase.CANCELLED, excluded="spam")
    house.promise(DUE)

    assert tally(house) == Tally(kept=1, excluded=1)


def test_percent_is_cut_so_that_a_hundred_means_all() -> None:
    assert Tally(kept=999, missed=1).percent == 99
    assert Tally(kept=197, missed=17).percent == 92
    assert Tally().percent is None


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAUSED])
def test_every_figure_opens_exactly_its_promises(house: House, state: State) -> None:
    for phase in (Phase.RUNNING, Phase.MET, Phase.CANCELLED, Phase.PAUSED):
        for excluded in (None, "known late"):
            house.promise(DUE, phase, breached=True, excluded=excluded)
            if phase is not Phase.PAUSED:
                house.promise(DUE, phase, excluded=excluded)
    house.promise(WEEK.ends_at - timedelta(seconds=1), Phase.RUNNING)
    at = WEEK.ends_at - timedelta(seconds=1)
    figures = tally(house, at=at)

    found, more = listing.page(house.everything, Choice(state), WEEK, at=at)

    name = {State.OPEN: "still_open", State.TO_COME: "to_come"}.get(state, state.value)
    assert more is None
    assert len(found) == getattr(figures, name) > 0


def test_parts_add_up_to_the_whole(house: House) -> None:
    house.promise(DUE, ticket=house.ticket(team_id=house.network.id))
    house.promise(DUE, ticket=house.ticket(team_id=None))
    house.promise(DUE, Phase.RUNNING)
    house.promise(DUE - timedelta(days=7))

    parts = attainment.by_part(house.everything, WEEK.last(2), at=NOW)

    this = [part for part in parts if part.week == WEEK]
    assert sum((part.tally for part in this), Tally()) == tally(house)
    assert {part.team_id for part in this} == {house.network.id, None, house.service_desk.id}


def test_a_team_or_an_agreement_narrows_the_page(house: House) -> None:
    house.promise(DUE)
    house.promise(DUE, ticket=house.ticket(team_id=house.network.id))
    sight = house.everything.sight

    def counted(scope: Scope) -> int:
        found = attainment.by_measure(scope, WEEK.last(2), at=NOW)
        return sum(each.counted for each in found.values())

    assert counted(Scope(sight, team_id=house.network.id)) == 1
    assert counted(Scope(sight, agreement_id=house.agreement.id)) == 2
    assert counted(Scope(sight, agreement_id=house.agreement.id + 1)) == 0
