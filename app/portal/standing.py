"""Where a request stands for its requester: what may be done, why it waits, who is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.agreements.terms import RungTerms, Terms
from app.catalogue.words import Kind
from app.clocks import explaining, words
from app.clocks.explaining import ExplainedSpan
from app.clocks.models import Clock
from app.portal import pledge, times
from app.tickets import agreeing, lifecycle, queries
from app.tickets.models import Ticket
from app.tickets.words import Status

TOLD = {
    "assignee": "who looks after it",
    "team_lead": "the head of the team",
    "service_owner": "the owner of the service",
    "manager": "our management",
    "client_contact": "your company’s contact",
}


@dataclass(frozen=True)
class Standing:
    """What the page offers: answering, closing, or opening it again by answering until when."""

    may_answer: bool
    may_close: bool
    reopens: bool
    reopen_until: str
    waits_for_you: bool
    closing: str
    restarts: bool
    ended: str
    ask_anew: str


def of(ticket: Ticket, *, zone: str, at: datetime) -> Standing:
    """What the requester may do with ``ticket`` at ``at``."""
    until = lifecycle.reopen_until(ticket)
    rule = queries.terms_of(ticket).reopen_rule
    reopens = until is not None and at <= until
    return Standing(
        may_answer=ticket.is_open or reopens,
        may_close=ticket.is_open or ticket.status is Status.RESOLVED,
        reopens=reopens,
        reopen_until=words.instant(until, zone, at) if until and reopens else "",
        waits_for_you=ticket.status is Status.WAITING_REQUESTER,
        closing=_closing(ticket),
        restarts=rule == "restart",
        ended="Solved means solved here." if rule == "final" else "This has ended.",
        ask_anew=_ask_anew(ticket),
    )


def _ask_anew(ticket: Ticket) -> str:
    """Where to file a request that follows this one: the same form, filled in."""
    kind = ticket.request_type
    if kind is None or not kind.is_active:
        return url_for("portal.portal")
    return url_for("portal.new_request", key=kind.key, follows=ticket.id)


def _closing(ticket: Ticket) -> str:
    """What the button says that ends it."""
    if ticket.status is Status.RESOLVED:
        return "It works, close it" if ticket.kind is Kind.INCIDENT else "All done, close it"
    if ticket.kind is Kind.INCIDENT:
        return "It works again, close it"
    return "No longer needed, close it"


def terms_words(
    ticket: Ticket, rows: Sequence[Clock], *, zone: str, at: datetime
) -> tuple[str, str, str]:
    """Tier and priority, where it stands, and who is told when the solution is late."""
    terms = queries.terms_of(ticket)
    targets = [terms.targets[clock.measure] for clock in rows if clock.measure in terms.targets]
    return (
        f"{terms.tier_name}, {ticket.priority.label.lower()} priority.",
        f"{pledge.source(terms, targets)}.",
        _told(terms, rows, zone=zone, at=at),
    )


def agreed_words(ticket: Ticket, *, zone: str, at: datetime) -> str:
    """The date that was agreed, as a sentence; empty when there is none or it is all over."""
    agreed = agreeing.find_agreed(ticket) if ticket.is_open else None
    if agreed is None:
        return ""
    when = times.due(agreed.due_at, zone=zone, now=at)
    return (
        f"Agreed with {agreed.accepted_by}: {when} ({agreed.reason}). Our promises stay as above."
    )


def pauses_of(rows: Iterable[Clock], *, zone: str, at: datetime) -> list[ExplainedSpan]:
    """When the clock of the solution stood still; not the pause that goes on."""
    clock = next((clock for clock in rows if clock.measure == "resolution"), None)
    if clock is None:
        return []
    found = explaining.explain(clock, zone=zone, at=at, for_requester=0).pauses
    return list(found[:-1] if clock.state == "paused" else found)


def _told(terms: Terms, rows: Iterable[Clock], *, zone: str, at: datetime) -> str:
    """ "If 15:00 passes, … are told the same minute", while that still lies ahead."""
    due_at = next(
        (clock.due_at for clock in rows if clock.measure == "resolution" and clock.is_open), None
    )
    people = list(
        dict.fromkeys(
            TOLD[who]
            for rung in terms.ladder
            if _is_at_due(rung)
            for who in rung.responsible
            if who in TOLD
        )
    )
    if due_at is None or due_at <= at or not people:
        return ""
    listed = " and ".join([", ".join(people[:-1]), people[-1]] if people[1:] else people)
    verb = "are" if people[1:] else "is"
    when = times.short(due_at, zone=zone, now=at)
    return f"If {when} passes, {listed} {verb} told the same minute."


def _is_at_due(rung: RungTerms) -> bool:
    return rung.measure == "resolution" and (rung.percent == 100 or rung.offset_s == 0)
