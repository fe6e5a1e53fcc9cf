"""A ticket's own history told as canonical events. Pure but for the rows it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.importing.events import NO_SERVICE, ORDER, SILENT, written
from app.importing.instants import written as instant
from app.importing.rows import Fact, Row, Source
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.stands import UNDONE

_ENDED = ("resolved", "closed")
_SOURCE = Source("export", "UTC")
_SENDS = frozenset({"replied", "resolved"})
"""What an agent sends; one that was undone is told as if it had never been."""
_AFTER_REPLY = {"wait": "waiting_requester"}


@dataclass
class Story:
    """A ticket with the facts that its history tells, in the order of a log."""

    ticket: Ticket
    name: str
    facts: list[Fact] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The facts as rows of the canonical log."""
        return [
            (fact.ticket, instant(fact.at), fact.name, fact.value, fact.actor)
            for fact in self.facts
        ]


@dataclass(frozen=True)
class Teller:
    """Tells stories; knows the names that a log uses for ids."""

    people: Mapping[int, tuple[str, bool]]
    addresses: Mapping[str, str]
    organisations: Mapping[int, str]
    services: Mapping[int, str]
    teams: Mapping[int, str]

    def story(
        self,
        ticket: Ticket,
        entries: Sequence[HistoryEntry],
        bodies: Mapping[int, str],
        *,
        measures: frozenset[str] | None,
        names: Mapping[int, str],
    ) -> Story:
        """The ticket's story from its history, in order, and the words of its messages.

        ``measures`` are those the ticket's log supports, None for all; ``names`` tells how the
        log calls other tickets.
        """
        told = _Told(self, ticket, bodies, names)
        told.open(entries, measures)
        taken = [entry for entry in entries if entry.verb == "taken-back"]
        told.lost = {e.facts.get("message") for e in taken if e.facts.get("status") in _ENDED}
        undone = {e.facts.get("message") for e in taken} - told.lost
        apart = max((e.id for e in entries if e.verb == "unmerged"), default=0)
        for entry in entries:
            step = _STEPS.get(entry.verb)
            was_undone = entry.verb in _SENDS and entry.facts.get("message") in undone
            was_undone = was_undone or (entry.verb == "merged" and entry.id < apart)
            if step is not None and not was_undone:
                step(told, entry)
        told.story.facts.sort(key=lambda fact: (fact.at, ORDER[fact.name]))
        return told.story

    def who(self, person_id: int | None) -> str:
        """A person as an actor: the mail address, else the name."""
        return self.people.get(person_id or 0, ("", False))[0]


