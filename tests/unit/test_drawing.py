"""Positions of the small drawings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app import drawing

NINE = datetime(2026, 11, 18, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    starts_at: datetime
    ends_at: datetime
    kind: str


@dataclass(frozen=True)
class Clock:
    state: str
    budget_s: int
    due_at: datetime | None


@dataclass(frozen=True)
class Why:
    spans: tuple[Span, ...]
    clock: Clock
    counted_s: int

    @property
    def left_s(self) -> int:
        return self.clock.budget_s - self.counted_s


def why(
    *spans: tuple[float, str], state: str = "running", due_h: float | None, budget_h: float
) -> Why:
    at, made = NINE, []
    for hours, kind in spans:
        made.append(Span(at, at + timedelta(hours=hours), kind))
        at += timedelta(hours=hours)
    counted_s = int(sum(hours for hours, kind in spans if kind == "counted") * 3600)
    due_at = None if due_h is None else NINE + timedelta(hours=due_h)
    return Why(tuple(made), Clock(state, int(budget_h * 3600), due_at), counted_s)


def test_a_bar_shows_what_counted_what_paused_and_what_is_left() -> None:
    told = why((1, "counted"), (2, "paused"), (1, "counted"), due_h=8, budget_h=6)

    bar = drawing.span_bar(told, 800)

    assert [(part.x, part.width, part.kind) for part in bar.parts] == [
        (0, 100, "on"),
        (100, 200, "pause"),
        (300, 100, "on"),
        (400, 400, "left"),
    ]
    assert (bar.end_x, bar.late_x, bar.names_start, bar.names_due) == (400, None, True, True)


def test_a_bar_says_when_little_is_left_and_where_it_was_late() -> None:
    near = drawing.span_bar(why((3, "counted"), due_h=4, budget_h=4), 800)
    late = drawing.span_bar(why((4, "counted"), due_h=3, budget_h=3), 800)

    assert near.parts[-1].kind == "risk"
    assert (late.late_x, len(late.parts)) == (600, 1)


def test_a_paused_clock_has_nothing_left_on_its_bar() -> None:
    bar = drawing.span_bar(
        why((1, "counted"), (1, "paused"), state="paused", due_h=None, budget_h=4), 800
    )

    assert [part.kind for part in bar.parts] == ["on", "pause"]


def test_initials_are_of_the_first_and_the_last_word() -> None:
    assert drawing.initials("Dr. Ines Falk") == "DF"
    assert drawing.initials("Mara") == "M"
