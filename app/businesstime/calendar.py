"""The calendar a promise counts in: a value made of a zone, weekly hours and exceptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from app.businesstime import arithmetic, zones
from app.businesstime.hours import (
    DAYS,
    Window,
    WrongHours,
    checked_exceptions,
    checked_names,
    checked_week,
    date_of,
)
from app.businesstime.openings import Openings
from app.businesstime.spans import Span, spans
from app.businesstime.zones import Offset

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from app.businesstime.bulk import Instants

_KEYS = ("zone", "week", "exceptions", "names")


@dataclass(frozen=True, eq=False)
class Calendar:
    """When business time passes, as clocks.md, "Business time", has it.

    `week` maps 0 (Monday) to 6 to windows such as ("09:00", "17:00"), a missing day is closed;
    `exceptions` replace the windows of a date; `names` say why, such as "Christmas Day".
    An instant is open when its wall-clock reading in `zone` lies in a window of that date, or
    in an overnight window of the date before. `pinned` are the changes of offset
    (`zones.changes`) by which the zone is read, where they are not those of this process's data.
    Raises `WrongHours` naming the key and window that is wrong. Equal calendars compare and hash
    equal; what is compiled is kept with the value.
    """

    zone: str
    week: Mapping[int, Sequence[Window]]
    exceptions: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    pinned: Sequence[Offset] = ()
    _openings: Openings = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.zone, str) or not zones.is_known(self.zone):
            raise WrongHours("%(value)s is not a known time zone.", key="zone", value=self.zone)
        week = checked_week(self.week)
        exceptions = checked_exceptions(self.exceptions)
        names = checked_names(self.names, exceptions)
        pinned = tuple((at, offset) for at, offset in self.pinned)
        key = (self.zone, pinned, *(tuple(table.items()) for table in (week, exceptions, names)))
        for name, value in (
            ("week", MappingProxyType(week)),
            ("exceptions", MappingProxyType(exceptions)),
            ("names", MappingProxyType(names)),
            ("pinned", pinned),
            ("_openings", Openings(self.zone, week, exceptions, pinned)),
            ("_hash", hash(key)),
        ):
            object.__setattr__(self, name, value)  # frozen from here on

    def add(self, start: datetime, seconds: int) -> datetime:
        """The instant at which `seconds` of business time have passed since `start`.

        A budget used up exactly at closing answers the closing instant; `add(start, 0)` is
        `start`. Raises ValueError for a negative amount, a naive datetime or a fraction of a
        second, and NeverOpen when 366 days in a row hold no opening.
        """
        return arithmetic.add(self._openings, start, seconds)

    def elapsed(self, start: datetime, end: datetime) -> int:
        """The business seconds in `[start, end)`; 0 when `end` is before `start`."""
        return arithmetic.elapsed(self._openings, start, end)

    def is_open(self, at: datetime) -> bool:
        """Whether business time passes at that instant."""
        return arithmetic.is_open(self._openings, at)

    def next_open(self, at: datetime) -> datetime:
        """The first open instant from `at` on, `at` itself when open; may raise NeverOpen."""
        return arithmetic.next_open(self._openings, at)

    def closing(self, at: datetime) -> datetime | None:
        """The end of the opening in which `at` lies; None when that is 366 days away or more.

        Raises ValueError when `at` is not open.
        """
        return arithmetic.closing(self._openings, at)

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The spans of `[start, end)` in order, without gaps; counted seconds sum to `elapsed`."""
        return spans(self._openings, self.names, start, end)

    def add_many(self, starts: "ArrayLike", seconds: "ArrayLike") -> "Instants":
        """`add` over broadcast int64 arrays of epoch seconds and amounts."""
        from app.businesstime import bulk  # numpy is 12 MB that most processes need not carry

        return bulk.add_many(self._openings, starts, seconds)

    def elapsed_many(self, starts: "ArrayLike", ends: "ArrayLike") -> "Instants":
        """`elapsed` over broadcast int64 arrays of epoch seconds."""
        from app.businesstime import bulk

        return bulk.elapsed_many(self._openings, starts, ends)

    @property
    def tzdata_version(self) -> str:
        """The release of the time zone data the openings follow, such as "2026f"."""
        return zones.version(self.zone)

    def to_dict(self) -> dict[str, Any]:
        """The canonical JSON form: equal calendars give equal forms, in the same order."""
        return {
            "zone": self.zone,
            "week": {DAYS[day]: _lists(self.week[day]) for day in self.week},
            "exceptions": {str(on): _lists(self.exceptions[on]) for on in self.exceptions},
            "names": {str(on): self.names[on] for on in self.names},
        }

    @classmethod
    def from_dict(cls, form: Mapping[str, Any], *, pinned: Sequence[Offset] = ()) -> Self:
        """The calendar of a JSON form; `exceptions` and `names` may be missing.

        Raises `WrongHours` naming the key that is wrong, missing or unknown.
        """
        for key in form:
            if key not in _KEYS:
                raise WrongHours("a calendar has no such key.", key=key)
        for key in ("zone", "week"):
            if key not in form:
                raise WrongHours("a calendar needs it.", key=key)
        return cls(
            zone=form["zone"],
            week={_weekday(name): value for name, value in _items(form, "week")},
            exceptions={
                date_of("exceptions", text): value for text, value in _items(form, "exceptions")
            },
            names={date_of("names", text): value for text, value in _items(form, "names")},
            pinned=pinned,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return self is other or (
            self._hash == other._hash
            and self.zone == other.zone
            and self.week == other.week
            and self.exceptions == other.exceptions
            and self.names == other.names
            and self.pinned == other.pinned
        )

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.to_dict(), self.pinned)


def _unpickled(form: Mapping[str, Any], pinned: Sequence[Offset]) -> Calendar:
    return Calendar.from_dict(form, pinned=pinned)


def _lists(windows: Sequence[Window]) -> list[list[str]]:
    return [list(window) for window in windows]


def _items(form: Mapping[str, Any], key: str) -> list[tuple[Any, Any]]:
    table = form.get(key, {})
    if not isinstance(table, Mapping):
        raise WrongHours("%(value)s is not a table.", key=key, value=table)
    return list(table.items())


def _weekday(name: Any) -> int:
    if name not in DAYS:
        raise WrongHours(
            "%(value)s is not one of %(days)s.", key="week", value=name, days=", ".join(DAYS)
        )
    return DAYS.index(name)
