"""Messages become a ticket of their own: its clocks begin with them and live through the rest.

Pure. Source: clocks.md, "Split": contact is that of the split message, its clocks as for a
target gained late; a response sent after it counts.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import retargeting, rewriting
from app.clocks.draft import ACTIVE, Draft
from app.clocks.following import answers
from app.clocks.happenings import CannotHappen, Course, Entry, Happening, What
from app.languages import gettext as _

_LIVED_THROUGH = frozenset(
    {What.RESPONDED, What.STATUS, What.RESOLVED, What.REOPENED, What.SPAM, What.UNSPAM}
)
"""What a message of the ticket lived through with it: answers, and spans in which nobody worked.

Not that somebody had taken the ticket in hand: nobody has what is split off.
"""


def split(course: Course, happening: Happening, terms: Terms, *, causes: Collection[str]) -> Course:
    """The course of a new ticket that is split off ``course``.

    ``happened_at`` is the instant of the first split message, ``causes`` are those of all of
    them. Pauses and answers since then happened to it, too; what is still open has at least the
    floor left. Raises `CannotHappen` unless somebody works on the ticket it comes from.
    """
    if course.status not in ACTIVE:
        raise CannotHappen(
            _("Nothing is split off a ticket that is %(status)s."), status=course.status
        )
    contact_at = happening.happened_at or happening.at
    draft = Draft(Course(), replace(happening, happened_at=None), terms)
    draft.contact_at = contact_at
    draft.log = [
        Entry(contact_at, What.OPENED, happening.cause, "new", False),
        *_lived_through(course, contact_at, causes),
    ]
    draft.answered = sum(map(answers, draft.log))
    draft.unanswered_since = rewriting.unanswered_since(draft.log)
    draft.status = "open" if draft.answered else "new"
    retargeting.gain(draft)
    draft.settle()
    draft.note()
    return draft.finish()


def _lived_through(course: Course, contact_at: datetime, causes: Collection[str]) -> list[Entry]:
    """The lines of the log after the first split message that are the new ticket's, too."""
    begun = [place for place, entry in enumerate(course.log) if entry.cause in causes]
    since = course.log[begun[0] + 1 :] if begun else course.log
    lived = []
    for entry in since:
        if entry.what is What.WROTE and entry.cause not in causes:
            lived.append(entry._replace(what=What.STATUS))  # not its words, but it ended a wait
        elif entry.what is What.WORKED_AROUND:
            lived.append(entry._replace(what=What.RESPONDED))  # an answer; it was for the other one
        elif entry.what is What.WROTE or entry.what in _LIVED_THROUGH:
            lived.append(entry)
    return [entry for entry in lived if entry.at >= contact_at]
