"""The canonical events of a log, their order within an instant, and their values. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

COLUMNS = ("ticket", "at", "event", "value", "actor")
SILENT = "silent"
"""The value of `resolved` when no text reached the requester."""


class Name(StrEnum):
    """What a row can say. Events of one instant happen in this order."""

    OPENED = "opened"
    REQUESTER_MESSAGE = "requester_message"
    AGENT_REPLY = "agent_reply"
    WORKAROUND = "workaround"
    NEEDS_NO_ANSWER = "needs_no_answer"
    NOTE = "note"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    PRIORITY = "priority"
    CORRECTED = "corrected"
    VERSION = "version"
    STATUS = "status"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    MERGED = "merged"
    SPAM = "spam"
    NOT_SPAM = "not_spam"


ORDER: Mapping[str, int] = {str(name): place for place, name in enumerate(Name)}
ROW = "row"
"""A staged row that is no event itself: its source's mapping tells what it says."""

USUAL = ("first_response", "next_response", "update", "resolution")
"""The measures that the events of any help desk's log can support."""
MEASURES = (*USUAL, "acknowledgement", "workaround")
STATUSES = frozenset({"new", "open", "waiting_requester", "waiting_vendor", "on_hold"})
REOPENERS = frozenset({"", "agent", "requester"})
CORRECTED_KEYS = ("kind", "service", "organisation", "team")
NO_SERVICE = "none"
"""The value of a correction's `service` or `team` that takes it away."""
OPENED_KEYS = ("priority", "kind", "organisation", "service", "team", "subject", "measures")

_SPECIAL = re.compile(r"[\\;=]")
_PART = re.compile(r"(?:[^\\;]|\\.)+|\\$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def written(parts: Mapping[str, str]) -> str:
    r"""``key=value;key=value`` without the empty ones; ``\`` stands before ``\``, ``;``, ``=``."""
    return ";".join(f"{key}={_escaped(value)}" for key, value in parts.items() if value)


def parts_of(value: str, keys: tuple[str, ...] = OPENED_KEYS) -> dict[str, str]:
    r"""What `written` wrote. `ValueError` with a sentence for an unknown or repeated key.

    A backslash takes the next character as it stands, so ``\;`` is a semicolon inside a value.
    """
    found: dict[str, str] = {}
    for part in _PART.findall(value) if "\\" in value else value.split(";"):
        if not part.strip():
            continue
        key, equals, text = part.partition("=")
        key = key.strip()
        if not equals:
            raise ValueError(
                f"{part!r} is not key=value; a semicolon inside a value is written \\;."
            )
        if key not in keys:
            raise ValueError(f"{key!r} is none of {', '.join(keys)}.")
        if key in found:
            raise ValueError(f"{key!r} is given twice.")
        found[key] = (_ESCAPED.sub(r"\1", text) if "\\" in text else text).strip()
    return found


def _escaped(value: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", value) if _SPECIAL.search(value) else value
