"""Who is responsible at the instant a rung fires, and who stands in for whom.

Absent, or without a mail address: substitute, then team lead, then managers, then
administrators: "nobody" is impossible.
Source: escalation.md, "Ladders".
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people import queries as people
from app.people import rota
from app.people.models import Person, Team
from app.tickets.models import Ticket

ROLE_WORDS = {
    "assignee": lazy_gettext("assignee"),
    "team_lead": lazy_gettext("team lead"),
    "on_call": lazy_gettext("person on call"),
    "service_owner": lazy_gettext("owner of the service"),
    "manager": lazy_gettext("service manager"),
    "client_contact": lazy_gettext("contact"),
}
OF_A_TEAM = ("team_lead", "on_call")
OUTSIDE = "client_contact"
"""Who is told by a letter of their own, and never before their own rung."""
WATCHER = "watcher"


@dataclass(frozen=True)
class Told:
    """Somebody who is told, as what, and why they and nobody else.

    `words` and `instead` are said when they are shown: each who is told reads their own language.
    `absent` is whom they stand in for.
    """

    person: Person
    role: str
    words: Any
    instead: Any = ""
    absent: Person | None = None

    def as_json(self) -> dict[str, str | int]:
        """How it is kept with the escalation."""
        return {
            "person": self.person.id,
            "name": self.person.name,
            "role": self.role,
            "instead": str(self.instead),
        }


Asked = dict[tuple[str, int | None, int | None, int | None, int | None], list[Told]]
"""Whom a role meant, by all that it depends on; good for one batch at one instant."""


def people_for(
    roles: Iterable[str],
    ticket: Ticket,
    *,
    at: datetime,
    asked: Asked | None = None,
    present: Collection[int] = (),
) -> list[Told]:
    """Everybody whom ``roles`` mean for this ticket at ``at``, each once.

    ``asked`` keeps the answers for the other tickets of a batch; ``present`` are people of whom
    the caller knows that they are not away at ``at``.
    """
    answers = {} if asked is None else asked
    told: dict[int, Told] = {}
    for role in roles:
        means = (
            role,
            ticket.assignee_id,
            ticket.team_id,
            ticket.service_id,
            ticket.organisation_id,
        )
        if means not in answers:
            answers[means] = _of_role(role, ticket, at, present)
        for found in answers[means]:
            told.setdefault(found.person.id, found)
    return list(told.values())


def watchers_besides(
    told: Iterable[Told], watchers: Iterable[Person], *, at: datetime
) -> list[Told]:
    """Those who watch the ticket and are not told anyway; nobody stands in for a watcher."""
    known = {each.person.id for each in told}
    return [
        Told(person, WATCHER, lazy_gettext("watcher"))
        for person in watchers
        if person.id not in known
        and person.is_agent
        and person.address
        and people.present(person, at)
    ]


def _of_role(role: str, ticket: Ticket, at: datetime, present: Collection[int]) -> list[Told]:
    if role == "manager":
        managers = people.managers_at(at)
        meant: Sequence[Person] = [person for person, _is_away in managers]
        present = {person.id for person, is_away in managers if not is_away}
    else:
        meant = _meant(role, ticket, at)
    if role == OUTSIDE:
        words = (
            lazy_gettext("contact of %(name)s", name=ticket.organisation.name)
            if ticket.organisation
            else lazy_gettext("contact")
        )
        found = [Told(person, role, words) for person in meant if person.address]
    else:
        words = _words(role, ticket)
        unknown = [person for person in meant if person.id not in present]
        away = people.substitutes_for(unknown, at) if unknown else {}
        answers = (_present(person, role, words, at, away) for person in meant)
        found = [told for told in answers if told is not None]
    return found or [_fallback(ticket, role, _missing(role, meant), at, present)]


def _meant(role: str, ticket: Ticket, at: datetime) -> Sequence[Person]:
    """Whom a role means, but for managers: those are asked with whether they are away."""
    match role:
        case "assignee":
            return _one(ticket.assignee_id)
        case "team_lead":
            team = _team_of(ticket)
            return _one(team.lead_id if team else None)
        case "on_call":
            return rota.on_call(ticket.team_id, at=at) if ticket.team_id else ()
        case "service_owner":
            return _one(ticket.service.owner_id if ticket.service else None)
        case "client_contact":
            return people.contacts_of(ticket.organisation_id) if ticket.organisation_id else ()
        case _:
            person = people.find_person_by_address(role.removeprefix("person:"))
            return [person] if person else ()


def _words(role: str, ticket: Ticket) -> Any:
    """As what somebody is told: "team lead of Service desk"."""
    words = ROLE_WORDS.get(role, lazy_gettext("named in the ladder"))
    team = _team_of(ticket)
    if role in OF_A_TEAM and team:
        return lazy_gettext("%(role)s of %(team)s", role=words, team=team.name)
    return words


def _missing(role: str, meant: Sequence[Person]) -> Any:
    """Why the role itself is told to nobody."""
    if not meant:
        if role in ROLE_WORDS:
            return lazy_gettext("there is no %(role)s", role=ROLE_WORDS[role])
        return lazy_gettext("there is no %(address)s", address=role.removeprefix("person:"))
    if any(person.address for person in meant):
        return lazy_gettext("%(name)s is away", name=meant[0].name)
    return lazy_gettext("%(name)s has no mail address", name=meant[0].name)


def _present(
    person: Person, role: str, words: Any, at: datetime, away: people.Substitutes
) -> Told | None:
    """The person or a substitute, whoever is there and can be told by mail."""
    found = people.reachable(person, at, substitutes=away)
    if found is None:
        return None
    if found.id == person.id:
        return Told(found, role, words)
    instead = lazy_gettext("for %(name)s, who is away", name=person.name)
    words = lazy_gettext("%(role)s's substitute", role=words)
    return Told(found, role, words, instead, absent=person)


def _fallback(
    ticket: Ticket, role: str, missing: Any, at: datetime, present: Collection[int]
) -> Told:
    found = first_reachable(_chain(ticket, at), at=at, present=present)
    if found is not None:
        because = lazy_gettext("because %(why)s", why=missing)
        return Told(found, role, lazy_gettext("next in line"), because)
    everybody = [each for each in [*people.agents(), *_chain(ticket, at)] if each.is_agent]
    if not everybody:
        raise Refusal(_("There is nobody at all to tell: add an administrator."))
    last = next((person for person in reversed(everybody) if person.address), everybody[-1])
    because = lazy_gettext("because %(why)s and nobody is present", why=missing)
    return Told(last, role, lazy_gettext("last in line"), because)


def last_in_line(ticket: Ticket, *, at: datetime, without: Collection[int] = ()) -> Person | None:
    """The first of lead, managers and administrators, or of who stands in, who can be told.

    ``without`` are ids of people who are not asked again; None when there is nobody else.
    """
    return first_reachable(_chain(ticket, at), at=at, without=without)


def first_reachable(
    chain: Iterable[Person],
    *,
    at: datetime,
    without: Collection[int] = (),
    present: Collection[int] = (),
) -> Person | None:
    """The first agent of a fallback chain, or who stands in for one, who can be told.

    ``present`` are people of whom it is known that they are not away.
    """
    answers = (
        people.reachable(person, at, substitutes={} if person.id in present else None)
        for person in chain
    )
    told = (found for found in answers if found is not None and found.is_agent)
    return next((found for found in told if found.id not in without), None)


def _chain(ticket: Ticket, at: datetime) -> Iterator[Person]:
    """Lead, managers, administrators; who is behind the first who can be told is not asked."""
    yield from _meant("team_lead", ticket, at)
    yield from people.managers()
    yield from people.admins()


def _one(person_id: int | None) -> Sequence[Person]:
    person = db.session.get(Person, person_id) if person_id else None
    return [person] if person and person.is_active else ()


def _team_of(ticket: Ticket) -> Team | None:
    return db.session.get(Team, ticket.team_id) if ticket.team_id else None
