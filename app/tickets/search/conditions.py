"""From terms to what holds of a ticket, in SQL. Values are bound, names come from a list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.catalogue.words import Kind, Priority
from app.clocks.models import Clock, Deadline
from app.clocks.state import Phase
from app.languages import gettext as _
from app.people.access import Sight
from app.tickets import attachments
from app.tickets.models import AgreedDate, Message, Rating, Ticket, TicketLink, TicketTag
from app.tickets.search import fields, names, times
from app.tickets.search.fields import ME, NOBODY, NONE, OVER, Field, Takes
from app.tickets.search.terms import Atom, Compared, Either, Mistake, Range, Spot, Term
from app.tickets.search.times import Between, Moment
from app.tickets.words import DONE, OPEN, Channel, MessageKind, Status

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, from which zone, and when."""

    sight: Sight
    moment: Moment

    @property
    def staff(self) -> bool:
        """Whether all fields are open to them."""
        return self.sight.is_agent


def condition(term: Term, asking: Asking) -> Condition:
    """What ``term``, which names a field, says of a ticket; raises `Mistake` where it says none."""
    field = fields.field_of(term, staff=asking.staff)
    held = _held(field, term, asking)
    return not_(func.coalesce(held, false())) if term.is_not else held


def _held(field: Field, term: Term, asking: Asking) -> Condition:
    if field.takes is Takes.TIMES:
        return _timed(field, term.value, asking)
    if field.takes is Takes.NUMBERS:
        return _numbered(field, term)
    if not isinstance(term.value, Either):
        said = _("“%(field)s:” takes a word: %(example)s.", field=field.name, example=field.example)
        raise Mistake(said, _spot_of(term.value, term.spot))
    return or_(*(_of_atom(field, atom, asking) for atom in term.value.atoms))


def _of_atom(field: Field, atom: Atom, asking: Asking) -> Condition:
    if field.takes is Takes.NAMES:
        return _NAMED[field.name](atom, asking)
    word = fields.word_of(atom, field.values_for(staff=asking.staff), field.name)
    return _WORDED[field.name](word, asking)


def _is(word: str, asking: Asking) -> Condition:
    match word:
        case "open":
            return Ticket.status.in_(OPEN)
        case "done":
            return Ticket.status.in_(DONE)
        case "waiting":
            return Ticket.status.in_((Status.WAITING_REQUESTER, Status.WAITING_VENDOR))
        case "mine":
            return Ticket.assignee_id == asking.sight.person_id
        case "unassigned":
            return Ticket.assignee_id.is_(None)
        case "unread":
            return Ticket.agent_unread.is_(True)
    return _status(word, asking)


def _status(word: str, _asking: Asking) -> Condition:
    return Ticket.status == Status(word.replace("-", "_"))


def _priority(word: str, _asking: Asking) -> Condition:
    return Ticket.priority == Priority(word)


def _kind(word: str, _asking: Asking) -> Condition:
    return Ticket.kind == Kind(word)


def _channel(word: str, _asking: Asking) -> Condition:
    return Ticket.channel == Channel(word)


def _has(word: str, asking: Asking) -> Condition:
    match word:
        case "attachment":
            return attachments.carrying(with_notes=asking.staff)
        case "note":
            return _exists(Message.ticket_id, Message.kind == MessageKind.NOTE)
        case "tag":
            return _among(TicketTag.ticket_id)
        case "link":
            linked = select(TicketLink.ticket_id).union_all(select(TicketLink.other_id))
            return Ticket.id.in_(linked)
        case "rating":
            return _among(Rating.ticket_id)
    return _among(AgreedDate.ticket_id)


def _sla(word: str, asking: Asking) -> Condition:
    at = asking.moment.at
    broken = _exists(
        Clock.ticket_id, Clock.breached_at.is_not(None), Clock.excluded_because.is_(None)
    )
    match word:
        case "breached":
            return broken
        case "over":
            return _due(Deadline.due_at < at)
        case "at-risk":
            return _due(Deadline.risk_at <= at, Deadline.due_at >= at)
        case "running":
            return _exists(Clock.ticket_id, Clock.state == Phase.RUNNING)
        case "paused":
            return _exists(Clock.ticket_id, Clock.state == Phase.PAUSED)
    return and_(_exists(Clock.ticket_id, Clock.state == Phase.MET), not_(broken))


def _timed(field: Field, value: Either | Compared | Range, asking: Asking) -> Condition:
    if field.name == "due":
        return _due_at(value, asking)
    column = _INSTANTS[field.name]
    return or_(*(_within(column, span) for span in times.between(value, asking.moment)))


