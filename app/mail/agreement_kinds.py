"""The kinds of letters about an agreement's dates, and the facts each is drawn from.

Days are ISO dates, instants ISO 8601 with offset. Their reader is a contact of a party.
"""

from typing import Any, NotRequired, TypedDict


class Acknowledge(TypedDict):
    """The letter asks to be acknowledged ``until`` an instant; ``turn`` is what its link signs."""

    turn: str
    until: str


class AgreementFacts(TypedDict):
    """What every letter about an agreement says of it; ``party`` is the reader's side.

    ``key`` is the agreement's, ``version`` a number. ``reads`` is false for a contact without a
    grant to open the agreement's pages: their letter leads to none of them.
    """

    agreement: str
    key: str
    version: int
    party: str
    acknowledge: Acknowledge | None
    reads: NotRequired[bool]


class ClauseFacts(AgreementFacts):
    """The clause that it rests on, quoted; both empty where none is named."""

    clause: str
    quote: str


class AgreementDateFacts(ClauseFacts):
    """Kind ``agreement-date``: a day is near, ``days`` from now (negative: past).

    ``what`` is notice, end, review (to be arranged), meeting or overdue (a review not held);
    ``until`` is the last day of the term that follows without notice, else empty.
    """

    what: str
    on: str
    days: int
    until: str


class AgreementRenewedFacts(ClauseFacts):
    """Kind ``agreement-renewed``: the term that follows, and its version's ``number``."""

    first_on: str
    last_on: str
    number: int


class AgreementEndedFacts(AgreementFacts):
    """Kind ``agreement-ended``: its last day is over.

    ``how`` is term, notice or cause, ``who`` whose deed it was (empty for term); ``covers`` are
    title and version of what holds afterwards.
    """

    on: str
    how: str
    who: str
    covers: list[tuple[str, int]]


class AgreementTerminatedFacts(ClauseFacts):
    """Kind ``agreement-terminated``: ``how`` is notice or cause, ``organisation`` whose deed."""

    how: str
    withdrawn: bool
    by: str
    organisation: str
    effective_on: str
    reason: str


class ReviewArrangedFacts(AgreementFacts):
    """Kind ``review-arranged``: when and where both parties meet, and who comes."""

    review_id: int
    due_on: str
    meeting_at: str
    place: str
    attendees: list[str]
    by: str


class ActionFacts(TypedDict):
    """What is to be done; ``owner`` is empty while nobody has it."""

    due_on: str
    owner: str
    what: str


class ReviewHeldFacts(AgreementFacts):
    """Kind ``review-held``: the minutes, and what is to be done by whom and when."""

    review_id: int
    held_on: str
    attendees: list[str]
    minutes: str
    actions: list[ActionFacts]
    by: str


class AgreementTaskFacts(AgreementFacts):
    """Kind ``agreement-task``: something to do, of a review or of the end (``of`` review, exit)."""

    of: str
    what: str
    due_on: str
    is_late: bool


class ContactUnreachedFacts(AgreementFacts):
    """Kind ``contact-unreached``: the last of the contacts of a role was not reached.

    ``because`` is silent or came back, ``matter`` what the letter was about.
    """

    organisation: str
    role: str
    name: str
    because: str
    matter: str


class HoursExceptionFacts(TypedDict):
    """Kind ``hours-exception``: other hours on a day; no ``windows``: closed all day.

    ``on`` is a date, ``windows`` read "08:00 to 12:00" in ``zone``. ``further`` are later days
    that were set along, each with its own ``on``, ``windows`` and ``name``.
    """

    agreement: str
    version: int
    clause: str
    calendar: str
    on: str
    windows: list[str]
    zone: str
    name: str
    further: NotRequired[list[dict[str, Any]]]
    reason: str
    by: str


class DisputeFacts(TypedDict):
    """Kind ``dispute``: ``what`` happened to it, with the words (``body``) of who did it.

    ``what`` is raised, said, decider, voted, decided or withdrawn; ``ref`` may be empty.
    """

    dispute: int
    agreement: str
    ref: str
    what: str
    subject: str
    outcome: str
    author: str
    body: str
    at: str


OF_AGREEMENTS = {
    "agreement-date": "a date of the agreement",
    "agreement-renewed": "its renewal",
    "agreement-ended": "its end",
    "agreement-terminated": "its termination",
    "review-arranged": "a review",
    "review-held": "the minutes of a review",
    "agreement-task": "something to do",
}
"""Each kind that goes to both parties, and what such a letter is about."""
