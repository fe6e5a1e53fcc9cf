"""Tables of people: organisations, persons, teams, absences, sign-in sessions.

Addresses and mail domains are stored in lower case. Sources: product.md "Who uses it",
security.md "Sign-in".
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.languages import lazy_gettext


class Role(StrEnum):
    """What a person is here; everybody has exactly one."""

    REQUESTER = "requester"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role as people read it."""
        return str(_ROLES[self])


_ROLES = {
    Role.REQUESTER: lazy_gettext("requester"),
    Role.AGENT: lazy_gettext("agent"),
    Role.MANAGER: lazy_gettext("manager"),
    Role.ADMIN: lazy_gettext("administrator"),
}


class GrantKind(StrEnum):
    """What a grant lets a person do in the name of an organisation, the provider's too.

    An agreement editor writes and proposes agreements, a signatory signs them.
    """

    SIGNATORY = "signatory"
    AGREEMENT_EDITOR = "agreement_editor"
    CONTACT = "contact"


class Assigning(StrEnum):
    """How a team's tickets find their assignee."""

    BY_HAND = "by_hand"
    ROUND_ROBIN = "round_robin"
    BY_LOAD = "by_load"


class Density(StrEnum):
    """How much air the rows of a person's queue have."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Organisation(Base):
    """A company that asks for help, or the provider that gives it.

    Where it shares requests, its people read each other's.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]
    is_provider: Mapped[bool] = mapped_column(default=False)
    shares_requests: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class OrganisationDomain(Base):
    """A mail domain whose senders belong to an organisation."""

    __tablename__ = "organisation_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    domain: Mapped[str] = mapped_column(unique=True)


class Person(Base):
    """Somebody with a name: requester, agent, manager or administrator.

    Somebody who only calls has no ``address``; somebody who never signs in has no
    ``password_hash``. An agent who `is_limited` sees the tickets of their teams alone;
    ``capacity`` is how many open tickets they are given at most, None without a limit.
    ``default_view`` is a ready-made view's name or a saved one's id.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[Role]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    zone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[str | None]
    density: Mapped[Density] = mapped_column(
        default=Density.COMFORTABLE, server_default=Density.COMFORTABLE.value
    )
    signature: Mapped[str] = mapped_column(Text, default="", server_default="")
    uses_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_limited: Mapped[bool] = mapped_column(default=False, server_default=false())
    capacity: Mapped[int | None]
    default_view: Mapped[str | None]
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def is_agent(self) -> bool:
        """Whether this person works tickets: agents, managers, administrators."""
        return self.role is not Role.REQUESTER

    @property
    def may_manage(self) -> bool:
        """Whether this person may run the service: managers and administrators."""
        return self.role in (Role.MANAGER, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        """Whether this person runs the installation."""
        return self.role is Role.ADMIN

    def zone_or(self, house: str) -> str:
        """The person's own time zone, else ``house``."""
        return self.zone or house


class Team(Base):
    """A group of agents with a queue of its own and perhaps a lead.

    ``last_assigned_id`` is whose turn was the last where tickets go round.
    """

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    zone: Mapped[str]
    assigning: Mapped[Assigning] = mapped_column(
        default=Assigning.BY_HAND, server_default=Assigning.BY_HAND.value
    )
    last_assigned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    lead: Mapped[Person | None] = relationship(foreign_keys=[lead_id], lazy="raise_on_sql")


class TeamMember(Base):
    """A person's place in a team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Absence(Base):
    """A span ``[starts_at, ends_at)`` in which somebody else stands in, or nobody."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_absence_person_id_ends_at", "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")


class RotaShift(Base):
    """A weekly shift of a team's rota, in the team's zone; 0 is Monday.

    `starts` and `ends` read "09:00"; a shift whose end is not after its start runs into the
    next day.
    """

    __tablename__ = "rota_shift"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts <> ends", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[str]
    ends: Mapped[str]


class RotaSwap(Base):
    """A span ``[starts_at, ends_at)`` in which somebody takes a team's shifts over.

    It takes over everybody's shifts, or those of `instead_of_id` alone.
    """

    __tablename__ = "rota_swap"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_rota_swap_team_id_ends_at", "team_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]


class SignInSession(Base):
    """A signed-in browser. Only the SHA-256 of its token is stored."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]
    user_agent: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class SignInFailure(Base):
    """One wrong try; ``account`` is a hash of what was typed, for people mistype secrets."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_account_network_at", "account", "network", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    network: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class SignatoryGrant(Base):
    """What a person may do in the name of an organisation: write, sign, or be its contact."""

    __tablename__ = "signatory_grant"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[GrantKind]


class GrantEvent(Base):
    """A grant was given or taken: append-only, the history of `signatory_grant`."""

    __tablename__ = "grant_event"
    __table_args__ = (Index("ix_grant_event_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[GrantKind]
    given: Mapped[bool]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Purpose(StrEnum):
    """What a token is good for; it is good for nothing else."""

    JOIN = "join"
    RESET = "reset"
    PROVE = "prove"
    CHANGE_ADDRESS = "change_address"


class Token(Base):
    """A link sent to one mailbox for one purpose, once; only its SHA-256 is stored.

    ``facts`` is what it completes: the name of somebody who joins, the request that waits.
    ``network`` is where it was asked for.
    """

    __tablename__ = "token"
    __table_args__ = (
        Index("ix_token_address_made_at", "address", "made_at"),
        Index("ix_token_network_made_at", "network", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[Purpose]
    address: Mapped[str]
    network: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """A person's own link to their agreements' dates; only the SHA-256 of its token is stored.

    A new one revokes the one before: a person has one row.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
