"""How tickets belong together: related, duplicate of, parent and child. No clock moves.

A duplicate whose requester is to read one conversation is merged instead (`tickets.merging`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.access import Sight
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import Ticket, TicketLink
from app.tickets.queries import visible_to
from app.tickets.words import LinkKind


class Relation(StrEnum):
    """What the other ticket is to this one."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate-of"
    DUPLICATED_BY = "duplicated-by"
    PARENT = "parent"
    CHILD = "child"

    @property
    def label(self) -> str:
        """The words before the other ticket's name."""
        return str(_LABELS[self])


@dataclass(frozen=True, slots=True)
class Link:
    """A link as one of its tickets shows it."""

    id: int
    relation: Relation
    other: Ticket


_LABELS = {
    Relation.RELATED: lazy_gettext("Related to"),
    Relation.DUPLICATE_OF: lazy_gettext("Duplicate of"),
    Relation.DUPLICATED_BY: lazy_gettext("Has the duplicate"),
    Relation.PARENT: lazy_gettext("Part of"),
    Relation.CHILD: lazy_gettext("Has the part"),
}
_ORDER = (
    Relation.PARENT,
    Relation.CHILD,
    Relation.DUPLICATE_OF,
    Relation.DUPLICATED_BY,
    Relation.RELATED,
)
_BACK = {
    Relation.RELATED: Relation.RELATED,
    Relation.DUPLICATE_OF: Relation.DUPLICATED_BY,
    Relation.DUPLICATED_BY: Relation.DUPLICATE_OF,
    Relation.PARENT: Relation.CHILD,
    Relation.CHILD: Relation.PARENT,
}
_KINDS = {
    Relation.DUPLICATE_OF: LinkKind.DUPLICATE,
    Relation.PARENT: LinkKind.CHILD,
}


def link(
    ticket: Ticket, other: Ticket, relation: Relation, *, by: Person, at: datetime
) -> TicketLink:
    """Say what ``other`` is to ``ticket``; the caller holds both locks (`merging.for_both`).

    Both histories tell it. Raises `Refusal` for a ticket and itself, for two that are linked
    already, for a second parent, and where a ticket would become a part of itself.
    """
    if ticket.id == other.id:
        raise Refusal(_("A ticket is not linked to itself."), field="other")
    if _between(ticket.id, other.id) is not None:
        raise Refusal(
            _("%(ref)s and %(other)s are linked already.", ref=ticket.ref, other=other.ref),
            field="other",
        )
    first, second, forward = (ticket, other, relation)
    if relation in (Relation.DUPLICATED_BY, Relation.CHILD):
        first, second, forward = other, ticket, _BACK[relation]
    if forward is Relation.PARENT:
        _refuse_parent(child=first, parent=second)
    row = TicketLink(
        ticket_id=first.id,
        other_id=second.id,
        kind=_KINDS.get(forward, LinkKind.RELATED),
        made_by_id=by.id,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _tell("linked", ticket, other, relation, by=by, at=at)
    return row


def unlink(ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> None:
    """Take the link between two tickets away; both are locked. `Refusal` where there is none."""
    row = _between(ticket.id, other.id)
    if row is None:
        raise Refusal(_("%(ref)s and %(other)s are not linked.", ref=ticket.ref, other=other.ref))
    relation = _relation(row, ticket.id)
    db.session.delete(row)
    db.session.flush()
    _tell("unlinked", ticket, other, relation, by=by, at=at)


def links_of(ticket: Ticket, sight: Sight) -> Sequence[Link]:
    """The links of a ticket to what the reader may see, its parent first; one statement."""
    joined = or_(
        and_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == Ticket.id),
        and_(TicketLink.other_id == ticket.id, TicketLink.ticket_id == Ticket.id),
    )
    query = visible_to(sight).join(TicketLink, joined).add_columns(TicketLink)
    found = [
        Link(row.id, _relation(row, ticket.id), other)
        for other, row in db.session.execute(query.order_by(TicketLink.id).limit(100))
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.relation), one.id))


def _relation(row: TicketLink, ticket_id: int) -> Relation:
    """What the other one of the row is to the ticket."""
    forward = {
        LinkKind.RELATED: Relation.RELATED,
        LinkKind.DUPLICATE: Relation.DUPLICATE_OF,
        LinkKind.CHILD: Relation.PARENT,
    }[row.kind]
    return forward if row.ticket_id == ticket_id else _BACK[forward]


def _between(one_id: int, other_id: int) -> TicketLink | None:
    return db.session.scalar(
        select(TicketLink).where(
            or_(
                and_(TicketLink.ticket_id == one_id, TicketLink.other_id == other_id),
                and_(TicketLink.ticket_id == other_id, TicketLink.other_id == one_id),
            )
        )
    )


def _refuse_parent(*, child: Ticket, parent: Ticket) -> None:
    own = db.session.scalar(
        select(TicketLink.other_id).where(
            TicketLink.ticket_id == child.id, TicketLink.kind == LinkKind.CHILD
        )
    )
    if own is not None:
        raise Refusal(
            _("%(ref)s is a part of #%(parent)s already.", ref=child.ref, parent=own),
            field="other",
        )
    above = (
        select(TicketLink.other_id.label("id"))
        .where(TicketLink.ticket_id == parent.id, TicketLink.kind == LinkKind.CHILD)
        .cte("above", recursive=True)
    )
    step = aliased(TicketLink)
    above = above.union(
        select(step.other_id).where(step.ticket_id == above.c.id, step.kind == LinkKind.CHILD)
    )
    if db.session.scalar(select(above.c.id).where(above.c.id == child.id)) is not None:
        raise Refusal(
            _("%(parent)s is itself a part of %(ref)s.", parent=parent.ref, ref=child.ref),
            field="other",
        )


def _tell(
    verb: str, ticket: Ticket, other: Ticket, relation: Relation, *, by: Person, at: datetime
) -> None:
    for one, its, what in ((ticket, other, relation), (other, ticket, _BACK[relation])):
        note_down(
            one, verb, by=by, at=max(at, one.last_event_at), other=its.id, relation=what.value
        )
