"""Days and lengths of time as people write them, in the reader's zone."""

from datetime import UTC, datetime

import pytest

from app.tickets.search import grammar, times
from app.tickets.search.terms import Mistake
from app.tickets.search.times import Moment

NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
"""A Wednesday, 14:20 in Berlin."""


def span(said: str, *, ahead: bool = False) -> str:
    """The spans in UTC, ``start > end``, joined by ``|``."""
    (term,) = grammar.read(f"created:{said}")
    spans = times.between(term.value, Moment(NOW, "Europe/Berlin", is_ahead=ahead))
    return " | ".join(f"{_at(each.start_at)} > {_at(each.end_at)}" for each in spans)


def _at(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "ever"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-18", "2026-11-17 23:00 > 2026-11-18 23:00"),
        ("2026-10", "2026-09-30 22:00 > 2026-10-31 23:00"),
        ("2025", "2024-12-31 23:00 > 2025-12-31 23:00"),
        ("2026-W47", "2026-11-15 23:00 > 2026-11-22 23:00"),
        ("2026-12", "2026-11-30 23:00 > 2026-12-31 23:00"),
        ("today,yesterday", "2026-11-17 23:00 > 2026-11-18 23:00 | 2026-11-16 23:00 > "
         "2026-11-17 23:00"),
        ("2026-01..", "2025-12-31 23:00 > ever"),
        ("..2026-02", "ever > 2026-02-28 23:00"),
        (">2026-10", "2026-10-31 23:00 > ever"),
        (">=2026-10", "2026-09-30 22:00 > ever"),
        ("<2026-10", "ever > 2026-09-30 22:00"),
        ("<=2026-10", "ever > 2026-10-31 23:00"),
        ("7d", "2026-11-11 13:20 > ever"),
        ("<7d", "2026-11-11 13:20 > ever"),
        (">2w", "ever > 2026-11-04 13:20"),
        ("7d..2d", "2026-11-11 13:20 > 2026-11-16 13:20"),
        ("2d..7d", "2026-11-11 13:20 > 2026-11-16 13:20"),
        ("7d..today", "2026-11-11 13:20 > 2026-11-18 23:00"),
    ],
)  # fmt: skip
def test_times_are_days_of_the_reader_and_lengths_back_from_now(said, meant):
    assert span(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<2h", "ever > 2026-11-18 15:20"),
        (">90m", "2026-11-18 14:50 > ever"),
        ("2h", "2026-11-18 13:20 > 2026-11-18 15:20"),
        ("0h..2h", "2026-11-18 13:20 > 2026-11-18 15:20"),
        ("tomorrow", "2026-11-18 23:00 > 2026-11-19 23:00"),
    ],
)
def test_what_is_due_lies_ahead(said, meant):
    assert span(said, ahead=True) == meant


@pytest.mark.parametrize(
    "said", ["soon", "2026-13", "2026-02-30", "0000", "9999", "2026-W60", "5x", "2026-02..2026-01"]
)
def test_what_is_no_time_is_a_mistake(said):
    with pytest.raises(Mistake):
        span(said)
