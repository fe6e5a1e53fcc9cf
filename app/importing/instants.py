"""Reading instants: ISO 8601 or a format of one's own, with an offset or local in a zone. Pure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Reader = Callable[[str], datetime]


def reader_of(zone: str, format_: str | None = None) -> Reader:
    """A function from text to an instant in UTC; it remembers what it has read.

    ``format_`` is one of `datetime.strptime`, None is ISO 8601. A text without offset is local
    time in ``zone``. Fractions of a second are cut off. The function raises `ValueError` with a
    sentence for a text that is no time, and for a local time that the zone skipped; of a local
    time that it had twice, the first is meant.
    """
    where = ZoneInfo(zone)
    known: dict[str, datetime] = {}

    def read(text: str) -> datetime:
        at = known.get(text)
        if at is None:
            at = known[text] = _instant(text, format_, where)
        return at

    return read


def bound(text: str, zone: str, *, is_end: bool = False) -> datetime:
    """An instant, or a date: its first moment in ``zone``, or as an end that of the next day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return reader_of(zone)(text)
    if is_end:
        day += timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def written(at: datetime | None) -> str:
    """ISO 8601 in UTC with ``Z``, empty for None."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else ""


def _instant(text: str, format_: str | None, where: ZoneInfo) -> datetime:
    try:
        at = (
            datetime.fromisoformat(text) if format_ is None else datetime.strptime(text, format_)  # noqa: DTZ007 - the zone comes next
        )
    except ValueError:
        wanted = f"written as {format_}" if format_ else "in ISO 8601"
        raise ValueError(f"{text!r} is no time {wanted}.") from None
    at = at.replace(microsecond=0)
    try:
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        in_utc = at.replace(tzinfo=where).astimezone(UTC)
        if in_utc.astimezone(where).replace(tzinfo=None) != at:
            raise ValueError(f"{text} never was in {where.key}: the clocks were put forward.")
    except OverflowError:
        raise ValueError(f"{text!r} is no time that can be reckoned with.") from None
    return in_utc
