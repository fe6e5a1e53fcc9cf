"""ISO weeks and their edges on the wall clock of a zone."""

from datetime import UTC, datetime, timedelta

import pytest

from app.measures.weeks import Week


def test_a_week_runs_from_monday_midnight_to_the_next_in_its_zone() -> None:
    week = Week.parse("2026-W46", "Europe/Berlin")

    assert week.starts_at == datetime(2026, 11, 8, 23, tzinfo=UTC)
    assert week.ends_at == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert week.sunday.isoformat() == "2026-11-15"


@pytest.mark.parametrize(("name", "hours"), [("2026-W13", 167), ("2026-W43", 169)])
def test_a_week_of_a_clock_change_is_an_hour_shorter_or_longer(name: str, hours: int) -> None:
    week = Week.parse(name, "Europe/Berlin")

    assert week.ends_at - week.starts_at == timedelta(hours=hours)


def test_the_same_week_is_elsewhere_in_another_zone() -> None:
    berlin, tokyo = (Week.parse("2026-W46", zone) for zone in ("Europe/Berlin", "Asia/Tokyo"))

    assert berlin.starts_at - tokyo.starts_at == timedelta(hours=8)


def test_weeks_follow_one_another_over_the_turn_of_an_iso_year() -> None:
    week = Week.parse("2026-W53", "UTC")

    assert week.moved(1).name == "2027-W01"
    assert week.ends_at == week.moved(1).starts_at
    assert [each.name for each in week.last(2)] == ["2026-W52", "2026-W53"]


def test_an_instant_belongs_to_the_week_of_its_wall_clock_day() -> None:
    at = datetime(2026, 11, 15, 23, tzinfo=UTC)

    assert Week.of(at, "Europe/Berlin").name == "2026-W47"
    assert Week.of(at - timedelta(seconds=1), "Europe/Berlin").name == "2026-W46"
    assert Week.of(at, "UTC").name == "2026-W46"


@pytest.mark.parametrize("name", ["2025-W53", "2026-W00", "2026-46", "2026-W4", "x", "9999-W01"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Week.parse(name, "UTC")
