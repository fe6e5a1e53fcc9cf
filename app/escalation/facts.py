"""The frozen facts of an escalation letter (`mail/kinds.py`)."""

from datetime import datetime
from typing import Any

from app.agreements.terms import RungTerms, Terms
from app.clocks import rungs, words
from app.clocks.coming import Come, state_of
from app.clocks.models import Clock
from app.escalation.responsible import ROLE_WORDS, Told
from app.tickets import letters
from app.tickets.models import Ticket

AT_RISK = 0.75
MOST_STEPS = 3


def of_clock(
    ticket: Ticket, clock: Clock, come: Come, terms: Terms, at: datetime
) -> dict[str, Any]:
    """What a letter says of a clock at the instant a rung fired."""
    state = state_of(clock)
    used_s = state.used_at(at)
    late = clock.breached_at is not None
    risky = clock.budget_s and used_s / clock.budget_s >= AT_RISK
    return {
        "number": ticket.id,
        "ref": ticket.ref,
        "subject": ticket.subject,
        "clock_id": clock.id,
        "organisation": ticket.organisation.name if ticket.organisation else "",
        "measure": clock.measure,
        "measure_name": words.measure(clock.measure),
        "state": "breached" if late else "at_risk" if risky else "running",
        "left_s": clock.budget_s - used_s,
        "due_at": (clock.due_at or at).isoformat(),
        "fired_at": at.isoformat(),
        "position": come.rung.position,
        "nth": come.nth,
        "point": point(come.rung),
        "promise": _promise(ticket, clock, terms),
    }


def of_escalation(
    ticket: Ticket, clock: Clock, come: Come, told: Told, terms: Terms, at: datetime
) -> dict[str, Any]:
    """What one responsible person is told."""
    ladder = [rung for rung in terms.ladder if rung.measure == clock.measure]
    place = next((n for n, rung in enumerate(ladder, 1) if rung.rung_id == come.rung.rung_id), 1)
    return {
        **of_clock(ticket, clock, come, terms, at),
        "rung": place,
        "rungs": max(len(ladder), place),
        "requester": ticket.requester.name if ticket.requester else "nobody known",
        "owner": ticket.assignee.name if ticket.assignee else "nobody has it",
        "role": f"{told.words} {told.instead}".strip(),
        "late_s": max(0, int((at - come.instant_at).total_seconds())),
        "again": "the time of its promise was moved" if come.again else None,
        "may_acknowledge": False,
        "last_words": letters.last_words(ticket.id),
        "next": _next_steps(clock, terms, at),
    }


def point(rung: RungTerms) -> str:
    """Where a rung stands: "75 %", "10 m before due"."""
    if rung.percent is not None:
        return f"{rung.percent} %"
    offset_s = rung.offset_s or 0
    side = "before" if offset_s < 0 else "after"
    return f"{words.duration(abs(offset_s))} {side} due"


def _promise(ticket: Ticket, clock: Clock, terms: Terms) -> str:
    target = terms.targets.get(clock.measure)
    if target is None:
        return terms.tier_name
    deed = "resolved in" if clock.measure == "resolution" else "answered in"
    return (
        f"{terms.tier_name}, {ticket.priority.value} priority: {deed} {target.words} of service "
        f"time, § {target.clause}"
    )


def _next_steps(clock: Clock, terms: Terms, at: datetime) -> list[dict[str, str]]:
    """What the ladder does next, by the minute."""
    ahead = [
        found
        for found in rungs.points(state_of(clock), terms.ladder)
        if found.instant_at > at and found.rung.measure == clock.measure
    ]
    return [
        {"at": found.instant_at.isoformat(), "words": f"{point(found.rung)}: {_who(found.rung)}"}
        for found in ahead[:MOST_STEPS]
    ]


def _who(rung: RungTerms) -> str:
    named = [ROLE_WORDS.get(role, role.removeprefix("person:")) for role in rung.responsible]
    return f"{' and '.join(named)} {'is' if len(named) == 1 else 'are'} told"
