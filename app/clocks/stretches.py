"""The stretches of a clock's life: what counted, what did not, and why not. Pure.

Made of the states that the events led to, so their counted seconds are the clock's `used_s` and
their paused ones its `paused_s`, whatever happened (clocks.md, "The explanation").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.clocks import days_off, words
from app.clocks.state import ClockState, Event, Kind, Phase
from app.languages import gettext as _
from app.languages import lazy_gettext

COUNTED, CLOSED, PAUSED, STOPPED = "counted", "closed", "paused", "stopped"
BROUGHT = "brought"
MAX_SPANS = 5000
"""Spans of one stretch shown one by one; one that is longer folds its rest into one line."""

History = Sequence[tuple[Event, ClockState]]
"""The events of one clock, each with the state that it led to."""

STORY = {
    Kind.STARTED: lazy_gettext("started"),
    Kind.PAUSED: lazy_gettext("paused"),
    Kind.RESUMED: lazy_gettext("went on"),
    Kind.MET: lazy_gettext("met"),
    Kind.CANCELLED: lazy_gettext("cancelled"),
    Kind.BREACHED: lazy_gettext("due time passed"),
    Kind.RETARGETED: lazy_gettext("target changed"),
    Kind.RECALCULATED: lazy_gettext("hours changed"),
    Kind.REOPENED: lazy_gettext("reopened"),
    Kind.RESTORED: lazy_gettext("restored"),
    Kind.TAKEN_BACK: lazy_gettext("taken back"),
    Kind.MERGED: lazy_gettext("joined by a merged ticket"),
    Kind.EXCLUDED: lazy_gettext("excluded from the figures"),
}
_HELD = frozenset({"waiting_requester", "waiting_vendor", "on_hold"})
_CLOSED = "closed"
"""What a calendar says of hours that no named day closes."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the actors whose names they may see, and whether they read what staff wrote."""

    names: Mapping[int, str] = field(default_factory=dict)
    is_staff: bool = False

    def name(self, event: Event) -> str:
        """Who did it; empty where nobody did or the reader may not know."""
        return self.names.get(event.actor_id, "") if event.actor_id is not None else ""

    def reason(self, event: Event) -> str:
        """The reason that was given, where the reader may see it."""
        return (event.reason or "") if self.is_staff else ""


@dataclass(frozen=True, slots=True)
class ExplainedSpan:
    """`[starts_at, ends_at)`: business seconds that counted, or that did not, and why.

    `kind` is counted, closed, paused, stopped or brought (used elsewhere, as by a merged ticket;
    negative where it was given back). `what` says it in words; `who` and `reason` are those of
    the change that this stretch began with, and `began` names it on its first span.
    `calendar_version_id` are the hours it was measured with, `shift_s` is by how much their
    zone's clocks were set forward in it; negative is back. `held` is the status of a pause, `day`
    the name of the day that closed it; `is_usual` says that every week has such spans.
    """

    starts_at: datetime
    ends_at: datetime
    kind: str
    what: str
    counted_s: int
    paused_s: int
    calendar_version_id: int
    who: str = ""
    reason: str = ""
    began: str = ""
    shift_s: int = 0
    held: str = ""
    day: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether it is nothing but open or closed hours."""
        return self.kind == COUNTED or (self.kind == CLOSED and not self.day)

    @property
    def seconds(self) -> int:
        """How long it lasted by the clock on the wall."""
        return int((self.ends_at - self.starts_at).total_seconds())

    @property
    def skipped_s(self) -> int:
        """How much of that did not count."""
        return 0 if self.kind in (COUNTED, BROUGHT) else self.seconds


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state that lasted, and the event that tells how it came about."""

    event: Event
    state: ClockState
    starts_at: datetime
    ends_at: datetime
    held: str

    def span(
        self,
        starts_at: datetime,
        ends_at: datetime,
        kind: str,
        what: str,
        reader: Reader,
        *,
        day: str = "",
    ) -> ExplainedSpan:
        """A part of the stretch; its seconds are those of its hours."""
        seconds = self.state.calendar.elapsed(starts_at, ends_at)
        tells = kind != CLOSED
        return ExplainedSpan(
            starts_at,
            ends_at,
            kind,
            what,
            seconds if kind == COUNTED else 0,
            seconds if kind == PAUSED else 0,
            self.state.calendar_version_id,
            reader.name(self.event) if tells else "",
            reader.reason(self.event) if tells else "",
            str(STORY[self.event.kind]) if tells and starts_at == self.starts_at else "",
            _shift(self.state.calendar.zone, starts_at, ends_at),
            self.held if kind == PAUSED else "",
            day,
        )


