"""Taken back: the story is told once more as if the message had never reached anybody."""

from dataclasses import replace

from tests.oracle.deal import FIRST, NEXT, Cannot, Deal, Fact, Silent
from tests.oracle.ticket import Line, Ticket
from tests.oracle.watch import DECIDED, Watch

MOVES = ("retargeted", "recalculated")


def take_back(ticket: Ticket, fact: Fact) -> None:
    """Put every watch where it would stand; what was recorded as broken stays broken."""
    mine = [line for line in ticket.log if line.fact.cause == fact.undoes]
    mine = [line for line in mine if line.at == max(one.at for one in mine)]
    said = any(line.answers for line in mine)
    if not said and (fact.flag or not any(line.fact.what == "acknowledged" for line in mine)):
        raise Cannot
    first = ticket.log.index(mine[0])
    _speak(ticket, first)
    ticket.retold = True
    if any(line.fact.what in ("merged", "unmerged") for line in ticket.log[first:]):
        raise Cannot
    if any(line.fact.what in ("merged", "unmerged") for line in ticket.log):
        raise Silent("One ticket cannot tell again what another one brought.")
    if any(line.fact.what == "opened" for line in mine) and not fact.flag:
        raise Cannot
    instead = [
        (line, _instead(ticket, line, bounced=fact.flag) if line in mine else line.fact)
        for line in ticket.log
    ]
    exact = _tell(instead, first, None)
    told = _tell(instead, first, ticket.deal)
    for one in (exact, told):
        one.deal, one.fact, one.at = ticket.deal, fact, ticket.at
        for watch in one._all():
            watch.settle(fact.at)
            if watch.is_open:
                watch.count_to(ticket.at)
    _compare(ticket, exact, told, instead, first)
    ticket.status, ticket.answered, ticket.asked = told.status, told.answered, told.asked
    ticket.before_spam, ticket.log = told.before_spam, told.log
    known = {watch.born for watch in ticket.watches}
    began = [watch for watch in told.open(NEXT) if watch.born not in known]
    ticket._await_answer()
    ticket.begun_late = ticket.begun_late or bool(began)
    if began:
        ticket.open(NEXT)[0].born = began[0].born


def retract(ticket: Ticket, fact: Fact) -> None:
    """The promises changed last, and that is undone: told without it, all but what broke since."""
    *before, last = ticket.log
    if last.fact.cause != fact.undoes or ticket.retold:
        raise Silent("Something else was told since, or told again before.")
    if len({frozenset(line.fact.deal.promises) for line in ticket.log}) > 1:
        raise Silent("Promises gained or lost.")
    if any(line.fact.what in ("merged", "unmerged") for line in ticket.log):
        raise Silent("One ticket cannot tell again what another one brought.")
    told = _tell([(line, line.fact) for line in before], len(before), None)
    for watch in told._all():
        watch.settle(fact.at)
        if watch.is_open:
            watch.count_to(ticket.at)
    for place, watch in enumerate(ticket.watches):
        other = _like(watch, told)
        if watch.breached is None and watch.is_open and other is not None:
            other.excluded = watch.excluded or other.excluded
            ticket.watches[place] = other
    ticket.log = before


def _speak(ticket: Ticket, first: int) -> None:
    """Raise `Silent` where decision 0006 says that nothing is compared."""
    moves = sum(line.fact.what in MOVES for line in ticket.log[first:])
    if moves > 1 or len({frozenset(line.fact.deal.promises) for line in ticket.log}) > 1:
        raise Silent("Promises gained or lost, or changed twice since the answer.")
    changed = len({id(line.fact.deal) for line in ticket.log}) > 1
    asked_twice = any(watch.measure == NEXT and watch.sequence > 1 for watch in ticket.watches)
    if ticket.begun_late or (ticket.retold and (changed or asked_twice)):
        raise Silent("The second answer taken back, and promises changed or began on the way.")
    back = {line.fact.cause for line in ticket.log if line.fact.what == "reopened"}
    for line in ticket.log:
        wrote = line.fact.what == "wrote" and line.status in ("resolved", "closed")
        if wrote and line.fact.cause not in back:
            raise Silent("A message to a closed ticket that did not open it.")


