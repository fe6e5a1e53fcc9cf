"""Who is told when a ladder calls somebody: the fallback chain of one person, in words.

As `responsible` finds it for a ticket: the person, else a substitute, else the lead of the
ticket's team, else managers, else administrators. Source: escalation.md, "Ladders".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.escalation.responsible import first_reachable
from app.languages import gettext as _
from app.people import absences
from app.people import queries as people
from app.people.models import Absence, Person, Team


@dataclass(frozen=True)
class Answer:
    """Somebody who is told, and for which tickets; `team` is None for those of all others."""

    person: Person
    team: Team | None = None


@dataclass(frozen=True)
class Chain:
    """Who is told when a ladder calls `person`: themselves, a substitute, or next in line."""

    person: Person
    stand_in: Person | None
    next_in_line: tuple[Answer, ...]

    @property
    def words(self) -> str:
        """The chain in a sentence."""
        first = self.person.name.split()[0]
        if self.stand_in is not None and self.stand_in.id == self.person.id:
            return _("A ladder that calls %(name)s reaches %(name)s: nobody stands in.", name=first)
        if self.stand_in is not None:
            return _(
                "If a ladder calls %(name)s now, %(substitute)s is told, who stands in.",
                name=first,
                substitute=self.stand_in.name,
            )
        if not self.next_in_line:
            return _(
                "If a ladder calls %(name)s now, everybody is away: the last administrator is told "
                "all the same.",
                name=first,
            )
        if len(self.next_in_line) == 1:
            return _(
                "If a ladder calls %(name)s now, nobody stands in: %(next)s is told.",
                name=first,
                next=self.next_in_line[0].person.name,
            )
        return _(
            "If a ladder calls %(name)s now, nobody stands in: %(told)s.",
            name=first,
            told=_(", ").join(map(_told, self.next_in_line)),
        )


def chain_of(person: Person, *, at: datetime) -> Chain:
    """Whom a ladder that calls ``person`` reaches at ``at``."""
    stand_in = people.reachable(person, at)
    if stand_in is not None:
        return Chain(person, stand_in, ())
    return Chain(person, None, tuple(_next_in_line(person, at)))


def doubts(absence: Absence) -> list[str]:
    """What speaks against an absence as it stands: warnings, no refusals."""
    person = people.person(absence.person_id)
    if absence.substitute_id is None:
        return []
    substitute = people.person(absence.substitute_id)
    found = []
    if not substitute.address:
        found.append(_("%(name)s has no mail address, so nobody stands in.", name=substitute.name))
    away = absences.overlaps_of(substitute, starts_at=absence.starts_at, ends_at=absence.ends_at)
    for other in away:
        then = people.person(other.substitute_id).name if other.substitute_id else None
        if other.substitute_id == person.id:
            found.append(
                _(
                    "%(substitute)s is away in that time, too, and named %(person)s as substitute: "
                    "while both are away the next in line is told.",
                    substitute=substitute.name,
                    person=person.name,
                )
            )
        elif then:
            found.append(
                _(
                    "%(substitute)s is away in that time, too: then %(then)s stands in.",
                    substitute=substitute.name,
                    then=then,
                )
            )
        else:
            found.append(
                _(
                    "%(substitute)s is away in that time, too, without a substitute: then the next "
                    "in line is told.",
                    substitute=substitute.name,
                )
            )
    return list(dict.fromkeys(found))


def _next_in_line(person: Person, at: datetime) -> Iterable[Answer]:
    """The leads of the person's teams, each for its tickets; then the first of the others."""
    last = first_reachable([*people.managers(), *people.admins()], at=at)
    for team in people.teams_of(person.id):
        lead = people.person(team.lead_id) if team.lead_id else None
        found = first_reachable([lead], at=at) if lead is not None and lead.is_active else None
        if found is not None and (last is None or found.id != last.id):
            yield Answer(found, team)
    if last is not None:
        yield Answer(last)


def _told(answer: Answer) -> str:
    if answer.team is None:
        return _("%(name)s is told about all others", name=answer.person.name)
    return _(
        "%(name)s is told about tickets of %(team)s",
        name=answer.person.name,
        team=answer.team.name,
    )