def stretches(history: History, at: datetime) -> list[Stretch]:
    """What lasted, from the start to ``at``, without gaps; each instant once.

    A change that was taken back begins where the clock goes on from, and so rewrites what was
    told after that instant. A breach moves nothing and begins no stretch.
    """
    kept: list[tuple[Event, ClockState, datetime]] = []
    for event, state in history:
        if event.kind in (Kind.BREACHED, Kind.EXCLUDED):
            continue
        since, teller = event.at, event
        if event.kind is Kind.TAKEN_BACK:
            since = state.running_since or state.pause_counted_at or state.started_at
            while kept and kept[-1][2] >= since:
                teller = kept.pop()[0]
        kept.append((teller, state, since))
    ends = [since for _, _, since in kept[1:]]
    ends.append(max(at, kept[-1][2]))
    found, held = [], ""
    for (event, state, since), ends_at in zip(kept, ends, strict=True):
        held = (event.facts or {}).get("status", held)
        found.append(Stretch(event, state, since, ends_at, held))
    return found


def spans_of(history: History, at: datetime, reader: Reader) -> Iterator[ExplainedSpan]:
    """Every span up to ``at``; the counted seconds sum to what the clock has used by then."""
    counted_s = 0
    for stretch in stretches(history, at):
        state = stretch.state
        if state.used_s != counted_s:
            yield _brought(stretch, state.used_s - counted_s, reader)
        counted_s = state.used_at(stretch.ends_at)
        if stretch.starts_at == stretch.ends_at:
            continue
        if state.is_open:
            yield from _open(stretch, reader)
        elif stretch.ends_at != at:
            yield stretch.span(
                stretch.starts_at, stretch.ends_at, STOPPED, stopped_because(state), reader
            )


def pauses_of(history: History, at: datetime, reader: Reader) -> list[ExplainedSpan]:
    """Each pause as a whole, closed hours included."""
    found: list[ExplainedSpan] = []
    begun: Stretch | None = None
    for stretch in stretches(history, at):
        if stretch.state.state is not Phase.PAUSED:
            begun = None
        elif begun is None:
            begun = stretch
            found.append(_pause(begun, stretch.ends_at, reader))
        else:
            found[-1] = _pause(begun, stretch.ends_at, reader)
    return [pause for pause in found if pause.seconds]


def _pause(begun: Stretch, ends_at: datetime, reader: Reader) -> ExplainedSpan:
    return begun.span(begun.starts_at, ends_at, PAUSED, _waiting(begun), reader)


def _waiting(stretch: Stretch) -> str:
    """What a paused clock waits for."""
    return words.status(stretch.held) if stretch.held in _HELD else _("paused")


def stopped_because(state: ClockState) -> str:
    """Why a clock that stopped did, in words."""
    if state.state is Phase.MET:
        return _("resolved") if state.measure == "resolution" else _("met")
    return words.cancelled(state.cancelled_reason)


def brought_by(event: Event, reader: Reader) -> str:
    """The ticket that a merge brought, as "#17"; unnamed to who may not see every ticket."""
    verb, _colon, number = event.cause.partition(":")
    is_named = verb == "merge" and number.isdigit()
    return f"#{number}" if reader.is_staff and is_named else _("a merged ticket")


def _open(stretch: Stretch, reader: Reader) -> Iterator[ExplainedSpan]:
    """Hour by hour: open hours count while it runs and are paused while it does not."""
    runs = stretch.state.state is Phase.RUNNING
    kind = COUNTED if runs else PAUSED
    what = _("open hours") if runs else _waiting(stretch)
    for number, span in enumerate(
        stretch.state.calendar.spans(stretch.starts_at, stretch.ends_at), start=1
    ):
        if number == MAX_SPANS:
            yield stretch.span(span.starts_at, stretch.ends_at, kind, what, reader)
            return
        if span.counted:
            yield stretch.span(span.starts_at, span.ends_at, kind, what, reader)
        else:
            day = "" if span.reason == _CLOSED else days_off.name_of(span.reason)
            closed = day or _("closed")
            yield stretch.span(span.starts_at, span.ends_at, CLOSED, closed, reader, day=day)


def _brought(stretch: Stretch, seconds: int, reader: Reader) -> ExplainedSpan:
    at, what = stretch.starts_at, _("given back") if seconds < 0 else _("used before")
    if stretch.event.kind is Kind.MERGED:
        what = _("brought by %(ticket)s", ticket=brought_by(stretch.event, reader))
    return ExplainedSpan(
        at,
        at,
        BROUGHT,
        what,
        seconds,
        0,
        stretch.state.calendar_version_id,
        reader.name(stretch.event),
        reader.reason(stretch.event),
    )


def _shift(zone: str, starts_at: datetime, ends_at: datetime) -> int:
    first, last = (at.astimezone(ZoneInfo(zone)).utcoffset() for at in (starts_at, ends_at))
    return int((last - first).total_seconds()) if first is not None and last is not None else 0
