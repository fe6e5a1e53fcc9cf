"""The kinds of letters: who may get which.

The facts that each is drawn from stand by topic in `ticket_kinds`, `staff_kinds`, `account_kinds`,
`agreement_kinds` and `proposal_kinds`: plain JSON. A kind is drawn by
``templates/mail/<kind with _>/``. Only the kinds in `FOR_REQUESTERS` may go to a requester: the
others name staff and tell of internal steps.
"""

from dataclasses import dataclass

from app.mail.account_kinds import OF_ACCOUNTS
from app.mail.agreement_kinds import OF_AGREEMENTS
from app.mail.proposal_kinds import OF_PROPOSALS


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
        *(Kind(name=name, for_requesters=True) for name in OF_ACCOUNTS),
    )
}
FOR_REQUESTERS = frozenset(kind.name for kind in KINDS.values() if kind.for_requesters)