class _Told:
    """A story while it is told; `status` is what a reader of the log would think it is.

    `lost` are the solutions that never reached their requester, whose ticket stayed resolved.
    """

    def __init__(
        self, teller: Teller, ticket: Ticket, bodies: Mapping[int, str], names: Mapping[int, str]
    ) -> None:
        self.teller = teller
        self.ticket = ticket
        self.bodies = bodies
        self.names = names
        self.story = Story(ticket, names[ticket.id])
        self.status = "new"
        self.lost: set[int | None] = set()
        self.place = 0
        self.in_hand: Fact | None = None

    def open(self, entries: Sequence[HistoryEntry], measures: frozenset[str] | None) -> None:
        ticket = self.ticket
        moves = [entry for entry in entries if entry.verb == "priority"]
        was = _before_corrections(ticket, entries)
        value = {
            "priority": moves[0].facts["before"] if moves else str(ticket.priority),
            "kind": str(was["kind"]),
            "organisation": self.teller.organisations.get(was["organisation"] or 0, ""),
            "service": self.teller.services.get(was["service"] or 0, ""),
            "team": self.teller.teams.get(was["team"] or 0, ""),
            "subject": ticket.subject,
            "measures": ",".join(sorted(measures)) if measures is not None else "",
        }
        opened = [entry for entry in entries if entry.verb == "opened"]
        actor = self.teller.who(ticket.requester_id)
        self.tell(ticket.contact_at, "opened", written(value), actor or _who(opened))
        if opened and opened[0].facts.get("how") in ("reached", "ours"):
            self.say(opened[0], "agent_reply", self.body(opened[0]))
            self.status = "open"

    def tell(self, at: Any, name: str, value: str, actor: str) -> None:
        row = Row(_SOURCE, 0, self.story.name, at, 0, name, value, actor, f"{self.place:09}")
        self.place += 1
        self.story.facts.append(Fact(at, 0, name, value, actor, row, self.story.name))

    def say(self, entry: HistoryEntry, name: str, value: str) -> None:
        actor = self.teller.who(entry.actor_id) or _who([entry])
        self.tell(entry.at, name, value, actor)

    def body(self, entry: HistoryEntry) -> str:
        return self.bodies.get(entry.facts.get("message") or 0, "")

    def wrote(self, entry: HistoryEntry) -> None:
        self.say(entry, "requester_message", self.body(entry))
        if self.status == "waiting_requester":
            self.status = "open"

    def replied(self, entry: HistoryEntry) -> None:
        kind = "workaround" if entry.facts.get("workaround") else "agent_reply"
        self.say(entry, kind, self.body(entry))
        after = _AFTER_REPLY.get(entry.facts.get("then", ""), "open")
        thought = "open" if self.status == "new" else self.status
        is_told = entry.facts.get("then") is not None or entry.verb == "called"
        if is_told and after != thought:
            self.say(entry, "status", after)
            thought = after
        self.status = thought

    def called(self, entry: HistoryEntry) -> None:
        if entry.facts.get("outcome") == "reached":
            self.replied(entry)
            return
        self.say(entry, "note", self.body(entry))
        if entry.facts.get("then") == "wait" and self.status != "waiting_requester":
            self.status = "waiting_requester"
            self.say(entry, "status", self.status)

    def needs_no_answer(self, entry: HistoryEntry) -> None:
        self.say(entry, "needs_no_answer", entry.facts.get("reason") or "")

    def noted(self, entry: HistoryEntry) -> None:
        self.say(entry, "note", self.body(entry))

    def assigned(self, entry: HistoryEntry) -> None:
        name = entry.facts.get("to") or ""
        self.say(entry, "assigned", self.teller.addresses.get(name, name))
        if name and self.status == "new":
            self.status = "open"
        if "team_was" in entry.facts and entry.facts.get("taken_back"):
            left = self.teller.teams.get(entry.facts["team_was"] or 0, NO_SERVICE)
            self.take_back("corrected", written({"team": left}))
        elif "team_was" in entry.facts:
            self.say(entry, "corrected", written({"team": entry.facts["team"] or NO_SERVICE}))
        if entry.facts.get("reason") == UNDONE:
            self.give_up()
        elif entry.facts.get("in_hand"):
            self.take_in_hand(entry, name)

    def said_in_hand(self, entry: HistoryEntry) -> None:
        self.take_in_hand(entry, str(entry.facts.get("who") or ""))

    def take_in_hand(self, entry: HistoryEntry, name: str) -> None:
        """By a button or by hand; once."""
        if self.in_hand is None:
            self.say(entry, "acknowledged", self.teller.addresses.get(name, name))
            self.in_hand = self.story.facts[-1]

    def give_up(self) -> None:
        """Giving it by hand was undone."""
        if self.in_hand is not None:
            self.story.facts.remove(self.in_hand)
            self.in_hand = None

    def prioritised(self, entry: HistoryEntry) -> None:
        if entry.facts.get("taken_back"):
            self.take_back("priority")
        else:
            self.say(entry, "priority", entry.facts["after"])

    def take_back(self, name: str, value: str | None = None) -> None:
        """What was told last of this name, and with this value if given, was undone at once."""
        told = [fact for fact in self.story.facts if fact.name == name]
        told = [fact for fact in told if value is None or fact.value == value]
        if told:
            self.story.facts.remove(told[-1])

    def classified(self, entry: HistoryEntry) -> None:
        after = entry.facts.get("after") or {}
        service = self.teller.services.get(after.get("service") or 0, NO_SERVICE)
        value = {"kind": str(after.get("kind", "")), "service": service}
        self.say(entry, "corrected", written(value))

    def corrected_requester(self, entry: HistoryEntry) -> None:
        moved = entry.facts.get("organisation") or {}
        if moved.get("before") != moved.get("after"):
            name = self.teller.organisations.get(moved.get("after") or 0, "")
            self.say(entry, "corrected", written({"organisation": name}))

    def went_over(self, entry: HistoryEntry) -> None:
        self.say(entry, "version", str(entry.facts["after"]))

    def changed(self, entry: HistoryEntry) -> None:
        self.status = entry.facts["after"]
        self.say(entry, "status", self.status)

    def resolved(self, entry: HistoryEntry) -> None:
        body = self.body(entry)
        if entry.facts.get("silent") or entry.facts.get("message") in self.lost:
            body = SILENT
        elif body == SILENT:
            body = f"{SILENT}."
        self.say(entry, "resolved", body)
        self.status = "resolved"

    def reopened(self, entry: HistoryEntry) -> None:
        by = entry.facts.get("by")
        if by is None:
            is_agent = self.teller.people.get(entry.actor_id or 0, ("", True))[1]
            is_requester = entry.actor_id == self.ticket.requester_id
            by = "agent" if is_agent and not is_requester else "requester"
        self.say(entry, "reopened", by)
        self.status = "open"

    def closed(self, entry: HistoryEntry) -> None:
        self.say(entry, "closed", "")
        self.status = "closed"

    def merged(self, entry: HistoryEntry) -> None:
        self.say(entry, "merged", self.names.get(self.ticket.merged_into_id or 0, ""))

    def spam(self, entry: HistoryEntry) -> None:
        self.say(entry, "spam", "")

    def not_spam(self, entry: HistoryEntry) -> None:
        self.say(entry, "not_spam", "")


