"""A ticket's clocks together: what a happening on the ticket does to each. Pure.

Every change goes the same way, live, imported or replayed: settle first, then, in this order,
retarget, resume, cancel, stop, pause, start (clocks.md, "In one change").
"""

from collections.abc import Callable, Mapping

from app.agreements.terms import Terms
from app.clocks import retargeting, retracting, reviving, takingback
from app.clocks.draft import (
    ACKNOWLEDGEMENT,
    ACTIVE,
    FIRST,
    FROM_CONTACT,
    NEXT,
    SOLVED,
    UPDATE,
    WORKAROUND,
    Draft,
)
from app.clocks.happenings import CannotHappen, Course, Happening, What
from app.clocks.state import SPAM, Kind
from app.languages import gettext as _
from app.languages import lazy_gettext

__all__ = ["CannotHappen", "Course", "Happening", "What", "happen"]

NOT_ACKNOWLEDGED = lazy_gettext("A ticket that is %(status)s cannot be acknowledged.")
NOT_ANSWERED = lazy_gettext("A ticket that is %(status)s cannot be answered.")
NOT_RESOLVED = lazy_gettext("A ticket that is %(status)s cannot be resolved.")
NOT_SET = lazy_gettext("A ticket that is %(status)s cannot be set to %(wanted)s.")
NO_SPAM = lazy_gettext("A ticket that is %(status)s cannot be marked as spam.")


def happen(course: Course, happening: Happening, terms: Terms) -> Course:
    """The course after ``happening`` under ``terms``; ``course`` itself is left as it was.

    ``terms`` are those of the ticket from here on: what is different in them comes with a
    `retargeted` or `reopened` happening. It is applied at its own instant, or at the ticket's
    last event where that is later. Raises `CannotHappen` with a sentence.
    """
    draft = Draft(course, happening, terms)
    draft.settle()
    _STEPS[happening.what](draft)
    return draft.finish()


def _opened(draft: Draft) -> None:
    if draft.course.contact_at is not None:
        raise CannotHappen(_("The ticket is open already."))
    draft.contact_at = draft.at
    draft.status = "new"
    for measure in FROM_CONTACT:
        draft.start(measure)
    if draft.happening.response:
        draft.stop_all(ACKNOWLEDGEMENT, FIRST)
        draft.answered = 1
        draft.status = "open"
        draft.start(UPDATE)
    draft.note()


def _wrote(draft: Draft) -> None:
    if draft.status == "waiting_requester":
        draft.status = "open"
        draft.follow_status()
    if draft.unanswered_since is None and draft.status not in ("spam", "merged"):
        draft.unanswered_since = draft.at
    draft.note()
    retargeting.await_answer(draft)


def _acknowledged(draft: Draft) -> None:
    """A person has taken it in hand: no answer, and met at most once."""
    draft.refuse_unless_active(NOT_ACKNOWLEDGED)
    draft.stop_all(ACKNOWLEDGEMENT)
    if draft.status == "new":
        draft.status = "open"
    draft.note()


def _responded(draft: Draft) -> None:
    draft.refuse_unless_active(NOT_ANSWERED)
    draft.stop_all(ACKNOWLEDGEMENT, FIRST, NEXT, UPDATE)
    if draft.happening.what is What.WORKED_AROUND:
        draft.stop_all(WORKAROUND)
    draft.answered += 1
    draft.unanswered_since = None
    if draft.status == "new":
        draft.status = "open"
    draft.note()
    draft.start(UPDATE)


def _status(draft: Draft) -> None:
    status = draft.happening.status
    draft.refuse_unless_active(NOT_SET, wanted=str(status))
    if status not in ACTIVE:
        raise CannotHappen(
            _("%(status)s is not a status that a ticket is given this way.", status=repr(status))
        )
    draft.status = str(status)
    draft.note()
    draft.follow_status()


def _resolved(draft: Draft) -> None:
    draft.refuse_unless_active(NOT_RESOLVED)
    text_sent = draft.happening.response
    if not text_sent and draft.open_clock(FIRST) is not None:
        raise CannotHappen(
            _("The requester has had no answer yet: resolve it with a text that reaches them.")
        )
    draft.cancel_all("resolved", UPDATE, *(() if text_sent else (NEXT,)))
    draft.stop_all(ACKNOWLEDGEMENT, FIRST, NEXT, *SOLVED)
    draft.answered += text_sent
    draft.unanswered_since = None
    draft.status = "resolved"
    draft.note()


def _closed(draft: Draft) -> None:
    if draft.status != "resolved":
        raise CannotHappen(
            _("A ticket is resolved before it is closed; this one is %(status)s."),
            status=draft.status,
        )
    draft.status = "closed"
    draft.note()


def _withdrawn(draft: Draft) -> None:
    if draft.status not in ACTIVE | {"resolved"}:
        raise CannotHappen(
            _("A ticket that is %(status)s cannot be withdrawn."), status=draft.status
        )
    draft.cancel_all("withdrawn")
    draft.status = "closed"
    draft.note()


def _spam(draft: Draft) -> None:
    draft.refuse_unless_active(NO_SPAM)
    draft.cancel_all(SPAM)
    draft.before_spam = draft.status
    draft.status = "spam"
    draft.note()


def _needs_no_answer(draft: Draft) -> None:
    if draft.open_clock(NEXT) is None:
        raise CannotHappen(_("There is no message that waits for an answer."))
    draft.cancel_all("needs no answer", NEXT)
    draft.unanswered_since = None
    draft.note()


def _recalculated(draft: Draft) -> None:
    """Run what is left under the calendar's new version (clocks.md, "Calendar edit")."""
    for index in range(len(draft.clocks)):
        draft.recalculate(index)
    draft.note()


def _excluded(draft: Draft) -> None:
    """Both parties decided that a promise counts in no figure; no clock moves."""
    one = draft.happening
    for index, clock in enumerate(draft.clocks):
        if (clock.measure, clock.sequence) == (one.measure, one.sequence):
            if clock.excluded_because is not None:
                raise CannotHappen(_("This promise counts in no figure already."))
            draft.emit(index, Kind.EXCLUDED)


def _settled(draft: Draft) -> None:
    """Nothing but the settling that every change begins with."""


_STEPS: Mapping[What, Callable[[Draft], None]] = {
    What.OPENED: _opened,
    What.WROTE: _wrote,
    What.ACKNOWLEDGED: _acknowledged,
    What.RESPONDED: _responded,
    What.WORKED_AROUND: _responded,
    What.STATUS: _status,
    What.RETARGETED: retargeting.retarget,
    What.RESOLVED: _resolved,
    What.REOPENED: reviving.reopen,
    What.CLOSED: _closed,
    What.WITHDRAWN: _withdrawn,
    What.SPAM: _spam,
    What.UNSPAM: reviving.unspam,
    What.NEEDS_NO_ANSWER: _needs_no_answer,
    What.TAKEN_BACK: takingback.take_back,
    What.RETRACTED: retracting.retract,
    What.RECALCULATED: _recalculated,
    What.EXCLUDED: _excluded,
    What.SETTLED: _settled,
}
