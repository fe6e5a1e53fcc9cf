"""What is wrong in a draft, and what is doubtful, each with its place in the editor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.agreements import documents, feasibility, loading, reading, stored
from app.agreements.findings import Circumstances, Crew
from app.agreements.models import Agreement
from app.agreements.parts import Document, Known
from app.agreements.words import Party
from app.catalogue import queries as catalogue
from app.catalogue.models import Service
from app.database import db
from app.errors import NotFound
from app.languages import gettext as _
from app.negotiations import outline
from app.negotiations.models import Draft
from app.negotiations.outline import Place
from app.people import grants, rota
from app.people import queries as people
from app.people.models import GrantKind, Organisation, Person, Team
from app.qualifications.models import (
    HeldQualification,
    Qualification,
    RequiredQualification,
)

WEEK = timedelta(days=7)


class Weight(StrEnum):
    """What follows: a mistake keeps a draft from being proposed, a doubt does not."""

    MISTAKE = "mistake"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Checked:
    """A finding with its place; ``words`` explain it."""

    weight: Weight
    title: str
    words: str
    place: Place


def checked(draft: Draft, *, at: datetime) -> list[Checked]:
    """Everything that is wrong or doubtful in the draft, mistakes first."""
    values = stored.values_from(draft.values)
    document, mistakes = documents.attempted(values, known=known(draft, at=at))
    found = [_mistake(draft.values, mistake) for mistake in mistakes]
    around = circumstances(draft, document, at=at)
    wrong = {one.place.part for one in found}
    for finding in feasibility.findings(document, draft.values, around):
        place = outline.place_of(draft.values, finding.path)
        if place.part not in wrong or place.part == "contacts":
            found.append(Checked(Weight.DOUBT, finding.title, finding.words, place))
    return found


def known(draft: Draft, *, at: datetime) -> Known:
    """What the draft may name. A client hears of no agreement and no organisation but its own."""
    everything = loading.known(at)
    own = db.session.get(Agreement, draft.agreement_id) if draft.agreement_id else None
    agreements = {key: it for key, it in everything.agreements.items() if own and key == own.key}
    if draft.party is Party.PROVIDER:
        house = {key: it for key, it in everything.agreements.items() if not it.client}
        return replace(everything, agreements=agreements | house)
    names = db.session.scalars(
        select(Organisation.name).where(
            Organisation.is_provider | (Organisation.id == draft.organisation_id)
        )
    )
    organisations = frozenset(names)
    domains = {domain: name for domain, name in everything.domains.items() if name in organisations}
    return replace(everything, agreements=agreements, organisations=organisations, domains=domains)


def circumstances(draft: Draft, document: Document, *, at: datetime) -> Circumstances:
    """The teams, rotas, owners, qualifications and people that the draft would rest on.

    To a client only what is its own business: how the provider is staffed is none of it.
    """
    monday = at.date() + timedelta(days=7 - at.weekday())
    week = (rota.midnight(monday, document.zone), rota.midnight(monday + WEEK, document.zone))
    client = people.find_organisation_by_name(document.client) if document.client else None
    around = Circumstances(
        today=at.date(),
        week=week,
        cannot_sign=_cannot_sign(draft, document),
        cannot_read=_cannot_read(draft, document),
        has_client_contact=client is None or bool(people.contacts_of(client.id)),
    )
    if draft.party is Party.CLIENT:
        return around
    services = catalogue.services()
    teams = people.teams()
    names = {team.id: team.name for team in teams}
    team_of = {one.key: names[one.team_id] for one in services if one.team_id in names}
    team_of |= {part.key: part.team for part in document.services if part.team in names.values()}
    addresses = select(Person.address).where(Person.is_active, Person.address.is_not(None))
    return replace(
        around,
        crews={team.name: _crew(team, monday) for team in teams},
        team_of=team_of,
        owned=frozenset(one.key for one in services if one.owner_id is not None),
        unqualified=_unqualified(at.date()),
        addresses=frozenset(one for one in db.session.scalars(addresses) if one),
    )


def _mistake(values: Mapping[str, Any], mistake: str) -> Checked:
    path, _colon, sentence = mistake.partition(": ")
    place = outline.place_of(values, path)
    said = _("Fill this in.") if reading.is_missing(sentence) else sentence or path
    return Checked(Weight.MISTAKE, _label(values, place), said[:1].upper() + said[1:], place)


def _label(values: Mapping[str, Any], place: Place) -> str:
    """What the editor calls the place: "Gold: Calendar"."""
    try:
        part = outline.part(values, place.part)
    except NotFound:
        return place.part
    fields = {field.name: field.label for field in part.layout.fields}
    for rows in part.layout.rows:
        fields |= {f"{rows.name}.{field.name}": field.label for field in rows.fields}
    steps = place.field.split(".")
    title = part.title or _("Without a title")
    label = fields.get(place.field) or fields.get(".".join([*steps[:1], *steps[2:]]), "")
    words = {rows.name: rows.label for rows in part.layout.rows}
    if len(steps) > 1 and steps[0] in words:
        row = f"{words[steps[0]]} {int(steps[1]) + 1}"
        title = row if part.key == steps[0] else f"{title}, {row[:1].lower()}{row[1:]}"
    return f"{title}: {label}" if label else title


def _cannot_sign(draft: Draft, document: Document) -> list[str]:
    """The parties for which nobody holds the grant to sign."""
    parties = [name for name in (document.provider, document.client) if name]
    found = [(name, people.find_organisation_by_name(name)) for name in parties]
    return [
        name
        for name, organisation in found
        if organisation is not None
        and (draft.party is Party.PROVIDER or organisation.id == draft.organisation_id)
        and not grants.holders(organisation.id, GrantKind.SIGNATORY)
    ]


def _cannot_read(draft: Draft, document: Document) -> frozenset[str]:
    """The addresses of contacts of the client who are people here and hold no grant to read it.

    The provider's agents are told in letters; what they read of agreements is its managers' matter.
    """
    named = {one.address.lower() for one in document.contacts if one.address}
    query = select(Person).where(Person.address.in_(named), Person.is_active)
    known = db.session.scalars(query).all() if named else []
    own = [
        one
        for one in known
        if not one.is_agent
        and (draft.party is Party.PROVIDER or one.organisation_id == draft.organisation_id)
    ]
    reads = {id: set(grants.holders(id, *GrantKind)) for id in {one.organisation_id for one in own}}
    return frozenset(
        one.address for one in own if one.address and one not in reads[one.organisation_id]
    )


def _crew(team: Team, monday: date) -> Crew:
    if not rota.has_rota(team.id):
        return Crew(has_lead=team.lead_id is not None, has_rota=False)
    since, until = rota.midnight(monday, team.zone), rota.midnight(monday + WEEK, team.zone)
    gaps = [
        (max(gap.starts_at, since), min(gap.ends_at, until)) for gap in rota.week(team, monday).gaps
    ]
    return Crew(has_lead=team.lead_id is not None, has_rota=True, gaps=gaps)


def _unqualified(on: date) -> dict[str, list[str]]:
    """What a service requires and nobody active holds on a day, by the service's key."""
    holders = (
        select(HeldQualification.qualification_id)
        .join(Person, Person.id == HeldQualification.person_id)
        .where(
            Person.is_active,
            HeldQualification.withdrawn_at.is_(None),
            HeldQualification.since_on <= on,
            HeldQualification.expires_on.is_(None) | (HeldQualification.expires_on >= on),
        )
    )
    query = (
        select(Service.key, Qualification.name)
        .join(RequiredQualification, RequiredQualification.service_id == Service.id)
        .join(Qualification, Qualification.id == RequiredQualification.qualification_id)
        .where(Qualification.retired_at.is_(None), Qualification.id.not_in(holders))
        .order_by(Service.key, Qualification.name)
    )
    found: dict[str, list[str]] = {}
    for key, name in db.session.execute(query):
        found.setdefault(key, []).append(name)
    return found
