"""Named points at which a test lets a process die, fail or stand still. Inert everywhere else.

``PLEDGE_FAILPOINT=name:count:action`` picks one: the ``count``-th time ``name`` is reached the
process exits (``exit``, the default), raises (``raise``) or sleeps (``sleep=3.5``, in
seconds). `Config` refuses it without ``PLEDGE_TESTING=1``: no production process stops here.
Source: escalation.md, "Faults it must survive".
"""

import os
import time
from dataclasses import dataclass

EXIT_CODE = 86
NAMES = (
    "firing.picked",
    "firing.locked",
    "firing.settled",
    "firing.told",
    "firing.acted",
    "firing.recorded",
    "firing.half_written",
    "firing.committing",
    "firing.committed",
    "gathering.queued",
    "gathering.committed",
    "sending.leased",
    "sending.rendered",
    "sending.replied",
    "sending.marked",
)


class Failed(RuntimeError):
    """What a failpoint raises: something that nobody foresaw."""


@dataclass
class _Armed:
    """The one point that is armed in this process, and how often it was reached so far."""

    name: str
    count: int
    action: str
    amount: float
    reached: int = 0


_armed: _Armed | None = None


def arm(spec: str) -> None:
    """Arm the point that ``spec`` names (``name:count:action``); empty disarms.

    Raises `ValueError` for a point or an action that there is none of.
    """
    global _armed
    _armed = _read(spec) if spec else None


def check(spec: str) -> None:
    """Raise `ValueError` with a sentence unless ``spec`` is empty or can be armed."""
    if spec:
        _read(spec)


def reach(name: str) -> None:
    """Pass the point ``name``; what happens there is up to `arm`, usually nothing."""
    if _armed is None or _armed.name != name:
        return
    _armed.reached += 1
    if _armed.reached == _armed.count:
        _act(_armed)


def _act(armed: _Armed) -> None:
    match armed.action:
        case "exit":
            os._exit(EXIT_CODE)
        case "sleep":
            time.sleep(armed.amount)
        case _:
            raise Failed(f"A test let {armed.name} fail.")


def _read(spec: str) -> _Armed:
    name, _, rest = spec.partition(":")
    count, _, action = rest.partition(":")
    action, _, amount = action.partition("=")
    if name not in NAMES:
        raise ValueError(f"names no point called {name!r}.")
    if action not in {"", "exit", "raise", "sleep"}:
        raise ValueError(f"has no action called {action!r}.")
    try:
        return _Armed(name, int(count or 1), action or "exit", float(amount or 0))
    except ValueError:
        raise ValueError(f"{spec!r} must be name:count:action.") from None