def _instead(ticket: Ticket, line: Line, *, bounced: bool) -> Fact | None:
    """What is told in place of a line that did not stand; None when nothing is."""
    fact = line.fact
    if fact.what == "opened":
        return replace(fact, flag=False, status="open")
    if not bounced:
        return None
    if fact.what == "resolved" and not _met_first_response(ticket, line):
        return replace(fact, flag=False)
    sets = fact.what == "resolved" or fact.status == "waiting_requester"
    if sets or (line.answers and line.status == "open" and _was_new(ticket, line)):
        return replace(fact, what="status_set", status="open")
    return None if line.answers else fact


def _met_first_response(ticket: Ticket, line: Line) -> bool:
    return any(
        watch.measure == FIRST and watch.state == "met" and watch.ended_by == line.fact.cause
        for watch in ticket._all()
    )


def _was_new(ticket: Ticket, line: Line) -> bool:
    before = ticket.log[: ticket.log.index(line)]
    return bool(before) and before[-1].status == "new"


def _tell(lines: list[tuple[Line, Fact | None]], first: int, deal: Deal | None) -> Ticket:
    """From the beginning. With `deal`, what came after is told under that one: what changed
    meanwhile counts as one change, at the instant of the first."""
    ticket = Ticket()
    facts = [
        replace(fact, own=line.at) if fact is not None and fact.own is not None else fact
        for line, fact in lines
    ]
    for number, fact in enumerate(facts):
        if fact is None:
            continue
        if deal is not None and number >= first and fact.what != "opened":
            fact = replace(fact, deal=deal)
        trial = ticket.copy()
        try:
            trial.happen(fact)
        except Cannot:
            continue
        ticket = trial
    return ticket


def _frozen(
    ticket: Ticket, instead: list[tuple[Line, Fact | None]], first: int, watch: Watch
) -> Ticket:
    """Told once more for a broken promise: what changed after the breach did not touch it."""
    breached = watch.breached
    assert breached is not None
    lines = [
        (line, replace(fact, what="noted") if fact and late(line) else fact)
        for line, fact in instead
        for late in [lambda one: one.fact.what in MOVES and one.fact.at > breached]
    ]
    deals = [line.fact.deal for line in ticket.log if line.fact.at <= breached]
    told = _tell(lines, first, deals[-1])
    told.deal, told.fact, told.at = ticket.deal, ticket.fact, ticket.at
    for one in told._all():
        if one.is_open:
            one.count_to(ticket.at)
    return told


def _compare(
    ticket: Ticket,
    exact: Ticket,
    told: Ticket,
    instead: list[tuple[Line, Fact | None]],
    first: int,
) -> None:
    for place, watch in enumerate(ticket.watches):
        same, other = _like(watch, exact), _like(watch, told)
        other = other or same
        if same is None or other is None:
            if watch.is_open:
                watch.end("cancelled", ticket._same(watch), "taken back")
            continue
        moved = _figures(same) != _figures(watch) or (
            watch.breached is None and same.breached is not None
        )
        if moved and watch.breached is not None:
            frozen = _frozen(ticket, instead, first, watch)
            other = _like(watch, frozen) or other
        if not moved:
            continue
        other.sequence = watch.sequence
        if watch.excluded == DECIDED:
            other.excluded = DECIDED
        if watch.breached is not None:
            other.breached, other.due = watch.breached, watch.due
            other.budget = watch.budget
        ticket.watches[place] = other


def _like(watch: Watch, told: Ticket) -> Watch | None:
    for other in told.watches:
        if (other.measure, other.born) == (watch.measure, watch.born):
            return other
    return None


def _figures(watch: Watch) -> tuple[object, ...]:
    return (watch.state, watch.used, watch.paused, watch.met, watch.stopped, watch.why)
