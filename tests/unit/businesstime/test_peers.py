"""Other people's libraries as further oracles, where they mean the same by definition."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import workclock
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from app.businesstime import Calendar

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
OFFICE = {day: [("09:00", "12:30"), ("13:30", "17:00")] for day in range(5)}
HOLIDAYS = [date(2026, 4, 3), date(2026, 12, 25)]
instants = st.integers(0, 364 * 86_400).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
EXAMPLES = settings(max_examples=150, deadline=None)


def office(zone: str) -> Calendar:
    return Calendar(zone, OFFICE, {on: [] for on in HOLIDAYS})


def same_office(zone: str) -> workclock.Schedule:
    return workclock.Schedule(
        [
            workclock.WorkDay(time(9), time(17)),
            workclock.Break(time(12, 30), time(13, 30)),
            workclock.Holidays(HOLIDAYS),
        ],
        time_zone=ZoneInfo(zone),
    )


CALENDARS = {zone: office(zone) for zone in ZONES}
SCHEDULES = {zone: same_office(zone) for zone in ZONES}


@EXAMPLES
@given(st.sampled_from(ZONES), instants, st.integers(1, 2_000_000))
def test_adding_agrees_with_workclock(zone: str, start: datetime, seconds: int):
    expected = SCHEDULES[zone].add(start, timedelta(seconds=seconds))

    assert CALENDARS[zone].add(start, seconds) == expected


@EXAMPLES
@given(st.sampled_from(ZONES), instants, instants)
def test_elapsed_agrees_with_workclock(zone: str, start: datetime, end: datetime):
    start, end = sorted((start, end))

    expected = SCHEDULES[zone].between(start, end).total_seconds()

    assert CALENDARS[zone].elapsed(start, end) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_openings_agree_with_opening_hours(zone: str):
    peer = OpeningHours("Mo-Fr 09:00-12:30,13:30-17:00", timezone=ZoneInfo(zone))
    ours = Calendar(zone, OFFICE)
    at = datetime(2026, 1, 3, tzinfo=UTC)

    for _ in range(260):
        opens = ours.next_open(at)
        at = ours.closing(opens)
        assert peer.is_open(opens.astimezone(ZoneInfo(zone)))
        assert peer.next_change(opens.astimezone(ZoneInfo(zone))) == at
        assert not peer.is_open(at.astimezone(ZoneInfo(zone)))
