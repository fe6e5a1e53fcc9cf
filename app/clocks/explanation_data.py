"""An explanation as plain JSON values, with fields that stay (docs/explanation.md). Pure."""

from datetime import datetime
from typing import Any

from app.clocks.explanation import Explanation
from app.clocks.moving import Move
from app.clocks.retelling import Happened
from app.clocks.stretches import ExplainedSpan


def as_data(why: Explanation, *, ticket_id: int, clock_id: int) -> dict[str, Any]:
    """The explanation as the pages show it; instants in UTC, amounts in whole seconds."""
    clock = why.clock
    return {
        "ticket": ticket_id,
        "clock": clock_id,
        "measure": clock.measure,
        "sequence": clock.sequence,
        "state": clock.state.value,
        "at": _instant(why.at),
        "zone": why.zone,
        "promise": {
            "agreement": why.agreement,
            "version": why.version_number,
            "tier": why.tier,
            "clause": why.clause,
            "sentence": why.sentence,
            "target": why.target,
            "target_s": clock.target_s,
            "calendar": why.calendar,
            "because": why.because,
        },
        "started_at": _instant(clock.started_at),
        "due_at": _instant(clock.due_at),
        "met_at": _instant(clock.met_at),
        "stopped_at": _instant(clock.stopped_at),
        "breached_at": _instant(clock.breached_at),
        "cancelled_because": clock.cancelled_reason,
        "excluded_because": why.excluded_because or None,
        "budget_s": clock.budget_s,
        "used_s": why.counted_s,
        "left_s": why.left_s,
        "paused_s": why.paused_s,
        "skipped_s": why.skipped_s,
        "spans": [_span(span, why) for span in why.spans],
        "changes": [_change(line) for line in why.story],
        "moves": [_move(move) for move in why.moves],
    }


def _span(span: ExplainedSpan, why: Explanation) -> dict[str, Any]:
    return {
        "from": _instant(span.starts_at),
        "to": _instant(span.ends_at),
        "kind": span.kind,
        "what": span.what,
        "counted_s": span.counted_s,
        "paused_s": span.paused_s,
        "skipped_s": span.skipped_s,
        "calendar": why.hours.get(span.calendar_version_id, ""),
        "clocks_set_by_s": span.shift_s,
        "began": span.began,
        "by": span.who,
        "reason": span.reason,
    }


def _change(line: Happened) -> dict[str, Any]:
    return {
        "number": line.number,
        "at": _instant(line.at),
        "received_at": _instant(line.received_at),
        "known_at": _instant(line.known_at or line.at),
        "kind": line.kind,
        "what": line.what,
        "by": line.who,
        "reason": line.reason,
        "rule": line.rule,
        "due_at": _instant(line.due_at),
        "budget_s": line.budget_s,
        "used_s": line.used_s,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "what": move.what,
        "effect": move.effect,
        "due_at": _instant(move.due_at),
        "rule": move.rule,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
