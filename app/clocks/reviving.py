"""Clocks that come back: the ticket is reopened, or was no spam after all. Pure."""

from app.clocks import retargeting
from app.clocks.draft import DONE, RESOLUTION, UPDATE, Draft
from app.clocks.happenings import CannotHappen
from app.clocks.state import SPAM, Kind, Phase

WITHDRAWN = "withdrawn"


def reopen(draft: Draft) -> None:
    """Open a resolved or closed ticket again (clocks.md, "Reopen").

    The resolution clock goes on without the closed span; reopened by the requester's side it
    has at least the grant left. What changed meanwhile comes first, as a retarget. Under the
    rule `restart` a new sequence begins and both count; under `final` it cannot happen.
    """
    if draft.status not in DONE:
        raise CannotHappen(f"A ticket that is {draft.status} need not be reopened.")
    if draft.terms.reopen_rule == "final":
        raise CannotHappen("The agreement says that solved means solved.")
    draft.status = "open"
    newest = draft.newest(RESOLUTION)
    for index, clock in enumerate(draft.clocks):
        if clock.cancelled_reason == WITHDRAWN and clock.state is Phase.CANCELLED:
            _bring_back(draft, index)
        elif index == newest and clock.state is Phase.MET:
            if draft.terms.reopen_rule == "restart":
                draft.start(RESOLUTION)
            else:
                _bring_back(draft, index)
    draft.note()
    retargeting.gain(draft)
    draft.start(UPDATE)
    draft.await_answer()


def unspam(draft: Draft) -> None:
    """Restore the clocks that spam had cancelled, without the span in between."""
    if draft.status != "spam":
        raise CannotHappen(f"A ticket that is {draft.status} is not marked as spam.")
    draft.status = draft.before_spam or "open"
    draft.before_spam = None
    for index, clock in enumerate(draft.clocks):
        if clock.state is Phase.CANCELLED and clock.cancelled_reason == SPAM:
            _bring_back(draft, index)
    draft.note()
    draft.pause_held()
    retargeting.gain(draft)
    draft.await_answer()


def _bring_back(draft: Draft, index: int) -> None:
    """Run a stopped clock on under today's terms; without a target there it stays as it is."""
    clock = draft.clocks[index]
    if clock.measure not in draft.terms.targets and not clock.is_breached:
        return
    if not clock.is_breached:
        retargeting.to_terms(draft, index)
    draft.emit(
        index,
        Kind.REOPENED if clock.measure == RESOLUTION and not _was_spam(draft) else Kind.RESTORED,
        target=draft.same_target(draft.clocks[index]),
        facts={"granted": True} if _earns_grant(draft, index) else None,
    )


def _earns_grant(draft: Draft, index: int) -> bool:
    return draft.clocks[index].measure == RESOLUTION and draft.happening.by_requester


def _was_spam(draft: Draft) -> bool:
    return draft.course.status == SPAM
