"""What the steps of a folding are made of: happenings, messages, lines of history. Pure."""

from typing import Any

from app.clocks.course import Happening, What, happen
from app.importing.folded import Context, Folded
from app.importing.rows import Fact
from app.tickets.words import Channel, MessageKind, Side


class Making:
    """One fact at a time: ``fact`` is the one that happens now, ``cause`` names its change."""

    def __init__(self, context: Context) -> None:
        """``context`` has the people, the agreements and the ids for what is new."""
        self.context = context
        self.directory = context.directory
        self.fact: Fact
        self.cause = ""

    def happen(self, ticket: Folded, what: What, **facts: Any) -> None:
        """Let the rules do their work; `CannotHappen` leaves the ticket as it was."""
        assert ticket.terms is not None
        actor = self.directory.person(self.fact.actor)
        happening = Happening(what, self.fact.at, self.cause, actor.id if actor else None, **facts)
        ticket.course = happen(ticket.course, happening, ticket.terms)

    def message(
        self, ticket: Folded, side: Side, kind: MessageKind, *, is_response: bool = False
    ) -> dict[str, Any]:
        """A message with its id; it names the cause of what follows from it."""
        id_ = next(self.context.message_ids)
        if kind is not MessageKind.NOTE:
            self.cause = f"message:{id_}"
        somebody = self.directory.person(self.fact.actor)
        return {
            "id": id_,
            "author_id": somebody.id if somebody else None,
            "author_name": somebody.name if somebody else self.fact.actor,
            "side": side,
            "kind": kind,
            "channel": Channel.IMPORT,
            "body": self.fact.value,
            "at": self.fact.at,
            "is_response": is_response,
            "is_workaround": False,
        }

    def keep(self, ticket: Folded, message: dict[str, Any], verb: str, **facts: Any) -> None:
        """Keep a message and its line of history."""
        ticket.messages.append(message)
        if message["kind"] is not MessageKind.NOTE:
            ticket.snippet = " ".join(message["body"].split())[:160]
        self.record(ticket, verb, message=message["id"], **facts)

    def record(self, ticket: Folded, verb: str, **facts: Any) -> None:
        """A line of history; ``who`` is an actor that nobody here is."""
        somebody = self.directory.person(self.fact.actor)
        if somebody is None and self.fact.actor:
            facts["who"] = self.fact.actor
        ticket.entries.append(
            {
                "at": self.fact.at,
                "verb": verb,
                "actor_id": somebody.id if somebody else None,
                "facts": facts,
            }
        )