def _before_corrections(ticket: Ticket, entries: Sequence[HistoryEntry]) -> dict[str, Any]:
    """What the ticket was when it was opened: what its first corrections replaced."""
    was: dict[str, Any] = {
        "kind": ticket.kind.value,
        "service": ticket.service_id,
        "organisation": ticket.organisation_id,
        "team": ticket.team_id,
    }
    for entry in reversed(entries):
        if entry.verb == "classified" and "before" in entry.facts:
            was.update(entry.facts["before"])
        elif entry.verb == "requester":
            was["organisation"] = entry.facts["organisation"]["before"]
        elif entry.verb == "assigned" and "team_was" in entry.facts:
            was["team"] = entry.facts["team_was"]
    return was


def _who(entries: Sequence[HistoryEntry]) -> str:
    return str(entries[0].facts.get("who", "")) if entries else ""


_STEPS: Mapping[str, Callable[[_Told, HistoryEntry], None]] = {
    "requester-answered": _Told.wrote,
    "replied": _Told.replied,
    "called": _Told.called,
    "needs-no-answer": _Told.needs_no_answer,
    "noted": _Told.noted,
    "plan-started": _Told.noted,
    "assigned": _Told.assigned,
    "in-hand": _Told.said_in_hand,
    "priority": _Told.prioritised,
    "classified": _Told.classified,
    "requester": _Told.corrected_requester,
    "version": _Told.went_over,
    "status": _Told.changed,
    "resolved": _Told.resolved,
    "reopened": _Told.reopened,
    "closed": _Told.closed,
    "merged": _Told.merged,
    "spam": _Told.spam,
    "not-spam": _Told.not_spam,
}
"""By the verbs of the history; what is not here moves no clock."""
