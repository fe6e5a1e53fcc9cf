"""The facts of letters about a ticket, to its requester's side and to staff.

Instants are ISO 8601 with offset, durations are business seconds.
"""

from typing import NotRequired, TypedDict


class LastWords(TypedDict):
    """The last message of the requester's side."""

    author: str
    at: str
    text: str


class PromiseFacts(TypedDict):
    """A promise as told: "First response", due at, "4 h of service time".

    One by a time of day has it in ``by_time`` ("16:00"), and the business day in ``days``.
    """

    measure_name: str
    due_at: str | None
    words: str
    by_time: NotRequired[str]
    days: NotRequired[int]


class TicketFacts(TypedDict):
    """What every letter about a ticket says of it; ``number`` is 1042, ``ref`` "#1042".

    ``guest`` is the secret of the reader's personal link, for who has no password; ``in_copy``
    is there for people in copy.
    """

    number: int
    ref: str
    subject: str
    guest: NotRequired[str]
    in_copy: NotRequired[bool]


class FileFacts(TypedDict):
    """A file of a message: ``size`` in bytes, ``is_along`` where the letter carries it.

    ``key`` and ``kind`` are where its bytes lie and what they are. Facts of messages may have
    ``files``, a list of these.
    """

    id: int
    name: str
    size: int
    key: str
    kind: str
    is_along: bool


class TicketOpenedFacts(TicketFacts):
    """Kind ``ticket-opened``: the acknowledgement. Never the body of the request."""

    promises: list[PromiseFacts]


class TicketAcknowledgedFacts(TicketFacts):
    """Kind ``ticket-acknowledged``: ``name`` has had the request in hand since ``at``."""

    name: str
    at: str


class TicketRepliedFacts(TicketFacts):
    """Kind ``ticket-replied``: an agent's answer; ``waiting``: the ticket waits for it.

    ``workaround``: it says how to go on until the solution.

    ``html`` is the body sanitised, where it is Markdown; ``signature`` what its author signs with.
    """

    author: str
    body: str
    html: NotRequired[str]
    signature: NotRequired[str]
    at: str
    waiting: bool
    workaround: NotRequired[bool]


class TicketResolvedFacts(TicketFacts):
    """Kind ``ticket-resolved``: the solution; ``reopen_until`` is an instant or None.

    ``rate`` is what is signed in the links that ask the requester how it went.
    """

    author: str
    body: str
    html: NotRequired[str]
    signature: NotRequired[str]
    at: str
    reopen_until: str | None
    rate: NotRequired[str]


class RequesterWroteFacts(TicketFacts):
    """Kind ``requester-wrote``: for the others of the requester's side."""

    author: str
    body: str
    at: str


class RequesterAnsweredFacts(RequesterWroteFacts):
    """Kind ``requester-answered``: the same for staff who have or watch the ticket."""


class PutInCopyFacts(TicketFacts):
    """Kind ``put-in-copy``: to somebody new in copy; nothing of the conversation."""

    by: str
    requester: str


class GuestLinkFacts(TicketFacts):
    """Kind ``guest-link``: a new personal link in place of one that expired."""


class StillWaitingFacts(TicketFacts):
    """Kind ``still-waiting``: asked again; ``until`` is when it is resolved without an answer."""

    since: str
    until: str | None
    last_words: LastWords | None


class ResolvedUnansweredFacts(TicketFacts):
    """Kind ``resolved-unanswered``: resolved for want of an answer, waited for since ``since``."""

    since: str
    body: str
    at: str
    reopen_until: str | None


class AnswerCameBackFacts(TicketFacts):
    """Kind ``answer-came-back``: it was refused or sent back; ``still`` says why it counts."""

    requester: str
    address: str
    author: str
    at: str
    reason: str
    still: str


class WaitingInVainFacts(TicketFacts):
    """Kind ``waiting-in-vain``: neither the requester has answered nor anybody the requester."""

    requester: str
    since: str


class TicketMergedFacts(TicketFacts):
    """Kind ``ticket-merged``: the request goes on in another one."""

    into: TicketFacts


class TicketUnmergedFacts(TicketFacts):
    """Kind ``ticket-unmerged``: it goes on by itself again, apart from ``into``."""

    into: TicketFacts


class AgreedDateFacts(TicketFacts):
    """Kind ``agreed-date``: a reminder; ``when`` is "before" or "at" the date."""

    due_at: str
    when: str
    reason: str
    accepted_by: str
    requester: str
