"""The kinds of letters and the facts each is drawn from.

Facts are plain JSON: instants are ISO 8601 with offset, durations are business seconds
(negative: over). A kind is drawn by ``templates/mail/<kind with _>/``. Only the kinds in
`FOR_REQUESTERS` may go to a requester: the others name staff and tell of internal steps.
"""

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from app.mail.agreement_kinds import OF_AGREEMENTS
from app.mail.proposal_kinds import OF_PROPOSALS


class LastWords(TypedDict):
    """The last message of the requester's side."""

    author: str
    at: str
    text: str


class NextStep(TypedDict):
    """One line of "What happens next"."""

    at: str
    words: str


class OtherRung(TypedDict):
    """A lower rung of the same clock that the letter reports along with its own."""

    point: str
    fired_at: str


class PromiseFacts(TypedDict):
    """A promise as told: "First response", due at, "4 h of service time"."""

    measure_name: str
    due_at: str | None
    words: str


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


class QualificationEndsFacts(TypedDict):
    """Kind ``qualification-ends``: its last day is near; ``is_own``: told to who holds it."""

    name: str
    holder: str
    expires_on: str
    days: int
    is_own: bool


class AssignedFacts(TicketFacts):
    """Kind ``assigned``: told to the new assignee."""

    organisation: str
    requester: str
    priority: str
    by: str | None
    at: str
    promises: list[PromiseFacts]
    last_words: LastWords | None


class PlanStartedFacts(TicketFacts):
    """Kind ``plan-started``: a contingency plan's steps, to who has the ticket.

    ``because`` is the rest of a sentence: "the ladder at 100 % of resolution started it".
    """

    plan: str
    steps: list[str]
    because: str


class ClockFacts(TicketFacts):
    """A clock at the instant at which a rung fired.

    ``measure`` is first_response, next_response, update, resolution or another row's key;
    ``state`` is running, at_risk or breached; ``position`` orders the rungs of a clock,
    ``nth`` its repeats; ``point`` is "90 %" or "10 m before due"; ``promise`` reads "Gold,
    high priority: resolved in 4 h of service time, § 4.2".
    """

    clock_id: int
    organisation: str
    measure: str
    measure_name: str
    state: str
    left_s: int
    due_at: str
    fired_at: str
    position: int
    nth: int
    point: str
    promise: str


class EscalationFacts(ClockFacts):
    """Kind ``escalation``: one rung told to one responsible person.

    ``rung`` of ``rungs`` counts from 1; ``owner`` is a sentence part ("Mara Lindt, told at
    75 %"); ``role`` says why this person gets it ("team lead of Service desk"); ``late_s`` is
    how long after its instant it fired. ``again`` says why it fires a second time,
    ``passed_over`` what change left it behind, ``passed_on`` why the people before did not do:
    each the rest of a sentence that begins "because".
    Gathering adds ``others``.
    """

    rung: int
    rungs: int
    requester: str
    owner: str
    role: str
    late_s: int
    again: str | None
    passed_over: str | None
    passed_on: str | None
    last_words: LastWords | None
    next: list[NextStep]


class DigestFacts(TypedDict):
    """Kind ``escalation-digest``: many escalations of one person at once, worst first."""

    at: str
    breached: int
    at_risk: int
    items: list[ClockFacts]


class WorkerStoppedFacts(TypedDict):
    """Kind ``worker-stopped``: to administrators, once each time escalations stand still.

    ``since`` is the worker's last tick, ``oldest_due_at`` what has been due the longest, if any.
    """

    since: str
    oldest_due_at: str | None


class LinkFacts(TypedDict):
    """Kinds ``join``, ``password-reset``, ``change-address``, ``prove-request``: a link to use.

    ``seed`` makes the link's secret while the letter is sent (`rendering.secret_of`); nobody
    else learns it. It is good until the instant ``until``.
    """

    seed: str
    until: str


class NothingFacts(TypedDict):
    """Kinds ``account-exists``, ``no-account``, ``cannot-join``: what is true of the mailbox."""


class PasswordChangedFacts(TypedDict):
    """Kind ``password-changed``: to the account's owner, lest it was somebody else."""

    at: str


class AddressChangedFacts(TypedDict):
    """Kind ``address-changed``: to the old mailbox; ``address`` is the new one."""

    at: str
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How a kind of letter is treated: who may get it, and whether rungs are gathered."""

    name: str
    for_requesters: bool = False
    by_clock: bool = False

    @property
    def folder(self) -> str:
        """Its folder below ``templates/mail``."""
        return self.name.replace("-", "_")


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="ticket-opened", for_requesters=True),
        Kind(name="ticket-acknowledged", for_requesters=True),
        Kind(name="ticket-replied", for_requesters=True),
        Kind(name="ticket-resolved", for_requesters=True),
        Kind(name="ticket-merged", for_requesters=True),
        Kind(name="ticket-unmerged", for_requesters=True),
        Kind(name="requester-wrote", for_requesters=True),
        Kind(name="put-in-copy", for_requesters=True),
        Kind(name="guest-link", for_requesters=True),
        Kind(name="still-waiting", for_requesters=True),
        Kind(name="resolved-unanswered", for_requesters=True),
        Kind(name="hours-exception", for_requesters=True),
        Kind(name="dispute", for_requesters=True),
        Kind(name="waiting-in-vain"),
        Kind(name="answer-came-back"),
        Kind(name="client-promise", for_requesters=True, by_clock=True),
        Kind(name="assigned"),
        Kind(name="agreed-date"),
        Kind(name="escalation", by_clock=True),
        Kind(name="escalation-digest"),
        Kind(name="worker-stopped"),
        Kind(name="plan-started"),
        Kind(name="qualification-ends"),
        Kind(name="requester-answered"),
        *(Kind(name=name, for_requesters=True) for name in (*OF_AGREEMENTS, *OF_PROPOSALS)),
        Kind(name="contact-unreached"),
        *(
            Kind(name=name, for_requesters=True)
            for name in (
                "join",
                "account-exists",
                "cannot-join",
                "password-reset",
                "no-account",
                "password-changed",
                "change-address",
                "address-changed",
                "prove-request",
            )
        ),
    )
}
FOR_REQUESTERS = frozenset(kind.name for kind in KINDS.values() if kind.for_requesters)
