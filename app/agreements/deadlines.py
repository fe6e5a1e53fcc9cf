"""The days that bind an agreement's parties: last day, notice, reminders, renewal. Pure.

All days are days of the agreement's zone. Source: agreements.md, "Renewal and termination".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.agreements import months
from app.agreements.parts import TermPart
from app.agreements.words import Renewal

REMINDED_BEFORE = (90, 60, 30, 7)
"""Days before a deadline on which both parties are reminded (agreements.md)."""
MORNING = time(7)
"""From this hour on, on the clock of the agreement's zone, the reminder of a day is due."""
NO_TERM = TermPart(Renewal.NONE, None, 0, "")
"""What holds where the version says nothing of its term: it runs to its last day, if any."""


@dataclass(frozen=True)
class Span:
    """The days of a version, both included, and what is agreed on what follows them."""

    first_on: date
    last_on: date | None
    term: TermPart

    @property
    def renews(self) -> bool:
        """Whether it goes on by itself after its last day."""
        has_next = self.last_on is not None and self.term.months is not None
        return has_next and self.term.renewal == Renewal.AUTOMATIC

    @property
    def notice_by(self) -> date | None:
        """The last day on which notice still keeps it from renewing itself; None without one.

        The days of notice lie between: given on it, the last day is so many days later.
        """
        if self.last_on is None or not self.renews:
            return None
        return self.last_on - timedelta(days=self.term.notice_days)

    def renewed(self) -> "Span":
        """The term after this one; only for what `renews`."""
        if self.last_on is None or self.term.months is None:
            raise ValueError("This span does not renew itself.")
        first = self.last_on + timedelta(days=1)
        return Span(first, months.last_day(first, self.term.months), self.term)

    def may_end_on(self, day: date, *, given_on: date) -> bool:
        """Whether notice given on a day can end it with the day ``day``.

        What renews itself ends with a term, for which notice came in time; anything else on
        any day that is as far ahead as the days of notice, up to its last one.
        """
        if not self.renews:
            return self.earliest_end(given_on) <= day <= (self.last_on or date.max)
        return any(day == one and self._is_in_time(one, given_on) for one in self._ends(day))

    def earliest_end(self, given_on: date) -> date:
        """The first day with which notice given on a day can end it."""
        if not self.renews:
            first = max(given_on, self.first_on) + timedelta(days=self.term.notice_days)
            return min(first, self.last_on) if self.last_on else first
        span = self
        while not self._is_in_time(span._end, given_on):
            span = span.renewed()
        return span._end

    def _is_in_time(self, last_on: date, given_on: date) -> bool:
        return given_on <= last_on - timedelta(days=self.term.notice_days)

    def _ends(self, until: date) -> Sequence[date]:
        """The last days of this term and of those after it, up to ``until``."""
        found, span = [], self
        while span._end <= until:
            found.append(span._end)
            span = span.renewed()
        return found

    @property
    def _end(self) -> date:
        return self.last_on or date.max


def due_reminder(
    deadline: date, *, at: datetime, zone: str, before: Sequence[int] = REMINDED_BEFORE
) -> int | None:
    """How many days before ``deadline`` the reminder is that is due at an instant; None if none.

    The latest one alone: who begins, or comes back, within the last month is reminded once of
    it, not of all that were due before. Reminders end with the day itself.
    """
    if is_past(deadline, at=at, zone=zone):
        return None
    begun = [days for days in before if at >= morning_of(deadline - timedelta(days=days), zone)]
    return min(begun, default=None)


def morning_of(day: date, zone: str) -> datetime:
    """The instant from which what a day asks for is due: its morning in the zone."""
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)


def midnight_of(day: date, zone: str) -> datetime:
    """The instant at which a day begins in the zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def today(at: datetime, zone: str) -> date:
    """The day that an instant belongs to in the zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def is_past(day: date, *, at: datetime, zone: str) -> bool:
    """Whether a day is over in the zone."""
    return today(at, zone) > day
