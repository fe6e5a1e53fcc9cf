"""A ticket folded from its facts, through the same rules as live work (clocks.md). Pure.

Only facts count: a reply or a message moves the status no further than the rules say, all else
is told by `status`, `resolved`, `reopened` and `closed`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.clocks.course import CannotHappen, Happening, What, happen
from app.clocks.merging import merge
from app.errors import Refusal
from app.importing.events import SILENT
from app.importing.folded import Context, Folded
from app.importing.making import Making
from app.importing.rows import Fact, Unusable
from app.importing.values import correction_of, opening_of, version_number_of
from app.tickets.words import Channel, MessageKind, Side

ACTIVE = frozenset({"new", "open", "waiting_requester", "waiting_vendor", "on_hold"})


class Fold(Making):
    """The folding of tickets that hang together: merged ones share one, others have their own."""

    def __init__(self, context: Context, measures: Mapping[str, frozenset[str]]) -> None:
        """``measures`` names, per ticket, those its sources can support."""
        super().__init__(context)
        self.tickets = {name: Folded(name, of) for name, of in measures.items()}

    def run(self, facts: Sequence[Fact]) -> Iterator[tuple[Fact, str]]:
        """Let all ``facts`` happen in their order; answers those that cannot, with the reason."""
        for fact in sorted(facts, key=lambda fact: fact.key):
            ticket = self.tickets[fact.ticket]
            self.fact, self.cause = fact, f"log:{fact.row.line}"
            try:
                if ticket.opening is None and fact.name != "opened":
                    raise Unusable("It is dated before the ticket was opened.")
                _STEPS[fact.name](self, ticket)
                ticket.last_at = fact.at
            except (Unusable, CannotHappen, Refusal, ValueError) as error:
                yield fact, str(error)

    def settle(self, as_of: datetime, *, only: str | None = None) -> None:
        """Judge what still runs at ``as_of``, on one ticket or on all."""
        for ticket in [self.tickets[only]] if only else self.tickets.values():
            if ticket.terms is not None and any(clock.is_open for clock in ticket.course.clocks):
                settled = Happening(What.SETTLED, as_of)
                ticket.course = happen(ticket.course, settled, ticket.terms)

    # The steps, one per event

    def opened(self, ticket: Folded) -> None:
        """Choose the version in force at contact and start the clocks."""
        if ticket.opening is not None:
            raise Unusable("The ticket is opened twice.")
        fact = self.fact
        opening = opening_of(fact.value, self.directory)
        if opening.measures is not None:
            ticket.measures &= opening.measures
        requester = self.directory.person(fact.actor)
        organisation_id = opening.organisation_id
        if organisation_id is None and requester is not None:
            organisation_id = requester.organisation_id
        chosen = self.context.offer.choose(
            organisation_id=organisation_id,
            service_id=opening.service_id,
            priority=opening.priority,
            kind=opening.kind,
            at=fact.at,
            team_id=opening.team_id,
        )
        ticket.terms = self.context.supported(chosen, ticket.measures)
        ticket.requester, ticket.organisation_id = requester, organisation_id
        self.happen(ticket, What.OPENED)
        ticket.opening, ticket.priority = opening, opening.priority
        ticket.why, ticket.unread = "New, unassigned", True
        ticket.snippet = opening.subject[:160]
        self.record(ticket, "opened", channel=Channel.IMPORT.value)

    def requester_message(self, ticket: Folded) -> None:
        """A message of the requester's side."""
        message = self.message(ticket, Side.REQUESTER, MessageKind.MESSAGE)
        self.happen(ticket, What.WROTE)
        self.keep(ticket, message, "requester-answered")
        ticket.why, ticket.unread = "Requester answered", True

    def agent_reply(self, ticket: Folded) -> None:
        """A qualifying response."""
        message = self.message(ticket, Side.DESK, MessageKind.MESSAGE, is_response=True)
        self.happen(ticket, What.RESPONDED)
        self.keep(ticket, message, "replied")
        ticket.why, ticket.unread = "Answered", False

    def workaround(self, ticket: Folded) -> None:
        """A qualifying response that says how to go on until the solution."""
        message = self.message(ticket, Side.DESK, MessageKind.MESSAGE, is_response=True)
        self.happen(ticket, What.WORKED_AROUND)
        self.keep(ticket, message | {"is_workaround": True}, "replied", workaround=True)
        ticket.why, ticket.unread = "Given a workaround", False

    def needs_no_answer(self, ticket: Folded) -> None:
        """The last message of the requester's side needs no answer; the value is the reason."""
        self.happen(ticket, What.NEEDS_NO_ANSWER, reason=self.fact.value or None)
        ticket.why, ticket.unread = "Needs no answer", False
        self.record(ticket, "needs-no-answer", reason=self.fact.value or None)

    def note(self, ticket: Folded) -> None:
        """Something for staff only; no clock moves."""
        self.keep(ticket, self.message(ticket, Side.DESK, MessageKind.NOTE), "noted")

    def assigned(self, ticket: Folded) -> None:
        """The ticket has an owner, or with an empty value none any more."""
        name = self.fact.value
        person = self.directory.person(name)
        if name and ticket.course.status == "new":
            self.happen(ticket, What.STATUS, status="open")
        ticket.assignee_id = person.id if person else None
        shown = person.name if person else name
        ticket.why = f"Assigned to {shown}" if name else "Unassigned"
        self.record(ticket, "assigned", to=shown or None, team=None)

    def acknowledged(self, ticket: Folded) -> None:
        """Somebody has it in hand, by name where the value says so; the actor without one."""
        self.happen(ticket, What.ACKNOWLEDGED)
        person = self.directory.person(self.fact.value or self.fact.actor)
        name = person.name if person else self.fact.value or self.fact.actor
        ticket.why = f"Acknowledged by {name}" if name else "Acknowledged"
        self.record(ticket, "in-hand", who=name)

    def prioritised(self, ticket: Folded) -> None:
        """Choose the targets anew in the ticket's own version."""
        before, after = ticket.priority, self.fact.value
        opening, terms = ticket.opening, ticket.terms
        if opening is None or terms is None or after == before:
            return
        chosen = self.context.offer.terms_of(
            terms.version_id,
            organisation_id=ticket.organisation_id,
            service_id=opening.service_id,
            priority=after,
            kind=opening.kind,
            team_id=opening.team_id,
        )
        ticket.terms = self.context.supported(chosen, ticket.measures)
        self.happen(ticket, What.RETARGETED)
        ticket.priority = after
        self.record(ticket, "priority", before=before, after=after, reason=None)

    def corrected(self, ticket: Folded) -> None:
        """Another kind, service, team or organisation, the last with its version of then."""
        opening, terms, contact_at = ticket.opening, ticket.terms, ticket.course.contact_at
        if opening is None or terms is None or contact_at is None:
            return
        said = correction_of(self.fact.value, self.directory)
        if "kind" in said.names:
            opening = replace(opening, kind=said.kind)
        if "service" in said.names:
            opening = replace(opening, service_id=said.service_id)
        if "team" in said.names:
            opening = replace(opening, team_id=said.team_id)
        moved = "organisation" in said.names and said.organisation_id != ticket.organisation_id
        organisation_id = said.organisation_id if moved else ticket.organisation_id
        asked: dict[str, Any] = {
            "organisation_id": organisation_id,
            "service_id": opening.service_id,
            "priority": ticket.priority,
            "kind": opening.kind,
            "team_id": opening.team_id,
        }
        version_id = None if moved else terms.version_id
        chosen = self.context.chosen_anew(version_id, asked, at=contact_at)
        ticket.terms = self.context.supported(chosen, ticket.measures)
        self.happen(ticket, What.RETARGETED)
        ticket.opening, ticket.organisation_id = opening, organisation_id
        self.record(ticket, "classified", words="Corrected: " + self.fact.value)

    def version(self, ticket: Folded) -> None:
        """Go over to another version of the same agreement, for what the ticket is."""
        opening, terms = ticket.opening, ticket.terms
        if opening is None or terms is None:
            return
        number = version_number_of(self.fact.value)
        version_id = self.directory.version_id(terms.version_id, number)
        chosen = self.context.offer.terms_of(
            version_id,
            organisation_id=ticket.organisation_id,
            service_id=opening.service_id,
            priority=ticket.priority,
            kind=opening.kind,
            team_id=opening.team_id,
        )
        before = self.directory.versions[terms.version_id][1]
        ticket.terms = self.context.supported(chosen, ticket.measures)
        self.happen(ticket, What.RETARGETED)
        self.record(ticket, "version", before=before, after=number, reason=None)

    def status(self, ticket: Folded) -> None:
        """Another status of an open ticket."""
        before, after = ticket.course.status, self.fact.value
        if before == after:
            return
        self.happen(ticket, What.STATUS, status=after)
        self.record(ticket, "status", before=before, after=after, reason=None)
        ticket.why = _WHY.get(after, "Taken up again")

    def resolved(self, ticket: Folded) -> None:
        """The end of the resolution clock; without a text it is no answer."""
        text_sent = self.fact.value != SILENT
        self.happen(ticket, What.RESOLVED, response=text_sent)
        if text_sent and self.fact.value:
            message = self.message(ticket, Side.DESK, MessageKind.MESSAGE, is_response=True)
            self.keep(ticket, message, "resolved")
        else:
            self.record(ticket, "resolved", **({} if text_sent else {"silent": True}))
        ticket.resolved_at, ticket.why, ticket.unread = self.fact.at, "Resolved", False

    def reopened(self, ticket: Folded) -> None:
        """Open again; by the requester's side there is a grant."""
        by_requester = self.fact.value == "requester"
        self.happen(ticket, What.REOPENED, by_requester=by_requester)
        ticket.resolved_at = ticket.closed_at = None
        ticket.why, ticket.unread = "Reopened", True
        by = "requester" if by_requester else "agent"
        self.record(ticket, "reopened", reason=None, by=by)

    def closed(self, ticket: Folded) -> None:
        """A resolved ticket is closed; an open one is withdrawn, its open clocks cancelled."""
        withdrawn = ticket.course.status in ACTIVE
        self.happen(ticket, What.WITHDRAWN if withdrawn else What.CLOSED)
        ticket.closed_at = self.fact.at
        ticket.why = "Withdrawn by the requester" if withdrawn else "Closed"
        ticket.unread = ticket.unread and not withdrawn
        self.record(ticket, "closed")

    def merged(self, ticket: Folded) -> None:
        """Go into another ticket of the same organisation."""
        into = self.tickets.get(self.fact.value)
        if into is None or into.terms is None or into is ticket or ticket.terms is None:
            raise Unusable(f"There is no ticket {self.fact.value!r} yet that it could go into.")
        if into.organisation_id != ticket.organisation_id:
            raise Unusable("Only tickets of one organisation can be merged.")
        happening = Happening(What.MERGED, self.fact.at, self.cause)
        ticket.course, into.course = merge(
            ticket.course, into.course, happening, source_terms=ticket.terms, terms=into.terms
        )
        ticket.merged_into = into.name
        into.last_at = self.fact.at
        ticket.why, ticket.unread, into.unread = "Merged", False, True
        self.record(ticket, "merged", into=into.name)

    def spam(self, ticket: Folded) -> None:
        """Set aside; its clocks are cancelled and out of the ratios."""
        self.happen(ticket, What.SPAM)
        ticket.why, ticket.unread = "Spam", False
        self.record(ticket, "spam")

    def not_spam(self, ticket: Folded) -> None:
        """No spam after all: its clocks go on without the span in between."""
        self.happen(ticket, What.UNSPAM)
        ticket.why, ticket.unread = "No spam after all", True
        self.record(ticket, "not-spam")


_WHY = {
    "waiting_requester": "Waiting for the requester",
    "waiting_vendor": "Waiting for a supplier",
    "on_hold": "On hold",
}
_STEPS: Mapping[str, Callable[[Fold, Folded], None]] = {
    "opened": Fold.opened,
    "requester_message": Fold.requester_message,
    "agent_reply": Fold.agent_reply,
    "workaround": Fold.workaround,
    "needs_no_answer": Fold.needs_no_answer,
    "note": Fold.note,
    "assigned": Fold.assigned,
    "acknowledged": Fold.acknowledged,
    "priority": Fold.prioritised,
    "corrected": Fold.corrected,
    "version": Fold.version,
    "status": Fold.status,
    "resolved": Fold.resolved,
    "reopened": Fold.reopened,
    "closed": Fold.closed,
    "merged": Fold.merged,
    "spam": Fold.spam,
    "not_spam": Fold.not_spam,
}
