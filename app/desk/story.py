"""The history of a ticket in words, with who did it and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.words import Priority
from app.tickets.models import HistoryEntry
from app.tickets.words import Status


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    at: datetime
    words: str
    reason: str


def told(entries: Iterable[HistoryEntry]) -> list[Line]:
    """The entries in words, in their order."""
    return [
        Line(entry.at, _words(entry), str(entry.facts.get("reason") or "")) for entry in entries
    ]


def _words(entry: HistoryEntry) -> str:
    who = entry.actor.name if entry.actor else "Pledge"
    facts: dict[str, Any] = entry.facts
    match entry.verb:
        case "opened":
            channel = facts.get("channel", "import")
            return f"{who} opened it" + ("" if channel == "import" else f" ({channel})")
        case "replied":
            wait = "; waiting for the requester" if facts.get("then") == "wait" else ""
            return f"{who} answered{wait}"
        case "noted":
            return f"{who} wrote a note"
        case "requester-answered":
            return f"{who} wrote"
        case "taken-back":
            return f"{who} took an answer back"
        case "needs-no-answer":
            return f"{who}: the last message needs no answer"
        case "status":
            return f"{who}: {Status(facts['after']).label.lower()}"
        case "priority":
            return f"{who}: {Priority(facts['after']).label.lower()} priority"
        case "assigned":
            return f"{who} assigned it to {facts.get('to') or 'nobody'}"
        case "escalated":
            return str(facts.get("words", "The ladder told people"))
        case "resolved" | "closed" | "reopened":
            return f"{who} {entry.verb} it"
        case _:
            return str(facts.get("words") or f"{who}: {entry.verb.replace('-', ' ')}")
