"""The offsets a time zone keeps from UTC, as segments of constant offset, and whose data says so.

Instants here are whole seconds since 1970-01-01T00:00Z.
"""

import importlib
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_S = 86_400

# No zone has ever kept an offset for less than six days (a test reads all zones' data), so
# looking every other day misses no change.
_PROBE_S = 2 * DAY_S

Offset = tuple[int, int]
"""An instant, and the seconds to add to UTC from then on."""

PINNED_FROM, PINNED_TO = 2000, 2100
"""The UTC years for which a calendar may be pinned to what a zone's data said once."""


def is_known(name: str) -> bool:
    """Whether `name` is a zone of the time zone database."""
    try:
        _loaded(name)
    except (KeyError, ValueError, OSError):  # zoneinfo: unknown, malformed, a folder
        return False
    return True


def version(name: str) -> str:
    """The release of the time zone data that `name` was read from, such as "2026f"."""
    return _loaded(name)[1]


@cache
def changes(name: str) -> tuple[Offset, ...]:
    """The offset with which 2000 begins and each change until the end of 2099, in order."""
    found: list[Offset] = []
    for year in range(PINNED_FROM, PINNED_TO):
        for at, offset in _kept_in(name, year):
            if not found or found[-1][1] != offset:
                found.append((at, offset))
    return tuple(found)


def offsets(
    name: str, since: int, until: int, pinned: Sequence[Offset] = ()
) -> Iterator[tuple[int, int, int]]:
    """Yield `(starts, ends, offset)`, gapless over `[since, until)`, each of constant offset.

    What the wall clock skips lies between two segments, what it shows twice in both. `pinned`
    are the `changes` of other data than this process has: they hold where they reach.
    """
    starts, offset = since, None
    for year in range(year_of(since), year_of(until - 1) + 1):
        is_pinned = pinned and PINNED_FROM <= year < PINNED_TO
        for at, next_offset in _pinned_in(pinned, year) if is_pinned else _kept_in(name, year):
            if at >= until:
                break
            if offset is not None and next_offset != offset and at > starts:
                yield starts, at, offset
                starts = at
            offset = next_offset
    if offset is not None and starts < until:
        yield starts, until, offset


def offset_at(rules: Sequence[Offset], at: int) -> int:
    """The offset that `changes` keep at an instant; the first one before they begin."""
    return rules[max(0, bisect_right(rules, at, key=_instant) - 1)][1]


def _instant(change: Offset) -> int:
    return change[0]


def year_of(at: int) -> int:
    """The UTC year in which an instant lies."""
    return (EPOCH + timedelta(seconds=at)).year


def start_of_year(year: int) -> int:
    """The instant at which a UTC year begins."""
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH).days * DAY_S


def _pinned_in(pinned: Sequence[Offset], year: int) -> Iterator[Offset]:
    """As `_kept_in`, by the changes that a calendar is pinned to."""
    at, end = start_of_year(year), start_of_year(year + 1)
    yield at, offset_at(pinned, at)
    for change in pinned[bisect_right(pinned, at, key=_instant) :]:
        if change[0] >= end:
            return
        yield change


@lru_cache(maxsize=8192)
def _kept_in(name: str, year: int) -> tuple[Offset, ...]:
    """The offsets kept in a UTC year: the one at its start, then each change."""
    zone = _loaded(name)[0]
    at, end = start_of_year(year), start_of_year(year + 1)
    offset = _offset_at(zone, at)
    kept = [(at, offset)]
    while at < end - 1:
        later = min(at + _PROBE_S, end - 1)
        if _offset_at(zone, later) != offset:
            changed_at = _change_between(zone, at, later)
            offset = _offset_at(zone, changed_at)
            kept.append((changed_at, offset))
        at = later
    return tuple(kept)


def _change_between(zone: zoneinfo.ZoneInfo, before: int, after: int) -> int:
    """The first instant of the new offset, the old one being kept at `before`."""
    old = _offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset_at(zone: zoneinfo.ZoneInfo, at: int) -> int:
    offset = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
    assert offset is not None  # a ZoneInfo always knows
    return offset.days * DAY_S + offset.seconds


@cache
def _loaded(name: str) -> tuple[zoneinfo.ZoneInfo, str]:
    """The zone and the version of its data, read together so that they cannot disagree."""
    return zoneinfo.ZoneInfo(name), _version_of_files(name)


def _version_of_files(name: str) -> str:
    """Follow zoneinfo's own search: the system's folders first, then the tzdata package."""
    for folder in map(Path, zoneinfo.TZPATH):
        file = folder / name
        if not file.is_file():
            continue
        for told in (folder / "+VERSION", folder / "tzdata.zi"):
            if told.is_file():
                with told.open(encoding="utf-8") as lines:
                    return lines.readline().removeprefix("# version").strip()
        return "sha256:" + sha256(file.read_bytes()).hexdigest()[:12]
    return str(importlib.import_module("tzdata").IANA_VERSION)
