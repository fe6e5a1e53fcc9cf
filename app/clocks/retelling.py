"""What happened to a clock, line by line: each change, who made it, and what it did. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clocks import words
from app.clocks.state import KNOWN_LATE, ClockState, Event, Kind
from app.clocks.stretches import STORY, History, Reader, brought_by, stopped_because
from app.languages import gettext as _
from app.languages import lazy_gettext

UNDONE_AT_ONCE = frozenset({"undo:priority", "undo:team"})
"""The causes of a change of target that was taken back before anybody was told of it."""
_AT_ONCE = lazy_gettext("“%(what)s” taken back: undone at once")
_TAKEN_BACK = {
    "undo": lazy_gettext("“%(what)s” taken back: undone by its writer"),
    "bounce": lazy_gettext("“%(what)s” taken back: the letter came back"),
    "unmerge": lazy_gettext("“%(what)s” taken back: the tickets are two again"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the story: when it holds from, what, who and why, and what the clock was after.

    `happened_at` is its own instant where that was earlier than it could be applied, `known_at`
    when it became known where that was later. `rule` says how the budget was found where it
    changed. No names or reasons where the reader may not see them.
    """

    number: int
    at: datetime
    kind: str
    what: str
    who: str
    reason: str
    happened_at: datetime | None
    known_at: datetime | None
    rule: str
    due_at: datetime | None
    budget_s: int
    used_s: int
    has_moved: bool

    @property
    def received_at(self) -> datetime:
        """Its own instant: when it happened, whenever it became known."""
        return self.happened_at or self.at


def retell(
    history: History, reader: Reader, *, hours: Mapping[int, str], targets: Mapping[int, str]
) -> list[Happened]:
    """A line for each event; ``hours`` and ``targets`` name calendar versions and targets."""
    lines, before = [], None
    kinds = {event.number: event.kind for event, _ in history}
    for event, after in history:
        lines.append(
            Happened(
                event.number,
                event.at,
                event.kind.value,
                _what(event, before, after, kinds, reader, hours, targets),
                reader.name(event),
                _reason(event, reader),
                event.happened_at,
                event.known_at,
                _rule(event, before, after),
                after.due_at,
                after.budget_s,
                after.used_s,
                has_moved=before is None
                or (before.due_at, before.budget_s) != (after.due_at, after.budget_s),
            )
        )
        before = after
    return lines


def _reason(event: Event, reader: Reader) -> str:
    """A cancelled clock's reason is in its words already."""
    return "" if event.kind is Kind.CANCELLED else reader.reason(event)


def _what(
    event: Event,
    before: ClockState | None,
    after: ClockState,
    kinds: Mapping[int, Kind],
    reader: Reader,
    hours: Mapping[int, str],
    targets: Mapping[int, str],
) -> str:
    said = str(STORY[event.kind])
    match event.kind:
        case Kind.STARTED if event.cause.startswith("message:"):
            return _("started with a message")
        case Kind.CANCELLED:
            return _("cancelled: %(why)s", why=stopped_because(after))
        case Kind.RETARGETED if before is not None:
            was, now = (
                targets.get(one.target_id, words.duration(one.target_s)) for one in (before, after)
            )
            return _("target changed from %(before)s to %(after)s", before=was, after=now)
        case Kind.RECALCULATED:
            name = hours.get(after.calendar_version_id, "")
            return _("hours changed to %(name)s", name=name) if name else said
        case Kind.MERGED:
            return _("joined by %(ticket)s", ticket=brought_by(event, reader))
        case Kind.TAKEN_BACK if event.undoes is not None and event.undoes in kinds:
            sentence = _TAKEN_BACK.get(event.cause.partition(":")[0])
            if event.cause in UNDONE_AT_ONCE:
                sentence = _AT_ONCE
            what = str(STORY[kinds[event.undoes]])
            return str(sentence or _("“%(what)s” taken back")).replace("%(what)s", what)
        case _:
            return said


def _rule(event: Event, before: ClockState | None, after: ClockState) -> str:
    """How the budget came about, where this event set it; else why it left the figures."""
    left = words.to_the_second(after.left_s)
    if before is None:
        gained = "budget_s" in (event.facts or {})
        if not gained:
            return ""
        return _("gained on the way and counted from contact: %(left)s to use", left=left)
    match event.kind:
        case Kind.RETARGETED:
            return budget_rule(before, after)
        case Kind.REOPENED | Kind.RESTORED if after.budget_s > before.budget_s:
            return _("opened again by the requester: at least %(left)s is left", left=left)
        case Kind.MERGED:
            return _merged(before, after)
        case Kind.MET if after.excluded_because == KNOWN_LATE:
            return _("came in time but was known late: excluded from the figures")
        case _:
            return ""


def budget_rule(before: ClockState, after: ClockState) -> str:
    """How the budget in another target is found (clocks.md, "A target changes")."""
    budget, left = words.to_the_second(after.budget_s), words.to_the_second(after.left_s)
    if after.target_id in before.budgets:
        return _("back in a target it had: %(budget)s, as it was there", budget=budget)
    if after.target_s < before.target_s:
        if after.budget_s > after.target_s:
            return _(
                "shorter, but the floor of %(left)s is left: %(budget)s in all",
                left=left,
                budget=budget,
            )
        return _("shorter: %(budget)s in all", budget=budget)
    if after.budget_s > after.target_s:
        return _("longer, and never less than it had: %(budget)s in all", budget=budget)
    return _("longer: %(budget)s in all", budget=budget)


def _merged(before: ClockState, after: ClockState) -> str:
    if after.breached_at is not None and before.breached_at is None:
        return _("takes over the broken promise of the merged ticket")
    if after.left_s < before.left_s and after.budget_s < before.budget_s:
        left = words.to_the_second(after.left_s)
        return _("the smaller remainder of both holds: %(left)s is left", left=left)
    budget = words.to_the_second(after.budget_s)
    return _("%(budget)s in all with what was used there", budget=budget)
