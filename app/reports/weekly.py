"""The week on one page: one value that the page and the CSV are both made of.

Source: product.md, "The weekly page".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.catalogue.models import Service
from app.catalogue.words import Priority
from app.clocks import words
from app.database import db
from app.languages import gettext as _
from app.measures import attainment, backlog, listing
from app.measures.attainment import Part, Tally
from app.measures.backlog import Backlog, OpenTicket
from app.measures.cohort import NONE, Choice, State
from app.measures.listing import Promise
from app.measures.weeks import Week
from app.people.models import Team
from app.reports.subjects import Subject

SERIES = 8
SHOWN, AT_RISK, OLDEST = 20, 10, 10
"""Lines of the lists; what is left out is one click away."""
ALWAYS = ("first_response", "next_response", "resolution")
ORDER = (
    "acknowledgement",
    "first_response",
    "next_response",
    "update",
    "workaround",
    "resolution",
)


@dataclass(frozen=True)
class Figure:
    """Promises that belong together: this week, the week before, and which they are.

    ``series`` is the percent kept of `SERIES` weeks, oldest first, where it is known.
    """

    label: str
    choice: Choice
    this: Tally
    last: Tally
    series: tuple[int | None, ...] = ()

    @property
    def points(self) -> int | None:
        """The change in whole points of percent, as the two are shown; None without both."""
        if self.this.percent is None or self.last.percent is None:
            return None
        return self.this.percent - self.last.percent


@dataclass(frozen=True)
class Group:
    """A table of figures: "By service"."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Missed:
    """Missed promises of one outcome, worst first; ``count`` is of all, shown or not."""

    state: State
    count: int
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class WeeklyPage:
    """Every figure of one week of one subject, judged at ``at``."""

    subject: Subject
    week: Week
    at: datetime
    total: Figure
    measures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    backlog: tuple[Backlog, ...]
    missed: tuple[Missed, ...]
    causes: Mapping[int, str]
    at_risk: tuple[Promise, ...]
    oldest: tuple[OpenTicket, ...]
    paused: int
    unanswered: int

    @property
    def is_running(self) -> bool:
        """Whether the week is not over yet."""
        return self.at < self.week.ends_at

    @property
    def is_empty(self) -> bool:
        """Whether no promise fell due in it, nor will one that runs now."""
        this = self.total.this
        return not (this.counted or this.to_come or this.excluded)


def compose(subject: Subject, week: Week, *, at: datetime) -> WeeklyPage:
    """The page of ``week`` for ``subject``, as things stand at ``at``."""
    scope, weeks = subject.scope, week.last(SERIES)
    tallies = attainment.by_measure(scope, weeks, at=at)
    total = _summed(_("All promises"), Choice(), tallies, weeks)
    parts = attainment.by_part(scope, weeks[-2:], at=at)
    missed = tuple(_missed(subject, week, total.this, at))
    shown = (promise for group in missed for promise in group.promises)
    return WeeklyPage(
        subject=subject,
        week=week,
        at=at,
        total=total,
        measures=tuple(_measures(tallies, weeks)),
        groups=tuple(_groups(parts, week)),
        backlog=tuple(backlog.by_week(scope, weeks, at=at)),
        missed=missed,
        causes=listing.causes(promise.ticket_id for promise in shown),
        at_risk=tuple(listing.at_risk(scope, at=at, limit=AT_RISK)),
        oldest=tuple(backlog.oldest(scope, limit=OLDEST)),
        paused=attainment.paused(scope, at=at),
        unanswered=backlog.unanswered(scope, week),
    )


def _summed(
    label: str,
    choice: Choice,
    tallies: Mapping[tuple[Week, str], Tally],
    weeks: Sequence[Week],
) -> Figure:
    by_week = {week: Tally() for week in weeks}
    for (week, measure), tally in tallies.items():
        if choice.measure in (None, measure):
            by_week[week] += tally
    *_before, last, this = by_week.values()
    series = tuple(tally.percent for tally in by_week.values())
    return Figure(label, choice, this, last, series)


def _measures(tallies: Mapping[tuple[Week, str], Tally], weeks: Sequence[Week]) -> Iterable[Figure]:
    """The three that every agreement has, and any other that something was promised for."""
    found = {measure for _week, measure in tallies}
    others = sorted(found - set(ORDER))
    for measure in (*ORDER, *others):
        if measure in ALWAYS or measure in found:
            yield _summed(words.measure(measure), Choice(measure=measure), tallies, weeks)


def _groups(parts: Sequence[Part], week: Week) -> Iterable[Group]:
    """By service and by team, the most promises first, and by priority, the most urgent first."""
    names = {NONE: _("Without a service"), **_names(Service)}
    split = _split(parts, week, lambda part: part.service_id or NONE)
    yield Group(
        _("By service"),
        _largest(Figure(names[id], Choice(service_id=id), *both) for id, both in split.items()),
    )
    names = {NONE: _("Without a team"), **_names(Team)}
    split = _split(parts, week, lambda part: part.team_id or NONE)
    yield Group(
        _("By team"),
        _largest(Figure(names[id], Choice(team_id=id), *both) for id, both in split.items()),
    )
    ranked = _split(parts, week, lambda part: part.priority.rank)
    yield Group(
        _("By priority"),
        tuple(
            Figure(priority.label, Choice(priority=priority), *ranked[priority.rank])
            for priority in Priority
            if priority.rank in ranked
        ),
    )


def _split(
    parts: Sequence[Part], week: Week, key: Callable[[Part], int]
) -> dict[int, tuple[Tally, Tally]]:
    """The tallies of ``week`` and of the week before, by ``key``, where either has one."""
    found: dict[int, tuple[Tally, Tally]] = {}
    for part in parts:
        this, last = found.get(key(part), (Tally(), Tally()))
        pair = (this + part.tally, last) if part.week == week else (this, last + part.tally)
        found[key(part)] = pair
    return {which: pair for which, pair in found.items() if pair[0].counted or pair[1].counted}


def _largest(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(figures, key=lambda figure: (-figure.this.counted, figure.label)))


def _names(kind: type[Service] | type[Team]) -> dict[int, str]:
    return {id: name for id, name in db.session.execute(select(kind.id, kind.name))}


def _missed(subject: Subject, week: Week, this: Tally, at: datetime) -> Iterable[Missed]:
    counts = ((State.OPEN, this.still_open), (State.LATE, this.late), (State.ENDED, this.ended))
    for state, count in counts:
        if count:
            promises = listing.worst(subject.scope, state, week, at=at, limit=SHOWN)
            yield Missed(state, count, tuple(promises))
