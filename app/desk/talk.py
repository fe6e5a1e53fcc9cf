"""The conversation as the page shows it: messages with what became of them, events in between.

A long one shows its beginning and its end; the rest is one link away, so that a ticket of 200
messages opens as quickly as one of five.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.clocks import words
from app.clocks.models import Clock
from app.desk import saying, story
from app.desk.story import Line
from app.languages import gettext as _
from app.tickets import splitting
from app.tickets.beside import File
from app.tickets.delivery import Delivery
from app.tickets.history import Entry
from app.tickets.models import Ticket
from app.tickets.spoken import Spoken

SHOWN_AT_ONCE, SHOWN_LAST = 40, 20
"""Messages that are shown without a fold, and how many of the end are where there is one."""
EVENTS = frozenset(
    {"status", "reopened", "merged-in", "unmerged-from", "split", "closed", "spam", "not-spam"}
)
"""What of the history stands between the messages."""


@dataclass(frozen=True)
class Said:
    """A message with its words as they are drawn, its letters, and what it did to which promise."""

    message: Spoken
    words: Markup
    deliveries: Sequence[Delivery]
    remarks: Sequence[str]
    files: Sequence[File]
    may_split: bool

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.message.at


@dataclass(frozen=True)
class Fold:
    """How many messages and events are left out here, and from when to when."""

    messages: int
    events: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Talk:
    """What stands there, from the first to the last: `Said`, `Line` (an event) or a `Fold`."""

    items: Sequence[tuple[str, Said | Line | Fold]]
    is_folded: bool


def of(
    ticket: Ticket,
    messages: Sequence[Spoken],
    *,
    entries: Iterable[Entry],
    clocks: Sequence[Clock],
    deliveries: Mapping[int, Sequence[Delivery]],
    files: Mapping[int, Sequence[File]],
    whole: bool,
) -> Talk:
    """The conversation; ``whole`` leaves nothing out. ``entries`` are of its history."""
    touched = _by_instant(clocks)
    splittable = splitting.splittable(ticket, messages) if ticket.is_open else ()
    may_split = {message.id for message in splittable}
    kept = messages if whole or len(messages) <= SHOWN_AT_ONCE else messages[-SHOWN_LAST:]
    items: list[tuple[datetime, int, str, Said | Line | Fold]] = []
    events = [entry for entry in entries if entry.verb in EVENTS]
    if len(kept) < len(messages):
        left_out = messages[1:-SHOWN_LAST]
        since, until = left_out[0].at, left_out[-1].at
        within = [entry for entry in events if since <= entry.at <= until]
        events = [entry for entry in events if entry not in within and entry.at >= kept[0].at]
        items.append((until, 0, "fold", Fold(len(left_out), len(within), since, until)))
        kept = [messages[0], *kept]
    for message in kept:
        shown = Said(
            message,
            saying.drawn(message.body, is_markdown=message.is_markdown),
            deliveries.get(message.id, ()),
            _remarks(message, touched.get(message.at, ())),
            files.get(message.id, ()),
            message.id in may_split,
        )
        items.append((message.at, 1, "said", shown))
    items += [(entry.at, 2, "event", story.line_of(entry)) for entry in events]
    items.sort(key=lambda item: item[:2])
    return Talk([(kind, item) for _at, _order, kind, item in items], len(kept) < len(messages))


def _by_instant(clocks: Iterable[Clock]) -> dict[datetime, list[Clock]]:
    """The clocks that something was said of at an instant: met, or begun by a question."""
    found: dict[datetime, list[Clock]] = {}
    for clock in clocks:
        if clock.met_at is not None:
            found.setdefault(clock.met_at, []).append(clock)
        if clock.measure == "next_response" and clock.started_at != clock.met_at:
            found.setdefault(clock.started_at, []).append(clock)
    return found


def _remarks(message: Spoken, clocks: Iterable[Clock]) -> list[str]:
    """What the message did to which promise; ``clocks`` are those of its instant."""
    return [] if message.is_note else [_remark(clock, message.at) for clock in clocks]


def _remark(clock: Clock, at: datetime) -> str:
    measure = words.measure(clock.measure)
    if clock.met_at != at:
        return _("%(measure)s runs from here", measure=measure)
    if clock.breached_at is not None:
        return _("Ended the %(measure)s, late", measure=measure.lower())
    return _("Met the %(measure)s", measure=measure.lower())
