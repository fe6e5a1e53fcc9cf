"""Changing a rota: who may, and what is refused."""

from datetime import timedelta

import pytest

from app.errors import Forbidden, NotFound, Refusal
from app.people import joining, rostering, rota
from app.people.models import Person, Team
from tests.people.conftest import AT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def jens(session, halden) -> Person:
    return joining.add_person("Jens Adler", organisation=halden, at=AT)


@pytest.fixture
def team(session, mara, petra, jens) -> Team:
    return joining.add_team("Network", zone="Europe/Berlin", lead=mara, members=[petra, jens])


def add(team, person, by, *, weekdays=(0,), starts="08:00", ends="18:00"):
    return rostering.add_shift(team, person, weekdays=weekdays, starts=starts, ends=ends, by=by)


def swap(team, person, by, *, instead_of=None, starts_at=AT + HOUR, ends_at=AT + DAY, reason="ill"):
    return rostering.swap(
        team,
        person,
        instead_of=instead_of,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        by=by,
        at=AT,
    )


def test_the_lead_puts_a_member_on_call_every_working_day(team, mara, petra):
    added = add(team, petra, mara, weekdays=range(5))

    assert [shift.weekday for shift in added] == [0, 1, 2, 3, 4]
    assert rota.on_call(team.id, at=AT) == [petra]


def test_a_member_who_does_not_lead_changes_nothing(team, mara, jens):
    with pytest.raises(Forbidden):
        add(team, jens, jens)
    with pytest.raises(Forbidden):
        swap(team, jens, jens)


def test_whoever_is_no_member_is_not_put_on_call(team, mara, petra, elke):
    with pytest.raises(Refusal, match="Elke Sommer is no member of Network"):
        add(team, elke, petra)
    with pytest.raises(Refusal, match="Elke Sommer is no member of Network"):
        swap(team, elke, petra)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        ("8:00", "18:00", "starts"),
        ("24:00", "08:00", "starts"),
        ("08:00", "25:00", "ends"),
        ("08:00", "08:00", "ends"),
        ("00:00", "00:00", "ends"),
        ("08:00\n", "18:00", "starts"),
    ],
)
def test_what_is_no_time_of_day_is_refused(team, mara, starts, ends, field):
    with pytest.raises(Refusal) as refused:
        add(team, mara, mara, starts=starts, ends=ends)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("weekday", "starts", "ends"),
    [(6, "20:00", "09:00"), (0, "17:59", "20:00"), (0, "07:00", "08:01"), (0, "00:00", "24:00")],
)
def test_a_shift_overlaps_no_other_of_the_same_person(team, mara, weekday, starts, ends):
    add(team, mara, mara)

    with pytest.raises(Refusal, match="is on call Monday 08:00 to 18:00 already"):
        add(team, mara, mara, weekdays=[weekday], starts=starts, ends=ends)


def test_shifts_that_touch_do_not_overlap_and_two_people_may_share(team, mara, petra):
    add(team, mara, mara)

    add(team, mara, mara, starts="18:00", ends="08:00")
    add(team, petra, mara)


def test_a_shift_is_taken_out_only_of_its_own_team(team, mara, petra, session):
    [shift] = add(team, mara, mara)
    other = joining.add_team("Service desk", zone="Europe/Berlin", lead=petra)

    with pytest.raises(NotFound):
        rostering.remove_shift(other, shift.id, by=petra)
    rostering.remove_shift(team, shift.id, by=petra)

    assert rota.shifts_of(team.id) == []


def test_a_swap_never_changes_who_was_on_call(team, mara, petra, session):
    add(team, mara, mara, weekdays=range(7), starts="00:00", ends="24:00")

    made = swap(team, petra, mara, starts_at=AT - DAY)

    assert made.starts_at == AT
    assert rota.on_call(team.id, at=AT - HOUR) == [mara]
    rostering.remove_swap(team, made.id, by=mara, at=AT + 2 * HOUR)
    assert rota.on_call(team.id, at=AT + HOUR) == [petra]
    assert rota.on_call(team.id, at=AT + 2 * HOUR) == [mara]


def test_a_swap_that_has_not_begun_is_gone_when_taken_back(team, mara, petra):
    made = swap(team, petra, mara)

    rostering.remove_swap(team, made.id, by=mara, at=AT)

    assert rota.swaps_of(team.id, at=AT) == []
    with pytest.raises(NotFound):
        rostering.remove_swap(team, made.id, by=mara, at=AT)


def test_a_swap_that_cannot_be_is_refused_at_its_field(team, mara, petra, jens):
    add(team, mara, mara)
    swap(team, petra, mara, ends_at=AT + 7 * DAY)
    cases = {
        "ends": {"ends_at": AT - HOUR, "starts_at": AT - DAY},
        "reason": {"reason": " "},
        "instead_of": {"instead_of": jens, "ends_at": AT + 7 * DAY},
        "starts": {},
    }

    for field, changes in cases.items():
        with pytest.raises(Refusal) as refused:
            swap(team, petra, mara, **changes)
        assert refused.value.field == field
