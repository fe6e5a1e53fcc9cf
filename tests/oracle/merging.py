"""Two tickets become one, in the words of clocks.md and of decision 0006."""

from tests.oracle.deal import (
    ACTIVE,
    AROUND,
    FIRST,
    NEXT,
    RESOLUTION,
    TAKEN,
    UPDATE,
    Cannot,
    Fact,
)
from tests.oracle.ticket import Line, Ticket
from tests.oracle.watch import DECIDED, share


def merge(source: Ticket, into: Ticket, fact: Fact) -> None:
    """`source` goes into `into`; `fact` brings the deal of `into`, `source` keeps its own."""
    at = max(fact.at, source.last or 0, into.last or 0)
    if source.status not in ACTIVE or into.status not in ACTIVE:
        raise Cannot
    if source.contact is None or into.contact is None:
        raise Cannot
    into.deal = fact.deal
    for ticket in (source, into):
        ticket.fact, ticket.at = fact, at
        for watch in ticket._all():
            watch.settle(at)
            if watch.is_open:
                watch.count_to(at)
    every = (TAKEN, FIRST, NEXT, UPDATE, AROUND, RESOLUTION)
    handed = [_join(source, into, measure) for measure in every]
    _hand_over_the_question(source, into)
    for watch in source.open():
        watch.end("cancelled", source._same(watch), "merged")
        if watch.measure in handed and watch.excluded != DECIDED:
            watch.excluded = "merged"
    source.status = "merged"
    for ticket in (source, into):
        ticket.last = at
        ticket.log.append(Line(fact, at, ticket.status))


def unmerge(source: Ticket, into: Ticket, fact: Fact, *, merged: Ticket) -> None:
    """Both as they were before the merge; the span since then counts.

    ``merged`` is what had become of the target: a watch that the merge began ends there.
    """
    last = merged.last or 0
    for begun in merged.watches[len(into.watches) :]:
        begun.count_to(max(fact.at, last))
        begun.end("cancelled", merged._same(begun), "unmerged")
        into.watches.append(begun)
    for ticket in (source, into):
        ticket.fact, ticket.at = fact, max(fact.at, last)
        for watch in ticket._all():
            watch.settle(ticket.at)
            if watch.is_open:
                watch.count_to(ticket.at)
        ticket.last = ticket.at
        ticket.log.append(Line(fact, ticket.at, ticket.status))


def _join(source: Ticket, into: Ticket, measure: str) -> str | None:
    """The smaller remainder counts; a broken promise goes along. Which one was handed over."""
    if not source.open(measure) or not into.open(measure):
        return None
    given, taken = source.open(measure)[0], into.open(measure)[0]
    if taken.breached is not None:
        return None
    if given.breached is not None:
        taken.used, taken.budget = given.used, given.budget
        taken.due, taken.breached = given.due, given.breached
        return measure
    taken.budget = taken.used + min(taken.budget - taken.used, given.budget - given.used)
    taken.look_ahead()
    return None


def _hand_over_the_question(source: Ticket, into: Ticket) -> None:
    for given in source.open(FIRST, NEXT):
        begun = False
        if into.open(FIRST):
            taken = into.open(FIRST)[0]
        else:
            if not into.open(NEXT):
                into.asked = into.at if into.asked is None else into.asked
                into._await_answer()
                begun = True
            if not into.open(NEXT):
                return
            taken = into.open(NEXT)[0]
        if taken.breached is not None or (taken.measure == given.measure and not begun):
            continue
        left = taken.budget - taken.used
        used = max(taken.used, given.used)
        floor = share(taken.promise, into.deal.floor_percent)
        taken.used = used
        taken.budget = used + min(left, max(taken.budget - used, floor))
        taken.look_ahead()
