"""Who is on call: weekly shifts on the wall clock of the team's zone, and swaps."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.people import joining, rota
from app.people.models import RotaShift, RotaSwap, Team
from tests.people.conftest import AT


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def team(session, mara, petra) -> Team:
    return joining.add_team("Service desk", zone="Europe/Berlin", lead=petra, members=[mara])


def shift(session, team, person, weekday, starts, ends):
    row = RotaShift(team_id=team.id, person_id=person.id, weekday=weekday, starts=starts, ends=ends)
    session.add(row)
    session.flush()
    return row


def swap(session, team, person, starts_at, ends_at, instead_of=None):
    row = RotaSwap(
        team_id=team.id,
        person_id=person.id,
        instead_of_id=instead_of.id if instead_of else None,
        starts_at=starts_at,
        ends_at=ends_at,
        reason="a wedding",
        made_by_id=person.id,
        made_at=AT,
    )
    session.add(row)
    session.flush()
    return row


def test_a_shift_holds_from_its_start_to_before_its_end(session, team, mara):
    shift(session, team, mara, 0, "08:00", "18:00")

    on = [
        rota.on_call(team.id, at=at)
        for at in (
            utc(2026, 11, 16, 6, 59, 59),
            utc(2026, 11, 16, 7),
            utc(2026, 11, 16, 16, 59, 59),
            utc(2026, 11, 16, 17),
        )
    ]

    assert on == [[], [mara], [mara], []]


def test_a_shift_over_midnight_belongs_to_the_day_it_starts_on(session, team, mara):
    shift(session, team, mara, 6, "22:00", "06:00")  # Sunday night

    assert rota.on_call(team.id, at=utc(2026, 11, 22, 22)) == [mara]
    assert rota.on_call(team.id, at=utc(2026, 11, 23, 4, 59)) == [mara]
    assert rota.on_call(team.id, at=utc(2026, 11, 23, 5)) == []
    assert rota.on_call(team.id, at=utc(2026, 11, 22, 3)) == []


def test_the_hour_the_clock_shows_twice_is_on_call_twice(session, team, mara, petra):
    shift(session, team, mara, 5, "22:00", "02:30")
    shift(session, team, petra, 6, "02:30", "08:00")

    on = {
        hour: rota.on_call(team.id, at=utc(2026, 10, 25, *hour))
        for hour in ((0, 29), (0, 30), (1, 0), (1, 29), (1, 30))
    }

    assert on == {
        (0, 29): [mara],
        (0, 30): [petra],
        (1, 0): [mara],
        (1, 29): [mara],
        (1, 30): [petra],
    }


def test_the_hour_the_clock_skips_is_in_no_shift(session, team, mara):
    shift(session, team, mara, 6, "02:00", "03:00")

    found = rota.week(team, date(2026, 3, 23))

    assert [one for one in found.days[6].stretches if one.people] == []


def test_a_swap_takes_over_one_persons_shifts_alone(session, team, mara, petra, halden):
    jens = joining.add_person("Jens Adler", organisation=halden, at=AT)
    shift(session, team, mara, 0, "08:00", "18:00")
    shift(session, team, petra, 0, "08:00", "18:00")
    swap(session, team, jens, utc(2026, 11, 16), utc(2026, 11, 17), instead_of=mara)

    assert rota.on_call(team.id, at=utc(2026, 11, 16, 9)) == [jens, petra]
    assert rota.on_call(team.id, at=utc(2026, 11, 23, 9)) == [mara, petra]
    assert rota.on_call(team.id, at=utc(2026, 11, 16, 20)) == []


def test_a_swap_for_everybody_is_on_call_throughout(session, team, mara, petra):
    shift(session, team, mara, 0, "08:00", "18:00")
    swap(session, team, petra, utc(2026, 11, 16), utc(2026, 11, 17))

    assert rota.on_call(team.id, at=utc(2026, 11, 16, 9)) == [petra]
    assert rota.on_call(team.id, at=utc(2026, 11, 16, 20)) == [petra]


def test_a_swap_of_a_swap_counts_as_it_was_made_later(session, team, mara, petra, halden):
    jens = joining.add_person("Jens Adler", organisation=halden, at=AT)
    shift(session, team, mara, 0, "08:00", "18:00")
    swap(session, team, petra, utc(2026, 11, 16), utc(2026, 11, 17), instead_of=mara)
    swap(session, team, jens, utc(2026, 11, 16, 12), utc(2026, 11, 17), instead_of=petra)

    assert rota.on_call(team.id, at=utc(2026, 11, 16, 9)) == [petra]
    assert rota.on_call(team.id, at=utc(2026, 11, 16, 12)) == [jens]


def test_whoever_was_disabled_is_on_call_no_more(session, team, mara):
    shift(session, team, mara, 0, "08:00", "18:00")
    joining.disable(mara)

    assert rota.on_call(team.id, at=utc(2026, 11, 16, 9)) == []


def test_a_week_shows_every_hour_and_says_where_nobody_is(session, team, mara, petra):
    for weekday in range(5):
        shift(session, team, mara, weekday, "08:00", "18:00")
        shift(session, team, petra, weekday, "18:00", "08:00")

    found = rota.week(team, date(2026, 11, 16))

    assert [one.people for one in found.days[0].stretches] == [(), (mara,), (petra,)]
    assert [(gap.starts_at, gap.ends_at) for gap in found.gaps] == [
        (utc(2026, 11, 14, 7), utc(2026, 11, 16, 7)),
        (utc(2026, 11, 21, 7), utc(2026, 11, 23, 7)),
    ]


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19), date(2026, 11, 16)])
def test_what_a_week_shows_is_what_a_rung_asks(session, team, mara, petra, monday):
    shift(session, team, mara, 5, "21:00", "02:30")
    shift(session, team, petra, 6, "02:15", "03:10")
    shift(session, team, petra, 0, "00:00", "24:00")
    swap(
        session,
        team,
        petra,
        rota.midnight(monday, team.zone) + timedelta(hours=30),
        rota.midnight(monday, team.zone) + timedelta(hours=40),
    )

    found = rota.week(team, monday)

    ends_at = None
    for stretch in (one for day in found.days for one in day.stretches):
        assert ends_at in (None, stretch.starts_at)
        ends_at = stretch.ends_at
        for at in (stretch.starts_at, ends_at - timedelta(seconds=1)):
            assert tuple(rota.on_call(team.id, at=at)) == stretch.people
