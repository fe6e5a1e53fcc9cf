"""Times and hours in words."""

from datetime import UTC, datetime, timedelta

import pytest

from app.businesstime import Calendar
from app.clocks import hours
from app.portal import times

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        (18, 14, "15:00 today"),
        (19, 7, "08:00 tomorrow"),
        (23, 7, "08:00 on Monday"),
        (24, 7, "08:00 on Tue 24 Nov"),
        (25, 7, "08:00 on Wed 25 Nov"),
        (18, 23, "00:00 tomorrow"),
    ],
)
def test_a_due_time_is_as_short_as_its_day_is_near(day: int, hour: int, words: str):
    at = datetime(2026, 11, day, hour, tzinfo=UTC)

    assert times.due(at, zone=BERLIN, now=NOW) == words


@pytest.mark.parametrize(("day", "date"), [(13, "Fri 13 Nov"), (17, "Tue 17 Nov")])
def test_what_is_past_has_its_date(day: int, date: str):
    at = datetime(2026, 11, day, 15, tzinfo=UTC)
    later = datetime(2026, 11, day, 16, tzinfo=UTC)

    assert times.due(at, zone=BERLIN, now=NOW) == f"16:00 on {date}"
    assert times.short(at, zone=BERLIN, now=NOW) == f"{date} 16:00"
    assert times.from_to(at, later, zone=BERLIN, now=NOW) == f"{date} 16:00 to 17:00 CET"


def test_no_two_days_are_called_alike():
    days = [NOW + timedelta(days=number) for number in range(-20, 21)]

    for said in (times.due, times.short):
        assert len({said(day, zone=BERLIN, now=NOW) for day in days}) == len(days)


def test_the_same_instant_reads_as_the_reader_lives():
    at = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)

    assert times.due(at, zone="Asia/Tokyo", now=NOW) == "00:30 tomorrow"
    assert times.said(at, zone="Asia/Kathmandu", now=NOW) == "Today, 21:15 UTC+5:45"


def test_another_year_is_named():
    at = datetime(2027, 1, 4, 8, tzinfo=UTC)

    assert times.due(at, zone=BERLIN, now=NOW) == "09:00 on Mon 4 Jan 2027"


def test_hours_are_told_by_runs_of_equal_days():
    week = {day: [("08:00", "18:00")] for day in range(5)} | {5: [("09:00", "12:00")]}

    assert hours.in_words(Calendar(zone=BERLIN, week=week), at=NOW) == (
        "Monday to Friday 08:00 to 18:00, Saturday 09:00 to 12:00 CET"
    )


def test_round_the_clock_is_said_plainly():
    always = [("00:00", "24:00")]

    assert (
        hours.in_words(Calendar(zone=BERLIN, week={day: always for day in range(7)}), at=NOW)
        == "at any hour, every day"
    )
    assert (
        hours.in_words(Calendar(zone=BERLIN, week={day: always for day in range(5)}), at=NOW)
        == "Monday to Friday at any hour CET"
    )
