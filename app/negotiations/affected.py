"""Whom a version concerns: who signs it, who looks after it, who keeps it, who asks under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.agreements.models import Agreement, AgreementVersion, Coverage
from app.catalogue.models import Service
from app.database import db
from app.people import grants
from app.people.models import GrantKind, Person, Team, TeamMember
from app.tickets.models import Ticket


@dataclass(frozen=True)
class Affected:
    """The people of both parties; ``requesters`` and ``open_tickets`` are only counted.

    ``keepers`` lead or belong to the teams that give the services which the version covers.
    """

    client: Sequence[Person]
    provider: Sequence[Person]
    keepers: Sequence[Person]
    requesters: int
    open_tickets: int

    @property
    def to_tell(self) -> list[Person]:
        """Everybody who is told when it takes effect, once each."""
        return list(dict.fromkeys([*self.client, *self.provider, *self.keepers]))


def by(agreement: Agreement, version: AgreementVersion) -> Affected:
    """Whom the version concerns as things stand now."""
    return Affected(
        client=grants.holders(agreement.client_id, *GrantKind),
        provider=grants.holders(agreement.provider_id, *GrantKind),
        keepers=_keepers(version),
        requesters=_requesters(agreement),
        open_tickets=_open_tickets(agreement),
    )


def _keepers(version: AgreementVersion) -> Sequence[Person]:
    """Leads and members of the teams of the covered services; of all where any is covered."""
    covered = set(
        db.session.scalars(select(Coverage.service_id).where(Coverage.version_id == version.id))
    )
    teams = select(Service.team_id).where(Service.team_id.is_not(None))
    if None not in covered:
        teams = teams.where(Service.id.in_(covered))
    members = select(TeamMember.person_id).where(TeamMember.team_id.in_(teams))
    leads = select(Team.lead_id).where(Team.id.in_(teams), Team.lead_id.is_not(None))
    query = select(Person).where(
        or_(Person.id.in_(members), Person.id.in_(leads)), Person.is_active
    )
    return db.session.scalars(query.order_by(Person.name, Person.id)).all()


def _requesters(agreement: Agreement) -> int:
    query = select(func.count(Person.id)).where(Person.is_active)
    if agreement.client_id is not None:
        query = query.where(Person.organisation_id == agreement.client_id)
    return db.session.scalar(query) or 0


def _open_tickets(agreement: Agreement) -> int:
    versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement.id)
    query = select(func.count(Ticket.id)).where(Ticket.version_id.in_(versions), Ticket.is_open)
    return db.session.scalar(query) or 0
