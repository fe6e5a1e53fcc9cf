"""Random calendars around changes of offset, against the minute-stepping oracle."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.businesstime import Calendar
from tests.unit.businesstime.oracle import Oracle
from tests.unit.businesstime.strategies import cases

EXAMPLES = settings(max_examples=50, deadline=None)


def oracle_of(terms: dict[str, Any]) -> Oracle:
    return Oracle(terms["zone"], terms["week"], terms["exceptions"])


@EXAMPLES
@given(cases(), st.integers(0, 5 * 86_400))
def test_elapsed_is_what_the_oracle_counts(case: tuple[dict[str, Any], datetime], wide: int):
    terms, start = case
    end = start + timedelta(seconds=wide)

    assert Calendar(**terms).elapsed(start, end) == oracle_of(terms).elapsed(start, end)


@EXAMPLES
@given(cases(), st.integers(0, 60 * 3600))
def test_add_arrives_when_the_oracle_has_counted_enough(
    case: tuple[dict[str, Any], datetime], seconds: int
):
    terms, start = case
    limit = start + timedelta(days=7)

    expected = oracle_of(terms).add(start, seconds, limit)

    due = Calendar(**terms).add(start, seconds)
    assert due == expected if expected is not None else due > limit


@EXAMPLES
@given(cases())
def test_is_open_and_next_open_agree_with_the_oracle(case: tuple[dict[str, Any], datetime]):
    terms, at = case
    calendar, limit = Calendar(**terms), at + timedelta(days=4)

    expected = oracle_of(terms).next_open(at, limit)

    assert calendar.is_open(at) is (expected == at)
    opens = calendar.next_open(at)
    assert opens == expected if expected is not None else opens >= limit


@settings(max_examples=40, deadline=None)
@given(cases())
def test_closing_is_the_first_closed_second(case: tuple[dict[str, Any], datetime]):
    terms, at = case
    calendar, oracle = Calendar(**terms), oracle_of(terms)
    opens = calendar.next_open(at)
    closes = calendar.closing(opens)

    if closes is not None:
        assert not oracle.is_open(closes)
        assert oracle.is_open(closes - timedelta(seconds=1))
        assert calendar.elapsed(opens, closes) == (closes - opens).total_seconds()


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(0, 4 * 86_400))
def test_each_span_is_open_or_closed_throughout(case: tuple[dict[str, Any], datetime], wide: int):
    terms, start = case
    oracle = oracle_of(terms)

    for span in Calendar(**terms).spans(start, start + timedelta(seconds=wide)):
        assert oracle.elapsed(span.starts_at, span.ends_at) == span.seconds
        assert span.starts_at.tzinfo is UTC
