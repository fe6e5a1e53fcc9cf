"""What would move a due time: asked of the rules themselves, by letting it happen. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks.draft import holds
from app.clocks.retelling import budget_rule
from app.clocks.rules import apply
from app.clocks.state import ClockState, Event, Kind, Phase
from app.languages import gettext as _
from app.languages import lazy_gettext

_STATUSES = {
    "waiting_requester": lazy_gettext("asking the requester back"),
    "waiting_vendor": lazy_gettext("waiting for a supplier"),
    "on_hold": lazy_gettext("putting it on hold"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """Something that would move the due time at this instant; `due_at` is None while paused.

    `effect` is pauses, moves, ends or nothing; `what` names the deed, a priority by its name.
    `rule` says how the budget would be found, and that a reason is needed.
    """

    what: str
    effect: str
    due_at: datetime | None
    rule: str = ""


def moves(
    clock: ClockState, terms: Terms, at: datetime, others: Mapping[str, Terms]
) -> Iterator[Move]:
    """Each thing that would pause or move an open clock at ``at``; none for a broken promise."""
    if not clock.is_open or clock.is_breached or (clock.due_at and at > clock.due_at):
        return
    if clock.state is Phase.RUNNING:
        for status, what in _STATUSES.items():
            effect = "pauses" if holds(clock.measure, status, terms) else "nothing"
            yield Move(str(what), effect, None if effect == "pauses" else clock.due_at)
    else:
        resumed = apply(clock, _event(clock, Kind.RESUMED, at), terms, clock.calendar)
        yield Move(_("working on it again"), "moves", resumed.due_at)
    for name, other in others.items():
        target = other.targets.get(clock.measure)
        if target is None:
            yield Move(name, "ends", None, _("nothing is promised there"))
            continue
        if target.target_id == clock.target_id:
            continue
        event = Event(
            clock.number + 1,
            clock.measure,
            clock.sequence,
            Kind.RETARGETED,
            at,
            "what-if",
            other.version_id,
            other.tier_id,
            target.target_id,
            target.seconds_from(clock.started_at),
            target.calendar_version_id,
        )
        after = apply(clock, event, other, target.calendar)
        yield Move(name, "moves", after.due_at, _rule(clock, after))


def _rule(clock: ClockState, after: ClockState) -> str:
    was, will = clock.due_at, after.due_at
    moves_out = was is not None and will is not None and will > was
    rule = budget_rule(clock, after)
    return _("%(rule)s; needs a reason", rule=rule) if moves_out else rule


def _event(clock: ClockState, kind: Kind, at: datetime) -> Event:
    return Event(
        clock.number + 1,
        clock.measure,
        clock.sequence,
        kind,
        at,
        "what-if",
        clock.version_id,
        clock.tier_id,
        clock.target_id,
        clock.target_s,
        clock.calendar_version_id,
    )
