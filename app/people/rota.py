"""A team's rota: who is on call when, by weekly shifts and by swaps.

A shift holds while the wall clock of the team's zone reads a time within it; one whose end is
not after its start runs into the next day. What the clock skips is in no shift, what it shows
twice counts twice. Source: escalation.md, "Ladders" (on-call).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.businesstime import Calendar
from app.database import db
from app.people.models import Person, RotaShift, RotaSwap, Team

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stretch:
    """`[starts_at, ends_at)` in which the same people are on call; nobody is a gap.

    `swap` is the swap that put them there.
    """

    starts_at: datetime
    ends_at: datetime
    people: tuple[Person, ...]
    swap: RotaSwap | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the week and its stretches, from midnight to midnight in the team's zone."""

    on: date
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A team's week from a Monday on: its days, and the gaps in it with their true ends."""

    days: tuple[Day, ...]
    gaps: tuple[Stretch, ...]


def on_call(team_id: int, *, at: datetime) -> list[Person]:
    """Who is on call for a team at ``at``, by name; empty in a gap and without a rota.

    Whether they are away is not asked here: absences have their own chain of substitutes.
    """
    team = db.session.get(Team, team_id)
    if team is None:
        return []
    return list(_Plan.of(team, at, at + timedelta(seconds=1)).on_call(at)[0])


def has_rota(team_id: int) -> bool:
    """Whether the team has any weekly shift."""
    return db.session.scalar(select(RotaShift.id).where(RotaShift.team_id == team_id)) is not None


def shifts_of(team_id: int) -> Sequence[tuple[RotaShift, Person]]:
    """The weekly shifts of a team with whom they belong to, Monday first."""
    query = (
        select(RotaShift, Person)
        .join(Person, Person.id == RotaShift.person_id)
        .where(RotaShift.team_id == team_id)
        .order_by(RotaShift.weekday, RotaShift.starts, Person.name, RotaShift.id)
    )
    return [(shift, person) for shift, person in db.session.execute(query)]


def swaps_of(team_id: int, *, at: datetime) -> Sequence[RotaSwap]:
    """The swaps of a team that last at ``at`` or come later, the earliest first."""
    return db.session.scalars(
        select(RotaSwap)
        .where(RotaSwap.team_id == team_id, RotaSwap.ends_at > at)
        .order_by(RotaSwap.starts_at, RotaSwap.id)
    ).all()


def week(team: Team, monday: date) -> Week:
    """Who is on call in the seven days from ``monday`` on, in the team's zone.

    Gaps that touch the week are told with where they really begin and end, at most a week
    before and after it.
    """
    starts_at, ends_at = midnight(monday, team.zone), midnight(monday + WEEK, team.zone)
    first, last = midnight(monday - WEEK, team.zone), midnight(monday + 2 * WEEK, team.zone)
    plan = _Plan.of(team, first, last)
    days = []
    for number in range(7):
        on = monday + number * DAY
        cut = plan.stretches(midnight(on, team.zone), midnight(on + DAY, team.zone))
        days.append(Day(on, tuple(cut)))
    gaps = [
        stretch
        for stretch in plan.stretches(first, last)
        if not stretch.people and stretch.starts_at < ends_at and stretch.ends_at > starts_at
    ]
    return Week(tuple(days), tuple(gaps))


def stretch_at(team: Team, at: datetime) -> Stretch:
    """Who is on call from ``at`` on and until when, looking at most a week ahead."""
    return _Plan.of(team, at, at + WEEK).stretches(at, at + WEEK)[0]


def is_on_call_between(team: Team, person: Person, since: datetime, until: datetime) -> bool:
    """Whether the person is on call for the team at some instant of ``[since, until)``."""
    cut = _Plan.of(team, since, until).stretches(since, until)
    return any(person in stretch.people for stretch in cut)


def midnight(on: date, zone: str) -> datetime:
    """The instant at which a date begins in a zone."""
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A team's shifts, its swaps in the order they were made, and their people by id."""

    zone: ZoneInfo
    shifts: Sequence[RotaShift]
    swaps: Sequence[RotaSwap]
    people: dict[int, Person]

    @classmethod
    def of(cls, team: Team, since: datetime, until: datetime) -> "_Plan":
        shifts = db.session.scalars(select(RotaShift).where(RotaShift.team_id == team.id)).all()
        swaps = db.session.scalars(
            select(RotaSwap)
            .where(
                RotaSwap.team_id == team.id, RotaSwap.ends_at > since, RotaSwap.starts_at < until
            )
            .order_by(RotaSwap.id)
        ).all()
        ids = {shift.person_id for shift in shifts} | {swap.person_id for swap in swaps}
        people = db.session.scalars(select(Person).where(Person.id.in_(ids), Person.is_active))
        return cls(ZoneInfo(team.zone), shifts, swaps, {person.id: person for person in people})

    def on_call(self, at: datetime) -> tuple[tuple[Person, ...], RotaSwap | None]:
        """Who is on call at ``at`` and the last swap that made it so.

        A swap for one person takes over their shifts; one for everybody puts its person on
        call throughout, gaps included. Of several that overlap the one made later counts.
        """
        on = {shift.person_id for shift in self.shifts if holds(shift, at, self.zone)}
        made_so = None
        for swap in self.swaps:
            if not swap.starts_at <= at < swap.ends_at:
                continue
            if swap.instead_of_id is None:
                on, made_so = {swap.person_id}, swap
            elif swap.instead_of_id in on:
                on, made_so = on - {swap.instead_of_id} | {swap.person_id}, swap
        people = [self.people[id] for id in on if id in self.people]
        return tuple(sorted(people, key=lambda person: (person.name, person.id))), made_so

    def stretches(self, since: datetime, until: datetime) -> list[Stretch]:
        """`[since, until)` cut where somebody else is on call, in order and without a gap."""
        found: list[Stretch] = []
        edges = sorted({since, until, *self._edges(since, until)})
        for starts_at, ends_at in pairwise(edges):
            people, swap = self.on_call(starts_at)
            if found and (found[-1].people, found[-1].swap) == (people, swap):
                starts_at = found.pop().starts_at
            found.append(Stretch(starts_at, ends_at, people, swap))
        return found

    def _edges(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Every instant between at which a shift or a swap begins or ends."""
        windows: dict[int, dict[int, list[tuple[str, str]]]] = {}
        for shift in self.shifts:
            days = windows.setdefault(shift.person_id, {})
            days.setdefault(shift.weekday, []).append((shift.starts, shift.ends))
        inside = [
            at
            for days in windows.values()
            for span in Calendar(self.zone.key, days).spans(since, until)
            for at in (span.starts_at, span.ends_at)
        ]
        inside += [at for swap in self.swaps for at in (swap.starts_at, swap.ends_at)]
        return (at for at in inside if since < at < until)


def holds(shift: RotaShift, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clock reads a time of this shift at ``at``."""
    local = at.astimezone(zone)
    reading = f"{local:%H:%M}"
    is_overnight = shift.ends <= shift.starts
    if local.weekday() == shift.weekday and shift.starts <= reading:
        return is_overnight or reading < shift.ends
    began_yesterday = (shift.weekday + 1) % 7 == local.weekday()
    return is_overnight and began_yesterday and reading < shift.ends
