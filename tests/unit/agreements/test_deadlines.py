"""The days that bind an agreement's parties."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements import deadlines
from app.agreements.deadlines import REMINDED_BEFORE, Span
from app.agreements.months import add_months, last_day
from app.agreements.parts import TermPart
from app.agreements.words import Renewal

DAYS = st.dates(date(2000, 1, 1), date(2150, 12, 31))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Pacific/Chatham", "Asia/Tehran"]
)


def term(renewal: Renewal = Renewal.AUTOMATIC, months: int = 12, notice: int = 90) -> TermPart:
    return TermPart(renewal, months, notice, "8.3")


YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), term())


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 10, 15), 6, date(2027, 4, 14)),
        (date(2026, 5, 1), 1, date(2026, 5, 31)),
    ],
)
def test_a_span_of_months_ends_the_day_before_its_number_comes_again(
    first: date, months: int, last: date
) -> None:
    assert last_day(first, months) == last


@given(DAYS, st.integers(1, 240))
def test_months_are_added_without_ever_leaving_the_month(day: date, count: int) -> None:
    later = add_months(day, count)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 60), st.integers(0, 400))
def test_terms_follow_each_other_without_a_gap(first: date, months: int, notice: int) -> None:
    span = Span(first, last_day(first, months), term(months=months, notice=notice))
    after = span.renewed()

    assert span.last_on is not None and after.last_on is not None
    assert after.first_on == span.last_on + timedelta(days=1)
    assert after.last_on > after.first_on or months == 1
    assert last_day(after.first_on, months) == after.last_on


def test_notice_has_all_its_days_before_the_last_one() -> None:
    assert YEAR.notice_by == date(2026, 10, 2)
    assert YEAR.earliest_end(date(2026, 10, 2)) == date(2026, 12, 31)


def test_notice_that_comes_a_day_late_ends_the_term_after() -> None:
    assert YEAR.earliest_end(date(2026, 10, 3)) == date(2027, 12, 31)
    assert not YEAR.may_end_on(date(2026, 12, 31), given_on=date(2026, 10, 3))
    assert YEAR.may_end_on(date(2027, 12, 31), given_on=date(2026, 10, 3))
    assert not YEAR.may_end_on(date(2027, 6, 30), given_on=date(2026, 10, 3))


def test_what_does_not_renew_itself_ends_so_many_days_after_notice() -> None:
    open_end = Span(date(2026, 1, 1), None, term(Renewal.NONE, notice=30))

    assert open_end.notice_by is None
    assert open_end.earliest_end(date(2026, 5, 1)) == date(2026, 5, 31)
    assert not open_end.may_end_on(date(2026, 5, 30), given_on=date(2026, 5, 1))
    assert open_end.may_end_on(date(2026, 8, 14), given_on=date(2026, 5, 1))


@given(DAYS, st.integers(1, 36), st.integers(0, 500), st.integers(-400, 1200))
def test_the_earliest_end_is_one_that_notice_reaches(
    first: date, months: int, notice: int, later: int
) -> None:
    span = Span(first, last_day(first, months), term(months=months, notice=notice))
    on = first + timedelta(days=later)
    earliest = span.earliest_end(on)

    assert span.may_end_on(earliest, given_on=on)
    assert on <= earliest - timedelta(days=notice)


@given(DAYS, ZONES, st.integers(0, 100 * 24 * 60))
def test_each_reminder_is_due_from_its_morning_until_the_next(
    deadline: date, zone: str, minutes: int
) -> None:
    at = datetime.combine(
        deadline - timedelta(days=95), datetime.min.time(), ZoneInfo(zone)
    ).astimezone(UTC) + timedelta(minutes=minutes)
    due = deadlines.due_reminder(deadline, at=at, zone=zone)
    begun = [
        days
        for days in REMINDED_BEFORE
        if deadlines.morning_of(deadline - timedelta(days=days), zone) <= at
    ]

    assert due == (
        None if deadlines.is_past(deadline, at=at, zone=zone) else min(begun, default=None)
    )


def test_who_was_away_is_reminded_once_and_not_of_all_that_passed() -> None:
    deadline = date(2026, 12, 31)

    assert deadlines.due_reminder(deadline, at=_noon(2026, 10, 1), zone="Europe/Oslo") is None
    assert deadlines.due_reminder(deadline, at=_noon(2026, 10, 2), zone="Europe/Oslo") == 90
    assert deadlines.due_reminder(deadline, at=_noon(2026, 12, 12), zone="Europe/Oslo") == 30
    assert deadlines.due_reminder(deadline, at=_noon(2026, 12, 31), zone="Europe/Oslo") == 7
    assert deadlines.due_reminder(deadline, at=_noon(2027, 1, 1), zone="Europe/Oslo") is None


def test_a_reminder_waits_for_the_morning_of_its_own_zone() -> None:
    deadline, seven = date(2026, 3, 15), datetime(2026, 3, 8, 6, 30, tzinfo=UTC)

    assert deadlines.due_reminder(deadline, at=seven, zone="Europe/Berlin") == 7
    assert deadlines.due_reminder(deadline, at=seven, zone="Europe/London") == 30


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 11, tzinfo=UTC)
