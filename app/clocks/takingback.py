"""A response that did not stand: undone by its writer, refused or sent back by a server. Pure.

Source: clocks.md, "A qualifying response" and what follows; decision 0006.
"""

from collections.abc import Sequence
from datetime import datetime

from app.agreements.terms import TargetTerms
from app.clocks import rewriting
from app.clocks.draft import FIRST, FROM_CONTACT, NEXT, Draft
from app.clocks.following import answers, follow, hold, stops, to_terms, works
from app.clocks.happenings import CannotHappen, Entry, What
from app.clocks.retargeting import after, await_answer, late_budget
from app.clocks.rules import undone
from app.clocks.state import ClockState, Kind, Phase
from app.languages import gettext as _

TAKEN_BACK = "taken back"


def take_back(draft: Draft) -> None:
    """Let the clocks go on as if the change ``undoes`` had never been: no floor, no new sequence.

    What happened since is led through again, under today's terms. The next response and update
    clocks that rested on it are cancelled. A bounced resolution text leaves the ticket resolved
    unless it had met first response. A breach recorded since stays. That somebody has it in hand
    is undone, too, but never bounces. Raises `CannotHappen` when no answer of that cause stands,
    or the ticket was merged or unmerged since.
    """
    cause = draft.happening.undoes or ""
    undoing = rewriting.newest(draft.log, cause)
    if not any(answers(entry) or _is_undone(draft, entry) for entry in undoing):
        raise CannotHappen(_("There is nothing of that left to take back."))
    position = draft.log.index(undoing[0])
    if any(entry.what in (What.MERGED, What.UNMERGED) for entry in draft.log[position:]):
        raise CannotHappen(_("Too much has happened to the ticket since."))
    first_lost = any(clock.measure == FIRST and _stopped_by(clock, cause) for clock in draft.clocks)
    instead = rewriting.instead(draft, undoing, position, first_lost=first_lost)
    was = draft.log
    draft.log = rewriting.as_if(draft, was[:position], instead, first_lost=first_lost)
    draft.status = draft.log[-1].status
    draft.answered = sum(map(answers, draft.log))
    draft.unanswered_since = rewriting.unanswered_since(draft.log)
    for index in sorted(range(len(draft.clocks)), key=lambda i: draft.clocks[i].measure != FIRST):
        if _rests_on_it(draft, draft.clocks[index]):
            _void(draft, index)
        elif _is_touched(draft, index, cause, was[position:], position):
            go_back(draft, index, undoing, position)
    _keep_the_earlier(draft)
    await_answer(draft)
    draft.note()


def _is_undone(draft: Draft, entry: Entry) -> bool:
    return entry.what is What.ACKNOWLEDGED and not draft.happening.bounced


def _stopped_by(clock: ClockState, cause: str) -> bool:
    node = undone(clock, cause)
    return clock.state is Phase.MET and node is not None and node.state is Phase.MET


def _is_touched(draft: Draft, index: int, cause: str, was: Sequence[Entry], position: int) -> bool:
    """Whether the change moved the clock, or a status that would have been another one."""
    clock = draft.clocks[index]
    stays = any(stops(clock.measure, e) for e in draft.log[position:] if e.cause == cause)
    if _ended_by(clock, cause) and not stays:
        return True
    if _endings(was, cause) != _endings(draft.log[position:], cause):
        return True
    before = draft.log[position - 1].status if position else "new"
    return _spans(draft, clock.measure, before, was) != _spans(
        draft, clock.measure, before, draft.log[position:]
    )


def _endings(log: Sequence[Entry], cause: str) -> list[tuple[What, datetime]]:
    """What ended clocks and brought them back, beside the change itself."""
    which = (What.RESOLVED, What.REOPENED, What.WITHDRAWN, What.SPAM, What.UNSPAM)
    return [(entry.what, entry.at) for entry in log if entry.what in which and entry.cause != cause]


def _ended_by(clock: ClockState, cause: str) -> bool:
    node: ClockState | None = clock
    while node is not None:
        if node.cause == cause and not node.is_open:
            return True
        node = node.before
    return False


def _spans(
    draft: Draft, measure: str, status: str, log: Sequence[Entry]
) -> list[tuple[datetime, bool]]:
    """When a clock of ``measure`` would begin to count or cease to, as the log says."""
    spans: list[tuple[datetime, bool]] = []
    counts = works(measure, status, draft)
    for entry in log:
        if works(measure, entry.status, draft) is not counts:
            counts = not counts
            spans.append((entry.at, counts))
    return spans


