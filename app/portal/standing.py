"""Where a request stands for its requester: what may be done, why it waits, who is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.agreements.terms import RungTerms, Terms
from app.calendars import queries as calendars
from app.catalogue.words import Kind
from app.clocks import explaining, words
from app.clocks.explaining import ExplainedSpan
from app.clocks.models import Clock
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Person
from app.portal import pledge, promises, times
from app.tickets import acknowledging, agreeing, lifecycle, queries
from app.tickets.models import Ticket
from app.tickets.parts import Part
from app.tickets.words import Status

TOLD = {
    "assignee": lazy_gettext("who looks after it"),
    "team_lead": lazy_gettext("the head of the team"),
    "service_owner": lazy_gettext("the owner of the service"),
    "manager": lazy_gettext("our management"),
    "client_contact": lazy_gettext("your company’s contact"),
}


@dataclass(frozen=True)
class Standing:
    """What the page offers: answering, closing, or opening it again by answering until when."""

    may_answer: bool
    may_close: bool
    reopens: bool
    reopen_until: str
    closing: str
    restarts: bool
    takes_copies: bool
    readers: str
    ended: str
    ask_anew: str


def of(ticket: Ticket, part: Part, *, copies: Sequence[str], zone: str, at: datetime) -> Standing:
    """What somebody who has ``part`` in ``ticket`` may do with it at ``at``.

    ``copies`` are the names of the others who read an answer.
    """
    until = lifecycle.reopen_until(ticket)
    rule = queries.terms_of(ticket).reopen_rule
    reopens = until is not None and at <= until
    return Standing(
        may_answer=part.may_write and (ticket.is_open or reopens),
        may_close=part is Part.OWN and (ticket.is_open or ticket.status is Status.RESOLVED),
        reopens=reopens,
        reopen_until=words.instant(until, zone, at) if until and reopens else "",
        closing=_closing(ticket),
        restarts=rule == "restart",
        takes_copies=takes_copies(ticket),
        readers=_readers(ticket, copies),
        ended=_("Solved means solved here.") if rule == "final" else _("This has ended."),
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
        is_incident = ticket.kind is Kind.INCIDENT
        return _("It works, close it") if is_incident else _("All done, close it")
    if ticket.kind is Kind.INCIDENT:
        return _("It works again, close it")
    return _("No longer needed, close it")


def _readers(ticket: Ticket, copies: Sequence[str]) -> str:
    """Whom an answer goes to, as the empty field says it."""
    staff = ticket.assignee.name if ticket.assignee else ""
    if not copies:
        return _("Write to %(name)s", name=staff) if staff else _("Write to us")
    listed = ", ".join(copies)
    if not staff:
        return _("Write to us and copy %(names)s", names=listed)
    return _("Write to %(name)s and copy %(names)s", name=staff, names=listed)


def takes_copies(ticket: Ticket) -> bool:
    """Whether somebody can still be put in copy."""
    return ticket.is_open or ticket.status is Status.RESOLVED


def shared_with(ticket: Ticket) -> str:
    """The organisation all of whose people read it; empty where it shares no requests."""
    asks = ticket.organisation
    return asks.name if asks is not None and asks.shares_requests else ""


def paused_words(ticket: Ticket, rows: Iterable[Clock], *, reader: Person) -> str:
    """Why the time stands still, or that it runs on while we wait; empty while we work."""
    if ticket.status.needs_agent or not ticket.is_open:
        return ""
    stands = any(clock.state == "paused" for clock in rows)
    asker = promises.asker_of(ticket, reader)
    if ticket.status is Status.WAITING_REQUESTER:
        if asker:
            return _(
                "We have asked %(name)s something. The time stands still until there is an answer.",
                name=asker,
            )
        return _("We have asked you something. Until you answer, the time stands still.")
    if ticket.status is Status.WAITING_VENDOR:
        if stands:
            return _(
                "We are waiting for a supplier. Your agreement lets the time stand still meanwhile."
            )
        return _("We are waiting for a supplier. The time runs on meanwhile.")
    if stands and ticket.hold_until is not None:
        day = times.long_day(ticket.hold_until)
        return _("This is put off, and the time stands still. It goes on %(day)s.", day=day)
    return _("This is put off. The time runs on meanwhile.")


def terms_words(
    ticket: Ticket, rows: Sequence[Clock], *, zone: str, at: datetime
) -> tuple[str, str, str, str]:
    """Tier and priority, where it stands, who is told when the solution is late, and the zone.

    The zone is named where the reader's is not that of the hours.
    """
    terms = queries.terms_of(ticket)
    priority = ticket.priority.label
    targets = [terms.targets[clock.measure] for clock in rows if clock.measure in terms.targets]
    return (
        _("%(priority)s priority, %(tier)s.", priority=priority, tier=terms.tier_name),
        f"{pledge.source(terms, targets)}.",
        _told(terms, rows, zone=zone, at=at),
        times.elsewhere(at, zone=zone, counted_in=_zones(rows)),
    )


def _zones(rows: Iterable[Clock]) -> Iterator[str]:
    return (calendars.value(clock.calendar_version_id).zone for clock in rows)


def in_hand_words(
    ticket: Ticket, rows: Iterable[Clock], part: Part, *, zone: str, at: datetime
) -> str:
    """Who has it in hand since when, where that was promised and kept; else empty."""
    found = acknowledging.holder_of(ticket, rows)
    if found is None:
        return ""
    name, since = found[0], words.instant(found[1], zone, at)
    if part is Part.OWN:
        return _("%(name)s has your request in hand since %(when)s.", name=name, when=since)
    return _("%(name)s has it in hand since %(when)s.", name=name, when=since)


def agreed_words(ticket: Ticket, *, zone: str, at: datetime) -> str:
    """The date that was agreed, as a sentence; empty when there is none or it is all over."""
    agreed = agreeing.find_agreed(ticket) if ticket.is_open else None
    if agreed is None:
        return ""
    when = times.due(agreed.due_at, zone=zone, now=at)
    return _(
        "Agreed with %(name)s: %(when)s (%(reason)s). Our promises stay as above.",
        name=agreed.accepted_by,
        when=when,
        reason=agreed.reason,
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
            str(TOLD[who])
            for rung in terms.ladder
            if _is_at_due(rung)
            for who in rung.responsible
            if who in TOLD
        )
    )
    if due_at is None or due_at <= at or not people:
        return ""
    when = times.short(due_at, zone=zone, now=at)
    if not people[1:]:
        return _("If %(when)s passes, %(who)s is told the same minute.", when=when, who=people[0])
    listed = _("%(some)s and %(last)s", some=", ".join(people[:-1]), last=people[-1])
    return _("If %(when)s passes, %(who)s are told the same minute.", when=when, who=listed)


def _is_at_due(rung: RungTerms) -> bool:
    return rung.measure == "resolution" and (rung.percent == 100 or rung.offset_s == 0)
