"""The one clock of an installation: `now()` asks the source that `create_app` gave it.

Only the edges (web, worker, command line) may import this module; everything below takes
the instant as ``at=``. Source: architecture.md, "Time".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

Source = Callable[[], datetime]


def host() -> datetime:
    """The host's clock: aware UTC, cut to whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def host_s() -> float:
    """The host's clock in seconds since 1970, with the fraction of the second."""
    return datetime.now(UTC).timestamp()


_source: Source = host
_held: ContextVar[list[datetime] | None] = ContextVar("held", default=None)
"""The one instant of what only reads, once it was asked for; None where time passes."""


def use(source: Source) -> None:
    """Make ``source`` answer every later call of `now`."""
    global _source
    _source = source


def now() -> datetime:
    """The present instant: aware UTC, whole seconds."""
    held = _held.get()
    if held is None:
        return _source()
    if not held:
        held.append(_source())
    return held[0]


def hold(*, still: bool) -> None:
    """Let every `now` of this context be its first one, or let time pass again.

    A page that only reads shows one instant, and asks the database for it once; who waits for a
    lock must know what time it is afterwards.
    """
    _held.set([] if still else None)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Let `now` answer ``at`` inside the block; for tests and previews."""
    before = _source
    use(lambda: at)
    try:
        yield at
    finally:
        use(before)
