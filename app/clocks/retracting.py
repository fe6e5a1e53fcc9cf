"""A change of target that was undone at once: the promises stand as if it had never been. Pure.

Source: clocks.md, "Clocks" (back only by a compensating event); decision 0006.
"""

from app.clocks import rewriting
from app.clocks.draft import Draft
from app.clocks.following import to_terms
from app.clocks.happenings import Entry, What
from app.clocks.state import ClockState
from app.clocks.takingback import go_back


def retract(draft: Draft) -> None:
    """Let the clocks go on as if the newest change of target of cause ``undoes`` had never been.

    A clock that it moved or ended goes back to where it stood, remembers no budget of it and is
    led through what happened since. One that began since goes over to today's target, and one
    that only the change had promised loses it again. What is broken stays where it is. Where
    there is nothing to take back, it is a change of target like any other.
    """
    undoing = _undone(draft)
    if undoing:
        position = draft.log.index(undoing[0])
        draft.log = [entry for entry in draft.log if entry not in undoing]
        for index, clock in enumerate(draft.clocks):
            if not clock.is_breached and _was_moved_by(undoing[0], clock):
                go_back(draft, index, undoing, position)
    for index, clock in enumerate(draft.clocks):
        if clock.is_open:
            to_terms(draft, index)
    draft.follow_status()  # another version may pause elsewhere
    draft.note()


def _undone(draft: Draft) -> list[Entry]:
    """The lines of the change, unless two tickets became one or two again since."""
    found = rewriting.newest(draft.log, draft.happening.undoes or "")
    undoing = [entry for entry in found if entry.what is What.RETARGETED]
    since = draft.log[draft.log.index(undoing[0]) :] if undoing else []
    if any(entry.what in (What.MERGED, What.UNMERGED) for entry in since):
        return []
    return undoing


def _was_moved_by(change: Entry, clock: ClockState) -> bool:
    """Whether an event of the change is among what led to the clock, but not its start."""
    node = clock
    while node.before is not None:
        if (node.cause, node.changed_at) == (change.cause, change.at):
            return True
        node = node.before
    return False
