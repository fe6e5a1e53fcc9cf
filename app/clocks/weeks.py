"""Long explanations week by week, so that hundreds of spans can be read and still add up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from app.clocks.stretches import ExplainedSpan


@dataclass(frozen=True, slots=True)
class Week:
    """The spans that begin in the week from Monday ``starts_on``, in the reader's zone.

    `special` are the spans in it that not every week has, each kind once: pauses, holidays,
    merges; `named` are their words.
    """

    starts_on: date
    spans: tuple[ExplainedSpan, ...]

    @property
    def starts_at(self) -> datetime:
        """Where its first span begins."""
        return self.spans[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """Where its last span ends, which may be early in the next week."""
        return self.spans[-1].ends_at

    @property
    def counted_s(self) -> int:
        """What counted."""
        return sum(span.counted_s for span in self.spans)

    @property
    def skipped_s(self) -> int:
        """What did not count, by the clock on the wall."""
        return sum(span.skipped_s for span in self.spans)

    @property
    def is_paused(self) -> bool:
        """Whether nothing in it counted because the clock was paused."""
        return any(span.paused_s for span in self.spans) and not self.counted_s

    @property
    def special(self) -> tuple[ExplainedSpan, ...]:
        """What was special in it, each once."""
        found = {span.what: span for span in reversed(self.spans) if not span.is_usual}
        return tuple(reversed(found.values()))

    @property
    def named(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(span.what for span in self.special)


def by_week(spans: Sequence[ExplainedSpan], zone: str) -> tuple[Week, ...]:
    """``spans`` in their order, gathered by the week in which they begin."""

    def monday(span: ExplainedSpan) -> date:
        local = span.starts_at.astimezone(ZoneInfo(zone)).date()
        return local - timedelta(days=local.weekday())

    return tuple(Week(on, tuple(found)) for on, found in groupby(spans, key=monday))
