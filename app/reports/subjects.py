"""Whom a page of the week is about: everybody's promises, a team's, or those of an agreement."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.agreements.models import Agreement
from app.catalogue.models import Service
from app.clocks import words
from app.database import db
from app.errors import NotFound
from app.languages import gettext as _
from app.measures.cohort import Choice, Scope
from app.people.access import Sight
from app.people.models import Team

T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """A scope with its zone, its name ("" for all) and how it is written in a URL."""

    scope: Scope
    zone: str
    name: str = ""
    team: str | None = None
    agreement: str | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments that name it in a URL."""
        given = {"team": self.team, "agreement": self.agreement}
        return {key: value for key, value in given.items() if value is not None}


def find(sight: Sight, *, team: str | None, agreement: str | None, house_zone: str) -> Subject:
    """The subject that a URL names by a team's slug, an agreement's key, both or neither.

    Its week runs in the zone of the agreement, else the team, else the house (product.md, "The
    weekly page"). Raises `NotFound` for a name that nobody has.
    """
    found_team = _one(Team, Team.slug, team) if team else None
    found = _one(Agreement, Agreement.key, agreement) if agreement else None
    names = [thing for thing in (found and found.title, found_team and found_team.name) if thing]
    zones = [thing.zone for thing in (found, found_team) if thing]
    return Subject(
        Scope(
            sight,
            team_id=found_team.id if found_team else None,
            agreement_id=found.id if found else None,
        ),
        zone=zones[0] if zones else house_zone,
        name=", ".join(names),
        team=team if found_team else None,
        agreement=agreement if found else None,
    )


def others() -> list[tuple[str, dict[str, str]]]:
    """The names of all teams and agreements, each with the arguments that choose it."""
    teams = db.session.execute(select(Team.name, Team.slug).order_by(Team.name))
    titles = db.session.execute(select(Agreement.title, Agreement.key).order_by(Agreement.title))
    return [
        *((name, {"team": slug}) for name, slug in teams),
        *((title, {"agreement": key}) for title, key in titles),
    ]


def facets(choice: Choice) -> list[str]:
    """What a choice narrows to, in words: "Resolution", "Managed workplace", "High"."""
    found = [words.measure(choice.measure)] if choice.measure else []
    for kind, id, none in (
        (Service, choice.service_id, _("without a service")),
        (Team, choice.team_id, _("without a team")),
    ):
        if id is not None:
            name = db.session.scalar(select(kind.name).where(kind.id == id)) if id else None
            found.append(name or none)
    if choice.priority is not None:
        found.append(choice.priority.label)
    return found


def _one(kind: type[T], column: InstrumentedAttribute[str], name: str) -> T:
    # PostgreSQL takes no NUL, so what cannot be printed is not even looked for.
    query = select(kind).where(column == name)
    found = db.session.scalar(query) if name.isprintable() else None
    if found is None:
        raise NotFound(f"There is no such {kind.__name__.lower()}.")
    return found
