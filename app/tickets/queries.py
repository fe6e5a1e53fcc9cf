"""Who sees which tickets, and one ticket with its conversation and history.

`visible_to` is the one layer that decides sight, for lists, counts and single tickets alike
(architecture.md, "Query").
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from app.agreements import choosing, newest
from app.agreements.terms import Terms
from app.catalogue.models import RequestType, Service
from app.catalogue.words import Priority
from app.database import db
from app.entities import Entity
from app.errors import NotFound
from app.people import queries as people
from app.people.access import Sight
from app.people.models import Organisation, Person, Team
from app.statements import kept, rows
from app.tickets import parties
from app.tickets.models import Message, Ticket
from app.tickets.words import UNDONE, MessageKind


def visible_to(sight: Sight) -> Select[Ticket]:
    """The tickets that the person of ``sight`` may see; every list, count and page begins here.

    Staff see all, or where they are limited what is with their teams, given to them or watched
    by them. A requester sees what they take part in, and where their organisation shares
    requests what it asked for; a guest the one ticket of their link.
    """
    seen = select(Ticket)
    if sight.is_agent:
        return seen if sight.sees_all else seen.where(parties.is_with_teams_of(sight))
    is_party = parties.is_party(sight.person_id)
    if sight.guest_of is not None:
        return seen.where(is_party, parties.is_reached_from(sight.guest_of))
    if sight.shares_requests:
        return seen.where(or_(is_party, Ticket.organisation_id == sight.organisation_id))
    return seen.where(is_party)


def takes_part(ticket: Ticket, person: Person) -> bool:
    """Whether the person asked for it, is in copy, or did so on what was merged into it.

    Who only reads what a colleague asked for takes no part: they change nothing.
    """
    if ticket.requester_id == person.id:
        return True
    query = select(Ticket.id).where(Ticket.id == ticket.id, parties.is_party(person.id))
    return db.session.scalar(query) is not None


def sources_of(ticket_id: int) -> Sequence[Ticket]:
    """The tickets that were merged into it, and into those, by id."""
    return db.session.scalars(_SOURCES, {"ticket_id": ticket_id}).all()


def _sources() -> Select[Ticket]:
    direct = select(Ticket.id).where(Ticket.merged_into_id == bindparam("ticket_id"))
    sources = direct.cte("sources", recursive=True)
    sources = sources.union(select(Ticket.id).where(Ticket.merged_into_id == sources.c.id))
    return select(Ticket).where(Ticket.id.in_(select(sources.c.id))).order_by(Ticket.id)


_SOURCES = _sources()


def find_ticket(sight: Sight, ticket_id: int) -> Ticket | None:
    """The ticket with its people, service and team, or None when it is not to be seen."""
    query = _WHOLE_TO_ALL if sight.sees_all else _one(visible_to(sight), _WHOLE)
    return _found(query, _WHOLE, ticket_id)


def find_for_page(sight: Sight, ticket_id: int) -> Ticket | None:
    """As `find_ticket`, with no more of those than the desk's page of it shows.

    It is opened all day long, and every column read costs; another one is read when it is asked
    for.
    """
    query = _SHOWN_TO_ALL if sight.sees_all else _one(visible_to(sight), _SHOWN)
    return _found(query, _SHOWN, ticket_id)


def _found(query: Select[Any], entity: Entity[Ticket], ticket_id: int) -> Ticket | None:
    row = rows(query, {"ticket_id": ticket_id}).first()
    if row is None:
        return None
    ticket, (edition,) = entity.taken_from(row)
    newest.know(edition)
    return ticket


def _one(seen: Select[Any], entity: Entity[Ticket]) -> Select[Any]:
    """One ticket of those ``seen``, and the edition of hours that its pages reckon with."""
    one = seen.with_only_columns(*entity.columns, newest.EDITION)
    return entity.join(one).where(Ticket.id == bindparam("ticket_id"))


def _person(*names: str) -> Entity[Person]:
    return Entity(Person, *names, of=aliased(Person))


_NAMES = ("name", "address", "zone", "role", "is_active")
_SHOWN = Entity(
    Ticket,
    requester=_person(*_NAMES),
    assignee=_person(*_NAMES),
    organisation=Entity(Organisation, "name"),
    service=Entity(Service, "name", "owner_id"),
    team=Entity(Team, "name", "lead_id", lead=_person(*_NAMES)),
)
_WHOLE = Entity(
    Ticket,
    requester=_person(),
    assignee=_person(),
    organisation=Entity(Organisation),
    service=Entity(Service),
    team=Entity(Team, lead=_person()),
    request_type=Entity(RequestType),
)
_SHOWN_TO_ALL, _WHOLE_TO_ALL = (kept(_one(select(Ticket), entity)) for entity in (_SHOWN, _WHOLE))
"""What most readers of the desk ask, put together once: that is most of a statement's cost."""


