"""The frozen facts of an escalation letter (`mail/kinds.py`), in the language spoken.

Names that letters say themselves, as those of measures, are kept in English.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agreements import contracts
from app.agreements.terms import RungTerms, TargetTerms, Terms
from app.clocks import chips, rungs, waits, words
from app.clocks.coming import Come
from app.clocks.models import Escalation
from app.clocks.state import ClockState
from app.escalation.responsible import OUTSIDE, Told
from app.escalation.rung_words import point
from app.languages import amount, lazy_gettext, listed, within
from app.languages import gettext as _
from app.tickets import letters
from app.tickets.models import Ticket

MOST_STEPS = 3
WITHIN = {
    "acknowledgement": lazy_gettext("in hand within %(time)s"),
    "workaround": lazy_gettext("a workaround within %(time)s"),
    "resolution": lazy_gettext("resolved in %(time)s"),
    "update": lazy_gettext("news within %(time)s"),
}
ANSWERED_WITHIN = lazy_gettext("answered in %(time)s")
"""What is done within a time, by measure, and for all others."""
BY = {
    "acknowledgement": lazy_gettext("in hand %(by)s"),
    "workaround": lazy_gettext("a workaround %(by)s"),
    "resolution": lazy_gettext("resolved %(by)s"),
    "update": lazy_gettext("news %(by)s"),
}
ANSWERED_BY = lazy_gettext("answered %(by)s")
"""The same by a time of day: "resolved by 16:00 on the next working day"."""
NAMED = {
    "assignee": lazy_gettext("the assignee"),
    "team_lead": lazy_gettext("the team lead"),
    "on_call": lazy_gettext("the person on call"),
    "service_owner": lazy_gettext("the owner of the service"),
    "manager": lazy_gettext("the service manager"),
    "client_contact": lazy_gettext("the client's contact"),
}
"""Who is told next, by their role."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why somebody is told otherwise than of a rung that simply comes at its point.

    It comes `again`, a change left it behind (`passed_over`), or those who were told did not
    answer or could not be reached (`passed_on`); each is the rest of a sentence, said when it is
    shown.
    """

    again: Any = None
    passed_over: Any = None
    passed_on: Any = None


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
        "measure_name": letters.in_english(clock.measure),
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
        "requester": ticket.requester.name if ticket.requester else _("nobody known"),
        "owner": _owner(ticket, known, terms),
        "role": _role(told),
        "late_s": max(0, int((at - come.instant_at).total_seconds())),
        "again": _said(because.again),
        "passed_over": _said(because.passed_over),
        "passed_on": _said(because.passed_on),
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


def _said(because: Any) -> str | None:
    return None if because is None else str(because)


def _role(told: Told) -> str:
    """As what somebody is told, and in whose place."""
    if not told.instead:
        return str(told.words)
    return _("%(role)s %(instead)s", role=told.words, instead=told.instead)


def _owner(ticket: Ticket, known: Iterable[Escalation], terms: Terms) -> str:
    """Who has the ticket, and at which rung of this clock they were told."""
    assignee = ticket.assignee
    if assignee is None:
        return _("nobody has it")
    ladder = {rung.rung_id: rung for rung in terms.ladder}
    told_at = [
        point(ladder[row.rung_id], row.nth)
        for row in known
        if row.rung_id in ladder and any(each.get("person") == assignee.id for each in row.told)
    ]
    if not told_at:
        return assignee.name
    return _("%(name)s, told at %(point)s", name=assignee.name, point=told_at[-1])


def _promise(ticket: Ticket, clock: ClockState, terms: Terms) -> str:
    """The promise that this clock keeps, which a raised priority may have left behind."""
    target = terms.targets.get(clock.measure)
    named = _(
        "%(tier)s, %(priority)s priority",
        tier=terms.tier_name,
        priority=within(ticket.priority.label),
    )
    if target is None or target.target_id != clock.target_id:
        target, named = contracts.target_terms(clock.target_id, because=""), terms.tier_name
    deed = _deed(clock.measure, target)
    return _("%(named)s: %(deed)s, § %(clause)s", named=named, deed=deed, clause=target.clause)


def _deed(measure: str, target: TargetTerms) -> str:
    """What is promised, and by when: "resolved in 4 h of service time"."""
    if target.by_time is not None:
        return str(BY.get(measure, ANSWERED_BY)) % {"by": words.allowed(target.words)}
    time = amount(target.words)
    if "business day" not in target.words:
        time = _("%(time)s of service time", time=time)
    return str(WITHIN.get(measure, ANSWERED_WITHIN)) % {"time": time}


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
        (one.instant_at, _("%(place)s: %(told)s.", place=_place(one), told=_who(one.rung)))
        for one in ahead
        if not one.is_due
    ]
    if clock.breached_at is None and clock.due_at is not None and clock.due_at > at:
        told = [_who(one.rung) for one in ahead if one.is_due]
        steps.append((clock.due_at, _breaks(told[0] if told else "")))
    until = waits.until(clock, come.rung, come.nth, fired_at=at) if waits_for_word else None
    if until is not None:
        told_next = _next(clock, come, terms)
        steps.append((until, _("Unless somebody says “I am on it”: %(told)s.", told=told_next)))
    steps.sort()
    return [{"at": when.isoformat(), "words": said} for when, said in steps[:MOST_STEPS]]


def _breaks(told: str) -> str:
    return _("The promise breaks: %(told)s.", told=told) if told else _("The promise breaks.")


def _next(clock: ClockState, come: Come, terms: Terms) -> str:
    """Who is told when nobody says "I am on it"."""
    for rung in rungs.later(come.rung, terms.ladder, clock.budget_s):
        if any(role != OUTSIDE for role in rung.responsible):
            return _who(rung, besides=OUTSIDE)
    return _("the next in line is told")


def _place(one: rungs.Point) -> str:
    said = point(one.rung, one.nth)
    return said[0].upper() + said[1:]


def _who(rung: RungTerms, *, besides: str = "") -> str:
    named = [_named(role) for role in rung.responsible if role != besides]
    if len(named) < 2:
        return _("%(name)s is told", name="".join(named))
    return _("%(names)s are told", names=listed(named))


def _named(role: str) -> str:
    return str(NAMED[role]) if role in NAMED else role.removeprefix("person:")
