"""Clocks that come back: the ticket is reopened, or was no spam after all. Pure."""

from app.clocks import retargeting
from app.clocks.draft import DONE, SOLVED, UPDATE, Draft
from app.clocks.following import WITHDRAWN, bring_back, comes_back
from app.clocks.happenings import CannotHappen
from app.clocks.state import SPAM, Kind, Phase
from app.languages import gettext as _


def reopen(draft: Draft) -> None:
    """Open a resolved or closed ticket again (clocks.md, "Reopen").

    The resolution clock goes on without the closed span; reopened by the requester's side it
    has at least the grant left. So does the workaround, unless one was given: that still stands.
    What changed meanwhile comes first, as a retarget. Under the rule `restart` a new sequence
    begins and both count; under `final` it cannot happen. Clocks that were withdrawn go on under
    either rule: no promise was kept by withdrawing.
    """
    if draft.status not in DONE:
        raise CannotHappen(
            _("A ticket that is %(status)s need not be reopened."), status=draft.status
        )
    if draft.terms.reopen_rule == "final":
        raise CannotHappen(_("The agreement says that solved means solved."))
    draft.status = "open"
    newest = {draft.newest(measure) for measure in SOLVED if comes_back(measure, draft.log)}
    for index, clock in enumerate(list(draft.clocks)):
        kind = Kind.REOPENED if clock.measure in SOLVED else Kind.RESTORED
        if clock.cancelled_reason == WITHDRAWN and clock.state is Phase.CANCELLED:
            bring_back(draft, index, kind, granted=draft.happening.by_requester)
        elif index in newest and clock.state is Phase.MET:
            if draft.terms.reopen_rule == "restart":
                draft.start(clock.measure)
            else:
                bring_back(draft, index, kind, granted=draft.happening.by_requester)
    draft.note()
    if draft.unanswered_since is not None:
        draft.unanswered_since = draft.at  # whoever wrote to a closed ticket waits from here on
    retargeting.gain(draft)
    if draft.open_clock(UPDATE) is None:
        draft.start(UPDATE)
    retargeting.await_answer(draft)


def unspam(draft: Draft) -> None:
    """Restore the clocks that spam had cancelled, without the span in between."""
    if draft.status != "spam":
        raise CannotHappen(
            _("A ticket that is %(status)s is not marked as spam."), status=draft.status
        )
    draft.status = draft.before_spam or "open"
    draft.before_spam = None
    for index, clock in enumerate(draft.clocks):
        if clock.state is Phase.CANCELLED and clock.cancelled_reason == SPAM:
            bring_back(draft, index, Kind.RESTORED, granted=False)
    draft.note()
    draft.pause_held()
    retargeting.gain(draft)
