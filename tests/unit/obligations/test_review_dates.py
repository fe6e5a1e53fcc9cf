"""On which days reviews are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.months import add_months
from app.obligations.review_dates import after_holding, next_due

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 4, 29), date(2026, 4, 30)),
        (date(2026, 4, 30), date(2026, 7, 31)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2020, 1, 1), date(2026, 4, 30)),
    ],
)
def test_a_quarter_from_the_31st_falls_on_the_last_of_the_month(after: date, due: date) -> None:
    assert next_due(date(2026, 1, 31), 3, after=after) == due


@given(DAYS, st.integers(1, 120), DAYS)
def test_the_next_review_is_the_first_of_its_row_after_a_day(
    first: date, every: int, after: date
) -> None:
    due = next_due(first, every, after=after)
    row = (add_months(first, turn * every) for turn in range(1, 1300))

    assert due == next(day for day in row if day > after)


def test_a_review_held_late_stands_for_those_missed_meanwhile() -> None:
    first, due = date(2026, 1, 1), date(2026, 4, 1)

    late = after_holding(due, date(2026, 8, 20))

    assert next_due(first, 3, after=late) == date(2026, 10, 1)
    assert next_due(first, 3, after=after_holding(due, due - timedelta(days=9))) == date(2026, 7, 1)