def go_back(draft: Draft, index: int, undoing: Sequence[Entry], position: int) -> None:
    """Put a clock where it stood before the lines ``undoing``, and lead it through what happened
    since; the log has no such lines any more, and what came after them is from ``position`` on."""
    clock = draft.clocks[index]
    node = _first_since(draft, clock, undoing, position)
    if node is not None:
        draft.emit(
            index,
            Kind.TAKEN_BACK,
            undoes=node.number,
            facts=_gained_since(draft, clock, position),
        )
    base = draft.clocks[index]
    since = after(draft.log, base)
    begun = len(draft.log) - len(since) - 1
    if begun >= 0 and base.is_open:
        hold(draft, index, draft.log[begun], at=base.changed_at)
    for place, entry in enumerate(since, start=begun + 1):
        lead(draft, index, entry, clock, moves=place >= position)
    draft.settle(index=index)


def lead(draft: Draft, index: int, entry: Entry, was: ClockState, *, moves: bool = True) -> None:
    """Lead a clock that went back through one line that it had been through before as ``was``.

    ``moves`` is False where the line did not move the clock then.
    """
    follow(draft, index, entry, move=lambda line: _move(draft, index, line, was))
    if not moves:
        return
    if draft.clocks[index].is_open and entry.what is What.RETARGETED:
        _move(draft, index, entry, was)
    elif entry.what is What.RECALCULATED and not was.is_breached:
        draft.recalculate(index, at=entry.at, cause=entry.cause)


def _gained_since(draft: Draft, clock: ClockState, position: int) -> dict[str, int] | None:
    """The budget of a promise that was gained after what is taken back, and is open only now."""
    root = _root(clock)
    later = any(entry.cause == root.cause for entry in draft.log[position:])
    target = draft.terms.targets.get(clock.measure)
    if not later or root.started_at >= draft.log[position].at or target is None:
        return None
    if clock.target_id != target.target_id:
        return None
    return {"budget_s": late_budget(draft, target, root.started_at)}


def _first_since(
    draft: Draft, clock: ClockState, undoing: Sequence[Entry], position: int
) -> ClockState | None:
    """The oldest state that came of the change or of anything after it, but not its start."""
    earlier = {(entry.cause, entry.at) for entry in draft.log[:position]}
    found: ClockState | None = None
    node = clock
    while node.before is not None and node.changed_at is not None:
        if node.changed_at < undoing[0].at or (node.cause, node.changed_at) in earlier:
            break
        found, node = node, node.before
    return found


def _move(draft: Draft, index: int, entry: Entry, was: ClockState) -> None:
    """To today's target; a clock that has breached meanwhile, to the one in which it did."""
    clock = draft.clocks[index]
    if was.breached_at is None:
        to_terms(draft, index, at=entry.at, cause=entry.cause)
    elif entry.at <= was.breached_at and clock.target_id != was.target_id:
        draft.emit(
            index,
            Kind.RETARGETED,
            at=entry.at,
            cause=entry.cause,
            target=_target_of(was),
            facts={"because": was.chosen_because},
        )


def _target_of(clock: ClockState) -> TargetTerms:
    return TargetTerms(
        target_id=clock.target_id,
        measure=clock.measure,
        seconds=clock.target_s,
        words="",
        calendar=clock.calendar,
        calendar_version_id=clock.calendar_version_id,
        calendar_name="",
        clause="",
        sentence="",
        because=clock.chosen_because,
    )


def _rests_on_it(draft: Draft, clock: ClockState) -> bool:
    """Whether the clock began because the requester had an answer, and would not have begun."""
    mine = [entry for entry in draft.log if entry.cause == _root(clock).cause]
    if not any(_begins(entry, clock.measure) for entry in mine):
        return True
    return clock.measure == NEXT and not _was_answered(draft, _root(clock))


def _was_answered(draft: Draft, root: ClockState) -> bool:
    """Whether an answer stood when the clock began."""
    for entry in draft.log:
        if answers(entry):
            return entry.at <= root.started_at
        if (entry.cause, entry.at) == (root.cause, root.started_at):
            return False
    return False


def _begins(entry: Entry, measure: str) -> bool:
    """Whether a clock of ``measure`` can begin with what the log says there."""
    if entry.what is What.OPENED:
        return entry.response or measure in FROM_CONTACT
    never = {What.STATUS, What.RESOLVED, What.ACKNOWLEDGED}
    return entry.what not in (never if measure == NEXT else never | {What.WROTE})


def _keep_the_earlier(draft: Draft) -> None:
    """Of two open clocks of a measure, the later one began only because the earlier had ended."""
    kept: set[str] = set()
    for index, clock in enumerate(draft.clocks):
        if clock.is_open and clock.measure in kept:
            _void(draft, index)
        elif clock.is_open:
            kept.add(clock.measure)


def _void(draft: Draft, index: int) -> None:
    clock = draft.clocks[index]
    if clock.is_open:
        draft.emit(index, Kind.CANCELLED, target=draft.newest_hours(clock), reason=TAKEN_BACK)


def _root(clock: ClockState) -> ClockState:
    node = clock
    while node.before is not None:
        node = node.before
    return node
