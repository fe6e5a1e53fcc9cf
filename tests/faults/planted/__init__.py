"""Ten bugs on purpose: each is patched into a worker before it runs, and must be caught.

Every module has ``plant()``, which replaces what it names in the application (`swap` complains
when that is gone). Source: escalation.md, "These planted bugs must each be caught".
"""

import importlib
from typing import Any

NAMES = (
    "no_unique_key_and_no_lock",
    "mail_before_commit",
    "marked_before_sent",
    "host_clock",
    "cursor",
    "blind_retry",
    "lease_without_fence",
    "no_reread",
    "retention",
    "poison_without_savepoint",
)


def plant(name: str) -> None:
    """Patch the bug ``name`` into this process."""
    importlib.import_module(f"{__name__}.{name}").plant()


def swap(owner: Any, name: str, new: Any) -> Any:
    """Put ``new`` in the place of ``owner.name``; the old one. `AttributeError` without one."""
    old = getattr(owner, name)
    setattr(owner, name, new)
    return old
