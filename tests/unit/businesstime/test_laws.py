"""The laws of business time (clocks.md), over random calendars."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.businesstime import Calendar
from tests.unit.businesstime.strategies import cases

EXAMPLES = settings(max_examples=40, deadline=None)
Case = tuple[dict[str, Any], datetime]
amounts = st.integers(0, 1_000_000)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@EXAMPLES
@given(cases(), amounts)
def test_what_was_added_has_elapsed(case: Case, seconds: int):
    terms, start = case
    calendar = Calendar(**terms)

    assert calendar.elapsed(start, calendar.add(start, seconds)) == seconds


@EXAMPLES
@given(cases(), st.lists(st.integers(0, 40_000_000), min_size=3, max_size=3).map(sorted))
def test_elapsed_times_add_up(case: Case, offsets: list[int]):
    terms, start = case
    calendar = Calendar(**terms)
    a, b, c = (start + timedelta(seconds=offset) for offset in offsets)

    assert calendar.elapsed(a, c) == calendar.elapsed(a, b) + calendar.elapsed(b, c)


@EXAMPLES
@given(cases(), amounts.filter(bool))
def test_due_is_the_earliest_instant_with_that_much_elapsed(case: Case, seconds: int):
    terms, start = case
    calendar = Calendar(**terms)

    due = calendar.add(start, seconds)

    assert calendar.elapsed(start, due - timedelta(seconds=1)) == seconds - 1


@EXAMPLES
@given(cases(), st.integers(0, 6_000_000))
def test_spans_leave_no_gap_and_sum_to_elapsed(case: Case, wide: int):
    terms, start = case
    calendar, end = Calendar(**terms), start + timedelta(seconds=wide)

    spans = list(calendar.spans(start, end))

    edges = [span.starts_at for span in spans] + [end]
    assert not wide or edges[0] == start
    assert [span.ends_at for span in spans] == edges[1:]
    assert sum(span.seconds for span in spans) == calendar.elapsed(start, end)
    assert all(span.seconds == 0 for span in spans if not span.counted)
    assert all(span.starts_at < span.ends_at for span in spans)
    assert all((a.counted, a.reason) != (b.counted, b.reason) for a, b in pairwise(spans))


@EXAMPLES
@given(cases(), st.lists(st.tuples(st.integers(-80_000_000, 80_000_000), amounts), max_size=20))
def test_the_bulk_forms_answer_as_the_single_ones(case: Case, rows: list[tuple[int, int]]):
    terms, near = case
    single, bulk = Calendar(**terms), Calendar(**terms)
    base = int((near - EPOCH).total_seconds())
    starts = np.array([base + offset for offset, _ in rows], dtype=np.int64)
    seconds = np.array([amount for _, amount in rows], dtype=np.int64)

    dues = bulk.add_many(starts, seconds)
    used = bulk.elapsed_many(starts, starts[::-1])

    instants = [EPOCH + timedelta(seconds=int(start)) for start in starts]
    expected = [single.add(at, int(n)) for at, n in zip(instants, seconds, strict=True)]
    assert [EPOCH + timedelta(seconds=int(due)) for due in dues] == expected
    assert used.tolist() == [
        single.elapsed(a, b) for a, b in zip(instants, instants[::-1], strict=True)
    ]


@EXAMPLES
@given(cases())
def test_a_calendar_survives_json_pickle_and_copying(case: Case):
    calendar = Calendar(**case[0])

    read_back = Calendar.from_dict(json.loads(json.dumps(calendar.to_dict())))

    for twin in (read_back, pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):
        assert twin == calendar
        assert hash(twin) == hash(calendar)
        assert twin.to_dict() == calendar.to_dict()


@settings(max_examples=12, deadline=None)
@given(cases(), st.permutations([-20, -3, 0, 2, 15]))
def test_the_order_of_questions_changes_no_answer(case: Case, years: list[int]):
    terms, near = case
    asked = Calendar(**terms)

    for year in years:
        start = near.replace(year=near.year + year, day=1)
        fresh = Calendar(**terms)
        assert asked.add(start, 100_000) == fresh.add(start, 100_000)
        assert asked.elapsed(start, near) == fresh.elapsed(start, near)
