"""Tables of the catalogue: services, and the requests one can make of them."""

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue.words import Kind, Priority
from app.database import Base
from app.people.models import Team


class Service(Base):
    """Something the provider does for its clients."""

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(Text, default="")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class RequestType(Base):
    """One tile of the portal: a kind of request with its form.

    ``choices`` is a list of ``{"label": …, "priority": …}``: the words by which a requester
    picks a priority without knowing it.
    """

    __tablename__ = "request_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str]
    title: Mapped[str]
    kind: Mapped[Kind]
    help: Mapped[str] = mapped_column(Text, default="")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    default_priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    service: Mapped[Service] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class ContingencyPlan(Base):
    """What is to be done when a service fails: steps that an escalation or a person starts.

    ``steps`` is a list of sentences; ``service_id`` empty means that it fits any service.
    """

    __tablename__ = "contingency_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    steps: Mapped[list[str]]
    is_active: Mapped[bool] = mapped_column(default=True)
