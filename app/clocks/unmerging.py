"""A merge is taken apart: both tickets go on as if it had never been. Pure.

Source: clocks.md, "Merge": "Unmerge refolds both without the merge; the merged span counts for
the source, what was done since stays with the target."
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

from app.agreements.terms import Terms
from app.clocks import rewriting
from app.clocks.draft import ACTIVE, DONE, Draft
from app.clocks.happenings import CannotHappen, Course, Entry, Happening, What
from app.clocks.merging import MERGED
from app.clocks.retargeting import await_answer
from app.clocks.state import ClockState, Kind
from app.clocks.takingback import lead
from app.languages import gettext as _

UNMERGED = "unmerged"
"""Why a clock was cancelled that only the merge had begun."""


def unmerge(
    source: Course, into: Course, happening: Happening, *, source_terms: Terms, terms: Terms
) -> tuple[Course, Course]:
    """``source`` comes out of ``into`` again; answers both. ``undoes`` is the merge's cause.

    The source's clocks never stopped: the merged span counts. The target's open clocks go back
    to before the merge and through what happened since; those that stopped stay as they are. A
    broken promise that was handed over goes back; one that was recorded since stays, excluded
    where it was broken only by what the source had brought. Raises `CannotHappen` when the
    source is not merged by that cause, the target is merged or spam itself, or another ticket
    was merged into it since.
    """
    cause = happening.undoes or ""
    both = (source.last_at, into.last_at)
    at = max([happening.at, *(instant for instant in both if instant is not None)])
    happening = replace(happening, what=What.UNMERGED, at=at)
    giving = Draft(source, happening, source_terms)
    taking = Draft(into, happening, terms)
    if giving.status != "merged":
        raise CannotHappen(
            _("A ticket that is %(status)s is merged into none."), status=giving.status
        )
    if taking.status not in ACTIVE | DONE:
        raise CannotHappen(
            _("Nothing comes out of a ticket that is %(status)s."), status=taking.status
        )
    _forget(giving, cause)
    since = _forget(taking, cause)
    if any(entry.what is What.MERGED for entry in since):
        raise CannotHappen(_("Another ticket was merged into it since: take that one out first."))
    taking.settle()
    _restore(giving, cause)
    _refold(taking, cause, since)
    for draft in (giving, taking):
        draft.note()
    return giving.finish(), taking.finish()


def _forget(draft: Draft, cause: str) -> Sequence[Entry]:
    """Take the newest merge of ``cause`` out of the log; what was told after it."""
    places = [
        place
        for place, entry in enumerate(draft.log)
        if entry.what is What.MERGED and entry.cause == cause
    ]
    if not places:
        raise CannotHappen(_("They are not merged."))
    since = draft.log[places[-1] + 1 :]
    del draft.log[places[-1]]
    return since


def _restore(giving: Draft, cause: str) -> None:
    """The source's clocks go on as if they had never been cancelled; overdue ones are broken."""
    giving.status = giving.log[-1].status
    for index, clock in enumerate(giving.clocks):
        node = _first_of(clock, cause)
        if node is not None:
            giving.emit(index, Kind.TAKEN_BACK, undoes=node.number)
    giving.settle()


def _refold(taking: Draft, cause: str, since: Sequence[Entry]) -> None:
    for index, clock in enumerate(list(taking.clocks)):
        node = _first_of(clock, cause)
        if node is None:
            continue
        if node.before is None:
            _end_begun(taking, index)
        elif clock.is_open:
            _go_back(taking, index, node, since)
        elif clock.is_breached and _was_brought(node):
            _exclude(taking, index)
    taking.unanswered_since = rewriting.unanswered_since(taking.log)
    await_answer(taking)


def _end_begun(taking: Draft, index: int) -> None:
    """A clock that only the merge had begun: the source counts its own."""
    clock = taking.clocks[index]
    if clock.is_breached:
        _exclude(taking, index)
    if clock.is_open:
        hours = taking.newest_hours(clock)
        taking.emit(index, Kind.CANCELLED, target=hours, reason=UNMERGED)


def _go_back(taking: Draft, index: int, node: ClockState, since: Sequence[Entry]) -> None:
    clock = taking.clocks[index]
    is_brought = _was_brought(node)
    is_only_theirs = (
        clock.is_breached and not is_brought and not _breaks_alone(taking, index, node, since)
    )
    taking.emit(
        index,
        Kind.TAKEN_BACK,
        undoes=node.number,
        facts={"handed_back": True} if is_brought else None,
    )
    was = taking.clocks[index]
    for entry in since:
        lead(taking, index, entry, was)
    taking.settle(index=index)
    if is_only_theirs:
        _exclude(taking, index)


def _breaks_alone(taking: Draft, index: int, node: ClockState, since: Sequence[Entry]) -> bool:
    """Whether the promise would have been broken by now without what the source brought."""
    if node.before is None:
        return False
    trial = copy(taking)
    trial.clocks, trial.events, trial.log = list(taking.clocks), [], list(taking.log)
    trial.clocks[index] = node.before
    for entry in since:
        lead(trial, index, entry, node.before)
    trial.settle(index=index)
    return trial.clocks[index].is_breached


def _was_brought(node: ClockState) -> bool:
    """Whether the merge itself handed a broken promise over."""
    return node.is_breached and node.before is not None and not node.before.is_breached


def _exclude(draft: Draft, index: int) -> None:
    if draft.clocks[index].excluded_because is None:
        draft.emit(index, Kind.EXCLUDED, reason=MERGED)


def _first_of(clock: ClockState, cause: str) -> ClockState | None:
    """The oldest state that the change of ``cause`` led to; None where it left the clock alone."""
    found: ClockState | None = None
    node: ClockState | None = clock
    while node is not None:
        if node.cause == cause:
            found = node
        elif found is not None:
            break
        node = node.before
    return found
