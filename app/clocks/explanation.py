"""Why a clock says what it says: every span that counted or did not, to the second. Pure.

Made of the same events and the same calendar as the answer itself (clocks.md, "The
explanation"), so it can never disagree with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import Terms
from app.businesstime import Calendar
from app.clocks import moving, words
from app.clocks.moving import Move
from app.clocks.rules import apply
from app.clocks.state import ClockState, Event, Kind, Phase

COUNTED, CLOSED, PAUSED, STOPPED = "counted", "closed", "paused", "stopped"
BROUGHT = "brought"
MAX_SPANS = 400
"""Spans shown one by one; a clock that runs for years folds the rest into one line."""


History = Sequence[tuple[Event, ClockState]]
"""The events of one clock, each with the state that it led to."""

_STORY = {
    Kind.STARTED: "started",
    Kind.PAUSED: "paused",
    Kind.RESUMED: "went on",
    Kind.MET: "met",
    Kind.CANCELLED: "cancelled",
    Kind.BREACHED: "due time passed",
    Kind.RETARGETED: "target changed",
    Kind.RECALCULATED: "hours changed",
    Kind.REOPENED: "reopened",
    Kind.RESTORED: "restored",
    Kind.TAKEN_BACK: "taken back",
    Kind.MERGED: "joined by a merged ticket",
    Kind.EXCLUDED: "excluded from the figures",
}
_HELD = {
    "waiting_requester": "waiting for the requester",
    "waiting_vendor": "waiting for a supplier",
    "on_hold": "on hold",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the story: when, what, who and why. No names where the reader may not see them."""

    at: datetime
    what: str
    who: str
    reason: str
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExplainedSpan:
    """`[starts_at, ends_at)`: business seconds that counted, or that were skipped, and why.

    `kind` is counted, closed, paused, stopped or brought (from a merged ticket); `what` says it
    in words, `who` and `reason` are those of the change that began it. `calendar_version_id`
    are the hours it was measured with.
    """

    starts_at: datetime
    ends_at: datetime
    what: str
    counted_s: int
    skipped_s: int
    kind: str
    calendar_version_id: int
    who: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is behind one clock. `counted_s` equals `used_s` of the clock at `at`."""

    measure: str
    agreement: str
    version_number: int
    tier: str
    clause: str
    sentence: str
    target: str
    because: str
    calendar: str
    zone: str
    at: datetime
    clock: ClockState
    story: tuple[Happened, ...]
    spans: tuple[ExplainedSpan, ...]
    counted_s: int
    paused_s: int
    moves: tuple[Move, ...]

    @property
    def left_s(self) -> int:
        """What is left of the budget; negative when it is over."""
        return self.clock.budget_s - self.counted_s


def explain_events(
    history: History,
    terms: Terms,
    *,
    at: datetime,
    zone: str,
    who: Mapping[int, str] | None = None,
    others: Mapping[str, Terms] | None = None,
) -> Explanation:
    """Explain a clock from its ``history`` up to ``at``.

    ``terms`` are the ticket's now. ``who`` names actors; without it neither actors nor the
    reasons that staff wrote are told: that is what a requester may see. ``others`` are the terms
    under each other priority, by its name.
    """
    clock = history[-1][1]
    target = terms.targets.get(clock.measure)
    spans = tuple(_spans(history, at, who))
    return Explanation(
        measure=words.measure(clock.measure),
        agreement=terms.agreement_title,
        version_number=terms.version_number,
        tier=terms.tier_name,
        clause=target.clause if target else "",
        sentence=target.sentence if target else "",
        target=target.words if target else words.duration(clock.target_s),
        because=clock.chosen_because,
        calendar=target.calendar_name if target else "",
        zone=zone,
        at=at,
        clock=clock,
        story=tuple(_told(event, who) for event, _ in history),
        spans=spans,
        counted_s=sum(span.counted_s for span in spans),
        paused_s=sum(span.skipped_s for span in spans if span.kind == PAUSED),
        moves=tuple(moving.moves(clock, terms, at, others or {})),
    )


def history_of(
    events: Iterable[Event],
    terms_of: Callable[[Event], Terms],
    calendar_of: Callable[[int], Calendar],
) -> list[tuple[Event, ClockState]]:
    """Each event of one clock with the state that it led to."""
    history: list[tuple[Event, ClockState]] = []
    state: ClockState | None = None
    for event in events:
        state = apply(state, event, terms_of(event), calendar_of(event.calendar_version_id))
        history.append((event, state))
    return history


def _told(event: Event, who: Mapping[int, str] | None) -> Happened:
    return Happened(
        event.happened_at or event.at,
        _STORY[event.kind],
        _name(event, who),
        (event.reason or "") if who is not None else "",
        event.known_at,
    )


def _name(event: Event, who: Mapping[int, str] | None) -> str:
    if who is None or event.actor_id is None:
        return ""
    return who.get(event.actor_id, "")


def _spans(
    history: History, at: datetime, who: Mapping[int, str] | None
) -> Iterator[ExplainedSpan]:
    held = ""
    for event, state, ends_at in _stretches(history, at):
        held = (event.facts or {}).get("status", held)
        told = _name(event, who), (event.reason or "") if who is not None else ""
        brought_s = (event.facts or {}).get("brought_s", 0)
        if brought_s:
            yield _span(state, event.at, event.at, "from the merged ticket", brought_s, 0, BROUGHT)
        starts_at = _begins(event, state)
        if state.state is Phase.RUNNING:
            yield from _running(state, starts_at, ends_at, told)
        elif starts_at < ends_at and state.state is Phase.PAUSED:
            skipped_s = state.calendar.elapsed(starts_at, ends_at)
            what = _HELD.get(held, "paused")
            yield _span(state, starts_at, ends_at, what, 0, skipped_s, PAUSED, told)
        elif starts_at < ends_at and ends_at != at:
            yield _span(state, starts_at, ends_at, _stopped(state), 0, 0, STOPPED, told)


def _stretches(history: History, at: datetime) -> list[tuple[Event, ClockState, datetime]]:
    """What began each stretch, the state it was spent in, and its end; each instant once.

    A change that was taken back begins where the clock goes on from, and so rewrites what was
    told after that instant. A breach moves nothing and begins no stretch.
    """
    kept: list[tuple[Event, ClockState]] = []
    for event, state in history:
        if event.kind in (Kind.BREACHED, Kind.EXCLUDED):
            continue
        since = _begins(event, state)
        while kept and event.kind is Kind.TAKEN_BACK and _begins(*kept[-1]) >= since:
            kept.pop()
        kept.append((event, state))
    ends = [_begins(*begun) for begun in kept[1:]]
    ends.append(max(at, _begins(*kept[-1])))
    return [(event, state, ends_at) for (event, state), ends_at in zip(kept, ends, strict=True)]


def _begins(event: Event, state: ClockState) -> datetime:
    if event.kind is Kind.TAKEN_BACK:
        return state.running_since or state.paused_since or state.started_at
    return event.at


def _running(
    state: ClockState, starts_at: datetime, ends_at: datetime, told: tuple[str, str]
) -> Iterator[ExplainedSpan]:
    for number, span in enumerate(state.calendar.spans(starts_at, ends_at)):
        if number >= MAX_SPANS:
            rest_s = state.calendar.elapsed(span.starts_at, ends_at)
            yield _span(state, span.starts_at, ends_at, "open hours", rest_s, 0, COUNTED, told)
            return
        what = "open hours" if span.counted else span.reason
        kind = COUNTED if span.counted else CLOSED
        yield _span(state, span.starts_at, span.ends_at, what, span.seconds, 0, kind, told)


def _span(
    state: ClockState,
    starts_at: datetime,
    ends_at: datetime,
    what: str,
    counted_s: int,
    skipped_s: int,
    kind: str,
    told: tuple[str, str] = ("", ""),
) -> ExplainedSpan:
    return ExplainedSpan(
        starts_at, ends_at, what, counted_s, skipped_s, kind, state.calendar_version_id, *told
    )


def _stopped(state: ClockState) -> str:
    if state.state is Phase.MET:
        return "resolved" if state.measure == "resolution" else "met"
    return state.cancelled_reason or "cancelled"
