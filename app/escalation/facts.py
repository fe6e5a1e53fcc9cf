"""The frozen facts of an escalation letter (`mail/kinds.py`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agreements import contracts, durations
from app.agreements.terms import RungTerms, Terms
from app.clocks import chips, rungs, waits, words
from app.clocks.coming import Come
from app.clocks.models import Escalation
from app.clocks.state import ClockState
from app.escalation.responsible import OUTSIDE, ROLE_WORDS, Told
from app.escalation.rung_words import point
from app.tickets.models import Ticket

MOST_STEPS = 3
DEEDS = {
    "acknowledgement": "in hand within",
    "workaround": "a workaround within",
    "resolution": "resolved in",
    "update": "news within",
}


@dataclass(frozen=True, slots=True)
class Because:
    """Why somebody is told otherwise than of a rung that simply comes at its point.

    It comes `again`, a change left it behind (`passed_over`), or those who were told did not
    answer or could not be reached (`passed_on`); each is the rest of a sentence.
    """

    again: str | None = None
    passed_over: str | None = None
    passed_on: str | None = None


NOTHING = Because()


def of_clock(
    ticket: Ticket, clock: ClockState, come: Come, terms: Terms, at: datetime
) -> dict[str, Any]:
    """What a letter says of a clock at the instant a rung of it fired."""
    used_s = clock.used_at(at)
    risky = used_s >= chips.AT_RISK * clock.budget_s
    return {
        "number": ticket.id,
        "ref": ticket.ref,
        "subject": ticket.subject,
        "clock_id": come.clock_id,
        "organisation": ticket.organisation.name if ticket.organisation else "",
        "measure": clock.measure,
        "measure_name": words.measure(clock.measure),
        "state": "breached" if clock.is_breached else "at_risk" if risky else "running",
        "left_s": clock.budget_s - used_s,
        "due_at": (clock.due_at or at).isoformat(),
        "fired_at": at.isoformat(),
        "position": come.rung.position,
        "nth": come.nth,
        "point": point(come.rung, come.nth),
        "promise": _promise(ticket, clock, terms),
    }


def of_escalation(
    ticket: Ticket,
    clock: ClockState,
    come: Come,
    told: Told,
    terms: Terms,
    at: datetime,
    *,
    points: Iterable[rungs.Point],
    known: Iterable[Escalation],
    last_words: Mapping[str, Any] | None,
    because: Because,
) -> dict[str, Any]:
    """What one responsible person is told.

    ``points`` are those of the clock's ladder, ``known`` is what is recorded of it,
    ``last_words`` as `letters.last_words`, ``because`` why the rung does not simply come at its
    time.
    """
    ladder = [rung for rung in terms.ladder if rung.measure == clock.measure]
    place = next((n for n, rung in enumerate(ladder, 1) if rung.rung_id == come.rung.rung_id), 1)
    return {
        **of_clock(ticket, clock, come, terms, at),
        "rung": place,
        "rungs": max(len(ladder), place),
        "requester": ticket.requester.name if ticket.requester else "nobody known",
        "owner": _owner(ticket, known, terms),
        "role": f"{told.words} {told.instead}".strip(),
        "late_s": max(0, int((at - come.instant_at).total_seconds())),
        "again": because.again,
        "passed_over": because.passed_over,
        "passed_on": because.passed_on,
        "last_words": last_words,
        "next": _next_steps(
            clock,
            come,
            terms,
            at,
            points=points,
            waits_for_word=not (because.passed_on or because.passed_over),
        ),
    }


def _owner(ticket: Ticket, known: Iterable[Escalation], terms: Terms) -> str:
    """Who has the ticket, and at which rung of this clock they were told."""
    assignee = ticket.assignee
    if assignee is None:
        return "nobody has it"
    ladder = {rung.rung_id: rung for rung in terms.ladder}
    told_at = [
        point(ladder[row.rung_id], row.nth)
        for row in known
        if row.rung_id in ladder and any(each.get("person") == assignee.id for each in row.told)
    ]
    return f"{assignee.name}, told at {told_at[-1]}" if told_at else assignee.name


def _promise(ticket: Ticket, clock: ClockState, terms: Terms) -> str:
    """The promise that this clock keeps, which a raised priority may have left behind."""
    target = terms.targets.get(clock.measure)
    named = f"{terms.tier_name}, {ticket.priority.value} priority"
    if target is None or target.target_id != clock.target_id:
        target, named = contracts.target_terms(clock.target_id, because=""), terms.tier_name
    deed = DEEDS.get(clock.measure, "answered in")
    if target.by_time is not None:
        time = f"{deed.rpartition(' ')[0]} {durations.spoken(target.words)}"
    else:
        time = f"{deed} {target.words}"
        time += "" if "business day" in target.words else " of service time"
    return f"{named}: {time}, § {target.clause}"


def _next_steps(
    clock: ClockState,
    come: Come,
    terms: Terms,
    at: datetime,
    *,
    points: Iterable[rungs.Point],
    waits_for_word: bool,
) -> list[dict[str, str]]:
    """What the ladder does next, by the minute, and when the promise breaks.

    ``waits_for_word`` says that a rung has just fired which may wait for "I am on it".
    """
    ahead = [one for one in points if one.instant_at > at]
    steps = [
        (one.instant_at, f"{_place(one)}: {_who(one.rung)}.") for one in ahead if not one.is_due
    ]
    if clock.breached_at is None and clock.due_at is not None and clock.due_at > at:
        told = [_who(one.rung) for one in ahead if one.is_due]
        steps.append((clock.due_at, ": ".join(["The promise breaks", *told[:1]]) + "."))
    until = waits.until(clock, come.rung, come.nth, fired_at=at) if waits_for_word else None
    if until is not None:
        steps.append((until, f"Unless somebody says “I am on it”: {_next(clock, come, terms)}."))
    steps.sort()
    return [{"at": when.isoformat(), "words": said} for when, said in steps[:MOST_STEPS]]


def _next(clock: ClockState, come: Come, terms: Terms) -> str:
    """Who is told when nobody says "I am on it"."""
    for rung in rungs.later(come.rung, terms.ladder, clock.budget_s):
        if any(role != OUTSIDE for role in rung.responsible):
            return _who(rung, besides=OUTSIDE)
    return "the next in line is told"


def _place(one: rungs.Point) -> str:
    said = point(one.rung, one.nth)
    return said[0].upper() + said[1:]


def _who(rung: RungTerms, *, besides: str = "") -> str:
    named = [_named(role) for role in rung.responsible if role != besides]
    if len(named) < 2:
        return f"{''.join(named)} is told"
    return f"{', '.join(named[:-1])} and {named[-1]} are told"


def _named(role: str) -> str:
    if role == OUTSIDE:
        return "the client's contact"
    return f"the {ROLE_WORDS[role]}" if role in ROLE_WORDS else role.removeprefix("person:")
