"""Why a clock says what it says: every span that counted or did not, to the second. Pure.

Made of the same events and the same calendar as the answer itself (clocks.md, "The
explanation"), so it can never disagree with it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.agreements.terms import Terms
from app.businesstime import Calendar
from app.clocks import moving, retelling, stretches, words
from app.clocks.merging import MERGED
from app.clocks.moving import Move
from app.clocks.retelling import Happened
from app.clocks.rules import apply
from app.clocks.state import DISPUTE, KNOWN_LATE, SPAM, ClockState, Event
from app.clocks.stretches import ExplainedSpan, History, Reader
from app.clocks.weeks import Week, by_week
from app.languages import gettext as _
from app.languages import lazy_gettext

_EXCLUDED = {
    "": "",
    KNOWN_LATE: lazy_gettext("known late"),
    SPAM: lazy_gettext("spam"),
    MERGED: lazy_gettext("merged"),
}
FOLDED_FROM = 24
"""From so many spans on they are shown week by week first."""


@dataclass(frozen=True, slots=True)
class Names:
    """What calendar versions and targets are called, by their ids."""

    hours: Mapping[int, str] = field(default_factory=dict)
    targets: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is behind one clock at `at`, for a reader in `zone`.

    `counted_s` equals what the clock has used by then, `paused_s` how long it stood still.
    `pauses` are whole, closed hours included; `hours` names the calendar versions of the spans.
    """

    measure: str
    sequence: int
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
    excluded_because: str
    story: tuple[Happened, ...]
    spans: tuple[ExplainedSpan, ...]
    pauses: tuple[ExplainedSpan, ...]
    hours: Mapping[int, str]
    counted_s: int
    paused_s: int
    moves: tuple[Move, ...]

    @property
    def left_s(self) -> int:
        """What is left of the budget; negative when it is over."""
        return self.clock.budget_s - self.counted_s

    @property
    def skipped_s(self) -> int:
        """What did not count, by the clock on the wall."""
        return sum(span.skipped_s for span in self.spans)

    @property
    def is_folded(self) -> bool:
        """Whether there are so many spans that they are shown week by week first."""
        return len(self.spans) >= FOLDED_FROM

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The spans week by week, by their start in the reader's zone; they sum up alike."""
        return by_week(self.spans, self.zone)

    @property
    def changes_hours(self) -> bool:
        """Whether spans were measured with more than one calendar version."""
        return len({span.calendar_version_id for span in self.spans}) > 1


def explain_events(
    history: History,
    terms: Terms,
    *,
    at: datetime,
    zone: str,
    reader: Reader | None = None,
    names: Names | None = None,
    others: Mapping[str, Terms] | None = None,
) -> Explanation:
    """Explain a clock from its ``history`` up to ``at``.

    ``terms`` are the ticket's now. Without a ``reader`` neither actors nor reasons are told: that
    is the least that anybody may see. ``others`` are the terms under each other priority, by
    its name.
    """
    reader, names = reader or Reader(), names or Names()
    clock = history[-1][1]
    target = terms.targets.get(clock.measure)
    spans = tuple(stretches.spans_of(history, at, reader))
    used_on = {span.calendar_version_id for span in spans}
    return Explanation(
        measure=words.measure(clock.measure),
        sequence=clock.sequence,
        agreement=terms.agreement_title,
        version_number=terms.version_number,
        tier=terms.tier_name,
        clause=target.clause if target else "",
        sentence=target.sentence if target else "",
        target=words.allowed(target.words) if target else words.duration(clock.target_s),
        because=clock.chosen_because,
        calendar=target.calendar_name if target else "",
        zone=zone,
        at=at,
        clock=clock,
        excluded_because=_excluded(clock, reader),
        story=tuple(retelling.retell(history, reader, hours=names.hours, targets=names.targets)),
        spans=spans,
        pauses=tuple(stretches.pauses_of(history, at, reader)),
        hours={key: name for key, name in names.hours.items() if key in used_on},
        counted_s=sum(span.counted_s for span in spans),
        paused_s=sum(span.paused_s for span in spans),
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


def _excluded(clock: ClockState, reader: Reader) -> str:
    """Why it is out of the figures; what staff wrote about it is for staff."""
    because = clock.excluded_because or ""
    if because.startswith(DISPUTE):
        return _("both parties decided so in %(dispute)s", dispute=because)
    if because in _EXCLUDED:
        return str(_EXCLUDED[because])
    return because if reader.is_staff else _("by agreement")