def _due_at(value: Either | Compared | Range, asking: Asking) -> Condition:
    """When the next promise is due; what is over is due earlier than any time ahead."""
    at = asking.moment.at
    if isinstance(value, Either) and any(atom.said.lower() == OVER for atom in value.atoms):
        rest = tuple(atom for atom in value.atoms if atom.said.lower() != OVER)
        over = _due(Deadline.due_at < at)
        return or_(over, _due_at(Either(rest), asking)) if rest else over
    moment = Moment(at, asking.moment.zone, is_ahead=True)
    spans = times.between(value, moment)
    return _due(or_(*(_within(Deadline.due_at, span) for span in spans)))


def _due(*held: Condition) -> Condition:
    """Something of the next deadline of an open ticket."""
    return _among(Deadline.ticket_id, Deadline.due_at.is_not(None), *held)


def _within(column: InstrumentedAttribute[Any], span: Between) -> Condition:
    held = [column >= span.start_at] if span.start_at else []
    return and_(column.is_not(None), *held, *([column < span.end_at] if span.end_at else []))


def _numbered(field: Field, term: Term) -> Condition:
    value = term.value
    held: Condition
    if field.name == "ref":
        if not isinstance(value, Either):
            raise Mistake(_("“ref:” takes numbers of tickets: ref:1042."), term.spot)
        return Ticket.id.in_([_number(atom) for atom in value.atoms])
    match value:
        case Either(atoms):
            held = Rating.score.in_([_number(atom) for atom in atoms])
        case Compared(sign, atom):
            held = _COMPARED[sign](_number(atom))
        case Range(first, last):
            held = and_(
                *([Rating.score >= _number(first)] if first else []),
                *([Rating.score <= _number(last)] if last else []),
            )
    return _among(Rating.ticket_id, held)


_COMPARED: dict[str, Callable[[int], Condition]] = {
    "<": lambda number: Rating.score < number,
    "<=": lambda number: Rating.score <= number,
    ">": lambda number: Rating.score > number,
    ">=": lambda number: Rating.score >= number,
}


def _number(atom: Atom) -> int:
    said = atom.said.strip().removeprefix("#")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise Mistake(_("“%(typed)s” is no number.", typed=atom.said), atom.spot)
    return int(said)


def _among(key: InstrumentedAttribute[int], *held: Condition) -> Condition:
    """Whether the ticket is among the few that ``key`` names: those are read first."""
    return Ticket.id.in_(select(key).where(*held))


def _exists(key: InstrumentedAttribute[int], *held: Condition) -> Condition:
    """Whether ``key`` names the ticket at all, asked of one ticket after the other."""
    return select(key).where(key == Ticket.id, *held).correlate(Ticket).exists()


def _spot_of(value: Either | Compared | Range, spot: Spot) -> Spot:
    return value.atom.spot if isinstance(value, Compared) else spot


def _from(atom: Atom, asking: Asking) -> Condition:
    if _says(atom, ME):
        return Ticket.requester_id == asking.sight.person_id
    return Ticket.requester_id.in_(names.people(atom))


def _assignee(atom: Atom, asking: Asking) -> Condition:
    if _says(atom, ME):
        return Ticket.assignee_id == asking.sight.person_id
    if _says(atom, NOBODY):
        return Ticket.assignee_id.is_(None)
    return Ticket.assignee_id.in_(names.staff(atom))


def _team(atom: Atom, _asking: Asking) -> Condition:
    if _says(atom, NONE):
        return Ticket.team_id.is_(None)
    return Ticket.team_id.in_(names.teams(atom))


def _tag(atom: Atom, asking: Asking) -> Condition:
    return _among(TicketTag.ticket_id, TicketTag.tag_id.in_(names.tags(atom, asking.sight)))


def _says(atom: Atom, word: str) -> bool:
    return not atom.is_quoted and atom.said.lower() == word


_WORDED: dict[str, Callable[[str, Asking], Condition]] = {
    "is": _is,
    "status": _status,
    "priority": _priority,
    "kind": _kind,
    "channel": _channel,
    "has": _has,
    "sla": _sla,
}
_NAMED: dict[str, Callable[[Atom, Asking], Condition]] = {
    "from": _from,
    "org": lambda atom, _: Ticket.organisation_id.in_(names.organisations(atom)),
    "assignee": _assignee,
    "team": _team,
    "tag": _tag,
    "service": lambda atom, _: Ticket.service_id.in_(names.services(atom)),
}
_INSTANTS = {
    "created": Ticket.opened_at,
    "updated": Ticket.updated_at,
    "resolved": Ticket.resolved_at,
}
