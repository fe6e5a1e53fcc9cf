"""The facts of letters to staff alone: who has a ticket, what a ladder says, what ends.

Instants are ISO 8601 with offset, durations are business seconds (negative: over). The words of a
ladder are in the language of who is told; names of measures and priorities are kept in English.
"""

from typing import NotRequired, TypedDict

from app.mail.ticket_kinds import LastWords, PromiseFacts, TicketFacts


class NextStep(TypedDict):
    """One line of "What happens next"."""

    at: str
    words: str


class OtherRung(TypedDict):
    """A lower rung of the same clock that the letter reports along with its own."""

    point: str
    fired_at: str


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
    """Kind ``escalation-digest``: many escalations of one person at once, worst first.

    ``breached`` and ``at_risk`` count all of them, ``more`` those that are not among the items.
    """

    at: str
    breached: int
    at_risk: int
    items: list[ClockFacts]
    more: NotRequired[int]


class WorkerStoppedFacts(TypedDict):
    """Kind ``worker-stopped``: to administrators, once each time escalations stand still.

    ``since`` is the worker's last tick, ``oldest_due_at`` what has been due the longest, if any.
    """

    since: str
    oldest_due_at: str | None
