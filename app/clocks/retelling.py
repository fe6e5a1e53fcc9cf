"""What happened to a clock, line by line: each change, who made it, and what it did. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clocks import words
from app.clocks.state import KNOWN_LATE, ClockState, Event, Kind
from app.clocks.stretches import STORY, History, Reader, brought_by, stopped_because

UNDONE_AT_ONCE = frozenset({"undo:priority", "undo:team"})
"""The causes of a change of target that was taken back before anybody was told of it."""
_BECAUSE = {
    "undo": ": undone by its writer",
    "bounce": ": the letter came back",
    "unmerge": ": the tickets are two again",
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
    said = STORY[event.kind]
    match event.kind:
        case Kind.STARTED if event.cause.startswith("message:"):
            return f"{said} with a message"
        case Kind.CANCELLED:
            return f"{said}: {stopped_because(after)}"
        case Kind.RETARGETED if before is not None:
            names = [
                targets.get(one.target_id, words.duration(one.target_s)) for one in (before, after)
            ]
            return f"{said} from {names[0]} to {names[1]}"
        case Kind.RECALCULATED:
            name = hours.get(after.calendar_version_id, "")
            return f"{said} to {name}" if name else said
        case Kind.MERGED:
            return f"joined by {brought_by(event, reader)}"
        case Kind.TAKEN_BACK if event.undoes is not None and event.undoes in kinds:
            because = _BECAUSE.get(event.cause.partition(":")[0], "")
            if event.cause in UNDONE_AT_ONCE:
                because = ": undone at once"
            return f"“{STORY[kinds[event.undoes]]}” {said}{because}"
        case _:
            return said


def _rule(event: Event, before: ClockState | None, after: ClockState) -> str:
    """How the budget came about, where this event set it; else why it left the figures."""
    left = words.to_the_second(after.left_s)
    if before is None:
        gained = "budget_s" in (event.facts or {})
        return f"gained on the way and counted from contact: {left} to use" if gained else ""
    match event.kind:
        case Kind.RETARGETED:
            return budget_rule(before, after)
        case Kind.REOPENED | Kind.RESTORED if after.budget_s > before.budget_s:
            return f"opened again by the requester: at least {left} is left"
        case Kind.MERGED:
            return _merged(before, after)
        case Kind.MET if after.excluded_because == KNOWN_LATE:
            return "came in time but was known late: excluded from the figures"
        case _:
            return ""


def budget_rule(before: ClockState, after: ClockState) -> str:
    """How the budget in another target is found (clocks.md, "A target changes")."""
    budget, left = words.to_the_second(after.budget_s), words.to_the_second(after.left_s)
    if after.target_id in before.budgets:
        return f"back in a target it had: {budget}, as it was there"
    if after.target_s < before.target_s:
        if after.budget_s > after.target_s:
            return f"shorter, but the floor of {left} is left: {budget} in all"
        return f"shorter: {budget} in all"
    if after.budget_s > after.target_s:
        return f"longer, and never less than it had: {budget} in all"
    return f"longer: {budget} in all"


def _merged(before: ClockState, after: ClockState) -> str:
    if after.breached_at is not None and before.breached_at is None:
        return "takes over the broken promise of the merged ticket"
    if after.left_s < before.left_s and after.budget_s < before.budget_s:
        return f"the smaller remainder of both holds: {words.to_the_second(after.left_s)} is left"
    return f"{words.to_the_second(after.budget_s)} in all with what was used there"