def for_change(ticket_id: int) -> Ticket:
    """Lock the ticket's row and read it again; every verb takes this lock first.

    Raises `NotFound` when there is no such ticket. Lock order: ticket, clock, letter.
    """
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .with_for_update(of=Ticket, key_share=True)
        .options(joinedload(Ticket.requester), joinedload(Ticket.assignee))
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise NotFound("There is no such ticket.")
    return ticket


def terms_of(ticket: Ticket) -> Terms:
    """What the ticket's own version promises for what the ticket is now."""
    version_id, organisation_id, service_id, priority, kind, team_id = terms_ask_for(ticket)
    return choosing.terms_of(
        version_id,
        organisation_id=organisation_id,
        service_id=service_id,
        priority=priority,
        kind=kind,
        team_id=team_id,
    )


def terms_ask_for(ticket: Ticket) -> tuple[int, int | None, int | None, str, str, int | None]:
    """What `terms_of` depends on: tickets that are alike in it have the same terms.

    That is the version, the organisation, the service, the priority, the kind and the team.
    """
    return (
        ticket.version_id,
        ticket.organisation_id,
        ticket.service_id,
        ticket.priority.value,
        ticket.kind.value,
        ticket.team_id,
    )


def agent_to_tell(ticket: Ticket, *, at: datetime) -> Person | None:
    """Who is told what becomes of the ticket: its assignee, else the team's lead, else a manager.

    Whoever is absent at ``at`` is stood in for; None when there is nobody at all.
    """
    team = db.session.get(Team, ticket.team_id) if ticket.team_id else None
    ids = [ticket.assignee_id, team.lead_id if team else None]
    asked = [people.person(id) for id in ids if id is not None]
    for person in [*asked, *people.managers(), *people.admins()]:
        found = people.stand_in(person, at)
        if found is not None and found.is_agent:
            return found
    return None


def terms_under_other_priorities(ticket: Ticket) -> dict[str, Terms]:
    """What the ticket's version would promise under each other priority, by its name."""
    return {
        priority.label: choosing.terms_of(
            ticket.version_id,
            organisation_id=ticket.organisation_id,
            service_id=ticket.service_id,
            priority=priority.value,
            kind=ticket.kind.value,
            team_id=ticket.team_id,
        )
        for priority in Priority
        if priority is not ticket.priority
    }


def messages_of(
    ticket: Ticket, *, with_notes: bool, merged: Iterable[int] | None = None
) -> Sequence[Message]:
    """The conversation, oldest first, with that of what was merged into the ticket.

    Notes and what was undone are for staff only. ``merged`` are the ids of what was merged into
    it, where the caller has them.
    """
    if merged is None:
        merged = [source.id for source in sources_of(ticket.id)]
    ids = [ticket.id, *merged]
    return db.session.scalars(_SAID if with_notes else _SAID_IN_PUBLIC, {"tickets": ids}).all()


def is_public() -> ColumnElement[bool]:
    """Whether a message is for the requester's side: no note, and no Send that was undone."""
    return and_(
        Message.kind != MessageKind.NOTE,
        func.coalesce(Message.taken_back_because, "") != UNDONE,
    )


_SAID = (
    select(Message)
    .where(Message.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(Message.at, Message.id)
)
_SAID_IN_PUBLIC = _SAID.where(is_public())


def open_of(
    sight: Sight, person: Person, *, besides: Ticket | None = None, limit: int = 5
) -> Sequence[Ticket]:
    """The person's newest open tickets as far as ``sight`` goes, without ``besides``."""
    query = visible_to(sight).where(Ticket.requester_id == person.id, Ticket.is_open)
    if besides is not None:
        query = query.where(Ticket.id != besides.id)
    return db.session.scalars(
        query.options(joinedload(Ticket.assignee))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit)
    ).all()


def requests_of(
    sight: Sight,
    *,
    open_only: bool,
    of_organisation: bool = False,
    before: tuple[int, int] | None = None,
    limit: int = 25,
) -> Sequence[Ticket]:
    """A page of what the person asked for or is in copy of, newest change first.

    With ``of_organisation`` what their whole organisation asked for, as far as it is shared with
    them. ``before`` is the (updated_at epoch seconds, id) of the last row of the page before. One
    row more than ``limit`` is answered where there is a next page.
    """
    query = visible_to(sight.as_requester())
    if of_organisation:
        query = query.where(Ticket.organisation_id == sight.organisation_id)
    else:
        query = query.where(parties.asks_or_is_in_copy(sight.person_id))
    if open_only:
        query = query.where(Ticket.is_open)
    if before is not None:
        at = datetime.fromtimestamp(before[0], UTC)
        query = query.where(tuple_(Ticket.updated_at, Ticket.id) < (at, before[1]))
    return db.session.scalars(
        query.options(joinedload(Ticket.assignee), joinedload(Ticket.requester))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit + 1)
    ).all()
