"""The band of promises on a ticket's page: a cell for each clock, and one for the ladder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from app.agreements.terms import RungTerms, Terms
from app.calendars import queries as calendars
from app.clocks import chips, explaining, ladders, rungs, words
from app.clocks import queries as clocks
from app.clocks.board import state_of
from app.clocks.chips import Chip
from app.clocks.models import Clock, Escalation
from app.desk import rows
from app.errors import Refusal
from app.escalation import rung_words
from app.escalation.responsible import Told, people_for
from app.languages import gettext as _
from app.languages import listed
from app.tickets import kept, queries
from app.tickets.acknowledging import is_owed
from app.tickets.models import Ticket


@dataclass(frozen=True)
class Cell:
    """One promise in the band: its clock and its chip; why it is due then has its own address."""

    clock: Clock
    chip: Chip


@dataclass(frozen=True)
class LadderCell:
    """What the ladder does next, when and to whom; and what it did last."""

    next: str
    last: str


@dataclass(frozen=True)
class Band:
    """A cell for the newest clock of each measure, in the order in which they began.

    ``clocks`` are all of the ticket's, ``known`` what the ladders of the open ones recorded.
    """

    cells: Sequence[Cell]
    ladder: LadderCell | None
    clocks: Sequence[Clock]
    known: Mapping[int, Sequence[Escalation]]

    @property
    def is_unacknowledged(self) -> bool:
        """Whether the requester waits for word that somebody has it in hand."""
        return is_owed(self.clocks)


def of(
    ticket: Ticket,
    *,
    zone: str,
    at: datetime,
    present_until: Mapping[int, datetime | None] = MappingProxyType({}),
) -> Band:
    """The band of ``ticket`` at ``at``, for a reader in ``zone``.

    ``present_until`` says until when people are surely not absent, as in `Beside`.
    """
    every, known = clocks.with_ladders(ticket.id)
    newest = {clock.measure: clock for clock in every}
    open_clocks = [clock for clock in every if clock.is_open]
    return Band(
        [_cell(ticket, clock, zone=zone, at=at) for clock in newest.values()],
        _ladder(ticket, open_clocks, known, present_until=present_until, zone=zone, at=at),
        every,
        known,
    )


def _cell(ticket: Ticket, clock: Clock, *, zone: str, at: datetime) -> Cell:
    calendar = calendars.value(clock.calendar_version_id)
    asks = ticket.requester.name if ticket.requester else None
    return Cell(
        clock=clock,
        chip=chips.chip_of(clock, calendar, zone, at, rows.waited_for(ticket.status, asks)),
    )


def explaining_of(
    clock: Clock, ticket: Ticket, *, zone: str, at: datetime
) -> explaining.Explanation:
    """Why this clock says what it says, for staff, and what each other priority would do."""
    others = queries.terms_under_other_priorities(ticket) if clock.is_open else None
    told = explaining.explain(clock, zone=zone, at=at, others=others)
    return replace(told, because=kept.part(told.because))


def _ladder(
    ticket: Ticket,
    open_clocks: Sequence[Clock],
    known: dict[int, list[Escalation]],
    *,
    present_until: Mapping[int, datetime | None],
    zone: str,
    at: datetime,
) -> LadderCell | None:
    """The ladder over all clocks; None where no ladder holds or no clock is open."""
    if not open_clocks:
        return None
    try:
        terms = queries.terms_of(ticket)
    except Refusal:
        return None
    if not terms.ladder:
        return None
    return LadderCell(
        next=_next(
            ticket, open_clocks, known, terms, present_until=present_until, zone=zone, at=at
        ),
        last=_last([one for each in known.values() for one in each], terms, zone=zone, at=at),
    )


def _next(
    ticket: Ticket,
    open_clocks: Sequence[Clock],
    known: dict[int, list[Escalation]],
    terms: Terms,
    *,
    present_until: Mapping[int, datetime | None],
    zone: str,
    at: datetime,
) -> str:
    ahead = [
        point
        for clock in open_clocks
        for point in rungs.points(state_of(clock), terms.ladder)
        if point.key not in ladders.done_on(clock, known.get(clock.id, []), terms.ladder)
    ]
    waits = [
        one.acknowledge_until
        for clock in open_clocks
        for one in ladders.waiting_on(clock, known.get(clock.id, []))
        if clock.state == "running" and one.acknowledge_until
    ]
    if waits and all(min(waits) < point.instant_at for point in ahead):
        until = words.instant(min(waits), zone, at)
        return _("Waits for “I am on it” until %(until)s", until=until)
    if not ahead:
        still = all(clock.state == "paused" for clock in open_clocks)
        return _("Stands still while we wait") if still else _("Nothing more to come")
    first = min(ahead, key=lambda point: point.instant_at)
    then = max(at, first.instant_at)
    present = {id for id, until in present_until.items() if until is None or then < until}
    told = people_for(first.rung.responsible, ticket, at=then, present=present)
    if first.instant_at < at:
        return _("Next now: %(people)s", people=_people(told))
    when = words.instant(first.instant_at, zone, at, with_zone=False)
    return _("Next at %(when)s: %(people)s", when=when, people=_people(told))


def _people(told: Sequence[Told]) -> str:
    first = f"{told[0].person.name}, {told[0].words}"
    if len(told) == 1:
        return first
    return _("%(first)s, and %(number)s more", first=first, number=len(told) - 1)


def _last(done: Sequence[Escalation], terms: Terms, *, zone: str, at: datetime) -> str:
    told = [one for one in done if one.told and one.fired_at]
    if not told:
        return _("Nobody told yet")
    last = max(told, key=lambda one: (one.fired_at or at, one.id))
    place = _place({rung.rung_id: rung for rung in terms.ladder}.get(last.rung_id), last.nth)
    on_it = [each["name"] for each in last.told if each.get("person") == last.acknowledged_by_id]
    if last.acknowledged_at and on_it:
        since = words.instant(last.acknowledged_at, zone, at)
        return _("%(name)s is on it since %(at)s", name=on_it[0], at=since)
    names = listed(str(each["name"]) for each in last.told if each.get("name"))
    when = words.instant(last.fired_at or at, zone, at)
    return _("%(rung)s told %(names)s %(at)s", rung=place, names=names or _("people"), at=when)


def _place(rung: RungTerms | None, nth: int) -> str:
    return rung_words.point(rung, nth) if rung is not None else _("An earlier rung")
