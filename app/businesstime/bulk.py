"""The bulk forms over numpy arrays: the answers of `arithmetic`, millions a second."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.businesstime.arithmetic import never_open, reach
from app.businesstime.openings import PATIENCE_S, Openings, Table

Instants = NDArray[np.int64]

_BLOCK = 16_384
"""Elements worked on at once, so that what lies between two steps stays in the cache."""


def add_many(openings: Openings, starts: ArrayLike, seconds: ArrayLike) -> Instants:
    """For each start (epoch seconds) the instant at which its business seconds have passed.

    The arrays broadcast against each other. Raises what `add` would raise for any element.
    """
    since, amounts = np.broadcast_arrays(_integers(starts), _integers(seconds))
    due = np.empty(since.shape, dtype=np.int64)
    if not since.size:
        return due
    if amounts.min() < 0:
        raise ValueError(f"Business time of {amounts.min()} seconds cannot be added.")
    table = openings.cover(int(since.min()), int(since.max()))
    flat_since, flat_amounts, flat_due = since.ravel(), amounts.ravel(), due.ravel()
    for block in _blocks(since.size):
        table = _add_block(openings, table, flat_since[block], flat_amounts[block], flat_due[block])
    return due


def elapsed_many(openings: Openings, starts: ArrayLike, ends: ArrayLike) -> Instants:
    """The business seconds in each `[start, end)` (epoch seconds); 0 where it is reversed."""
    since, until = np.broadcast_arrays(_integers(starts), _integers(ends))
    used = np.empty(since.shape, dtype=np.int64)
    if not since.size:
        return used
    first, last = min(since.min(), until.min()), max(since.max(), until.max())
    columns = _columns(openings.cover(int(first), int(last)))
    flat_since, flat_until, flat_used = since.ravel(), until.ravel(), used.ravel()
    for block in _blocks(since.size):
        passed = columns.passed(flat_until[block]) - columns.passed(flat_since[block])
        np.maximum(passed, 0, out=flat_used[block])
    return used


class _Lookup:
    """The last of sorted keys not after each value, as a `searchsorted` ten times as quick.

    Buckets of 2**shift tell the key to begin at; the fullest one tells how many steps may be
    missing from there.
    """

    def __init__(self, keys: Instants) -> None:
        self.first: Final = keys[0]
        span = int(keys[-1] - keys[0]) + 1
        self.shift: Final = max(0, (span // (8 * len(keys))).bit_length())
        edges = self.first + (np.arange((span >> self.shift) + 2) << self.shift)
        self.begin: Final = np.searchsorted(keys, edges, side="right") - 1
        self.steps: Final = int(np.diff(self.begin).max())
        self.following: Final = np.append(keys[1:], np.iinfo(np.int64).max)

    def __call__(self, values: Instants) -> Instants:
        """The index of the key for each value; none may be before the first key."""
        bucket = (values - self.first) >> self.shift
        i: Instants = self.begin[np.minimum(bucket, len(self.begin) - 1)]
        for _ in range(self.steps):
            i += self.following[i] <= values
        return i


class _Columns:
    """A table as int64 arrays with their lookups."""

    def __init__(self, table: Table) -> None:
        self.starts: Final = np.array(table.starts, dtype=np.int64)
        self.lengths: Final = np.array(table.ends, dtype=np.int64) - self.starts
        self.before: Final = np.array(table.before, dtype=np.int64)
        self.total: Final = table.before[-1]
        self.opening_at: Final = _Lookup(self.starts)
        self.opening_after: Final = _Lookup(self.before)

    def passed(self, at: Instants) -> Instants:
        """The business time from the beginning of the table up to each instant."""
        i = self.opening_at(at)
        passed: Instants = self.before[i] + np.minimum(at - self.starts[i], self.lengths[i])
        return passed

    def reached(self, target: Instants) -> Instants:
        """The first instant by which each business time (1 or more) has passed."""
        i = self.opening_after(target - 1)
        reached: Instants = self.starts[i] + (target - self.before[i])
        return reached


@lru_cache(maxsize=64)
def _columns(table: Table) -> _Columns:
    return _Columns(table)


def _add_block(
    openings: Openings, table: Table, since: Instants, amounts: Instants, due: Instants
) -> Table:
    """Write the answers of one block into `due`; the table, longer if it had to be."""
    target = _columns(table).passed(since) + amounts
    while (short := target > table.before[-1]).any():
        table = reach(openings, table, int(since[short].min()))
        target = _columns(table).passed(since) + amounts
    idle = amounts == 0
    due[:] = np.where(idle, since, _columns(table).reached(np.where(idle, 1, target)))
    for closes, opens in table.long_gaps:
        left = np.maximum(since, closes)
        stuck = (opens - left >= PATIENCE_S) & (due > opens)
        if stuck.any():
            raise never_open(int(left[stuck].min()))
    return table


def _blocks(size: int) -> list[slice]:
    return [slice(begin, begin + _BLOCK) for begin in range(0, size, _BLOCK)]


def _integers(values: ArrayLike) -> Instants:
    """The values as int64; ValueError for anything but whole numbers."""
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"Business time counts whole seconds, not {array.dtype}.")
    return array.astype(np.int64, copy=False)
