"""A time of day on the n-th business day, against the clock on the wall read minute by minute."""

from datetime import datetime
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.businesstime import Calendar, seconds_until
from tests.unit.businesstime.oracle import MINUTE, Oracle
from tests.unit.businesstime.strategies import cases

BERLIN = Calendar(
    "Europe/Berlin",
    {0: [("08:00", "17:00")], 1: [("08:00", "17:00")], 4: [("08:00", "14:00")]},
    exceptions={},
)
TIMES = st.sampled_from(["00:30", "02:30", "09:00", "16:00", "23:15", "24:00"])


def told(terms: dict[str, Any], start: datetime, days: int, by: str) -> int | None:
    """The seconds by reading every minute; None where ten days do not tell."""
    oracle = Oracle(terms["zone"], terms["week"], terms["exceptions"])
    today = start.astimezone(oracle.zone).date()
    minutes = [start.replace(second=0) + n * MINUTE for n in range(10 * 1440)]
    shown = [at.astimezone(oracle.zone) for at in minutes]
    is_open = [oracle.is_open(at) for at in minutes]
    opening = sorted({at.date() for at, opens in zip(shown, is_open, strict=True) if opens})
    for on in [day for day in opening if day > today][days - 1 : -1]:
        reached = next(
            n
            for n, at in enumerate(shown)
            if at.date() > on or (at.date() == on and f"{at:%H:%M}" >= by)
        )
        seconds = 60 * sum(is_open[:reached]) - (start.second if is_open[0] else 0)
        if seconds > 0:
            return seconds
    return None


@settings(max_examples=15, deadline=None)
@given(cases(), st.integers(1, 2), TIMES)
def test_a_time_of_day_is_where_the_wall_clock_first_reads_it(
    case: tuple[dict[str, Any], datetime], days: int, by: str
):
    terms, start = case
    expected = told(terms, start, days, by)
    assume(expected is not None)

    assert seconds_until(Calendar(**terms), start, days, by) == expected


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+01:00")


def due(start: str, days: int, by: str) -> datetime:
    return BERLIN.add(at(start), seconds_until(BERLIN, at(start), days, by))


def test_whatever_the_hour_it_is_due_at_that_time_of_the_next_business_day():
    for start in ("2026-11-16T00:10", "2026-11-16T08:00", "2026-11-16T16:59", "2026-11-16T23:50"):
        assert due(start, 1, "16:00") == at("2026-11-17T16:00"), start


def test_days_without_an_opening_are_passed_over_and_an_earlier_closing_counts():
    assert due("2026-11-17T16:30", 1, "12:00") == at("2026-11-20T12:00")
    assert due("2026-11-17T16:30", 1, "16:00") == at("2026-11-20T14:00")
    assert due("2026-11-17T16:30", 2, "16:00") == at("2026-11-23T16:00")


def test_a_promise_of_no_time_goes_on_to_the_day_after():
    assert due("2026-11-17T18:00", 1, "07:00") == at("2026-11-20T14:00")


def test_a_night_in_which_the_clocks_change_moves_no_time_of_day():
    always = Calendar("Europe/Berlin", {day: [("00:00", "24:00")] for day in range(7)})
    for start, hours in (("2026-03-28T22:00+01:00", 17), ("2026-10-24T22:00+02:00", 19)):
        found = seconds_until(always, datetime.fromisoformat(start), 1, "16:00")
        assert found == hours * 3600
