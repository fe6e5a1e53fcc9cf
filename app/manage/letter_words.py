"""What the pages of letters call their states and kinds."""

from app.languages import lazy_gettext
from app.mail.models import LetterState

_STATES = {
    LetterState.QUEUED: lazy_gettext("Queued"),
    LetterState.SENDING: lazy_gettext("Sending"),
    LetterState.SENT: lazy_gettext("Sent"),
    LetterState.PARKED: lazy_gettext("Parked"),
}
KINDS = {
    "ticket-opened": lazy_gettext("Ticket opened"),
    "ticket-acknowledged": lazy_gettext("Ticket acknowledged"),
    "ticket-replied": lazy_gettext("Ticket replied"),
    "ticket-resolved": lazy_gettext("Ticket resolved"),
    "ticket-merged": lazy_gettext("Ticket merged"),
    "ticket-unmerged": lazy_gettext("Ticket unmerged"),
    "requester-wrote": lazy_gettext("Requester wrote"),
    "put-in-copy": lazy_gettext("Put in copy"),
    "guest-link": lazy_gettext("Guest link"),
    "still-waiting": lazy_gettext("Still waiting"),
    "resolved-unanswered": lazy_gettext("Resolved unanswered"),
    "hours-exception": lazy_gettext("Hours exception"),
    "dispute": lazy_gettext("Dispute"),
    "waiting-in-vain": lazy_gettext("Waiting in vain"),
    "answer-came-back": lazy_gettext("Answer came back"),
    "client-promise": lazy_gettext("Client promise"),
    "assigned": lazy_gettext("Assigned"),
    "agreed-date": lazy_gettext("Agreed date"),
    "escalation": lazy_gettext("Escalation"),
    "escalation-digest": lazy_gettext("Escalation digest"),
    "worker-stopped": lazy_gettext("Worker stopped"),
    "plan-started": lazy_gettext("Plan started"),
    "qualification-ends": lazy_gettext("Qualification ends"),
    "requester-answered": lazy_gettext("Requester answered"),
    "agreement-date": lazy_gettext("Agreement date"),
    "agreement-renewed": lazy_gettext("Agreement renewed"),
    "agreement-ended": lazy_gettext("Agreement ended"),
    "agreement-terminated": lazy_gettext("Agreement terminated"),
    "review-arranged": lazy_gettext("Review arranged"),
    "review-held": lazy_gettext("Review held"),
    "agreement-task": lazy_gettext("Agreement task"),
    "agreement-proposed": lazy_gettext("Agreement proposed"),
    "agreement-commented": lazy_gettext("Agreement commented"),
    "agreement-signed": lazy_gettext("Agreement signed"),
    "agreement-given-up": lazy_gettext("Agreement given up"),
    "agreement-in-force": lazy_gettext("Agreement in force"),
    "agreement-check": lazy_gettext("Agreement check"),
    "agreement-step": lazy_gettext("Agreement step"),
    "contact-unreached": lazy_gettext("Contact unreached"),
    "join": lazy_gettext("Join"),
    "account-exists": lazy_gettext("Account exists"),
    "cannot-join": lazy_gettext("Cannot join"),
    "password-reset": lazy_gettext("Password reset"),
    "no-account": lazy_gettext("No account"),
    "password-changed": lazy_gettext("Password changed"),
    "change-address": lazy_gettext("Change address"),
    "address-changed": lazy_gettext("Address changed"),
    "prove-request": lazy_gettext("Prove request"),
}
"""Every kind of `app.mail.kinds`."""


def state(of: LetterState) -> str:
    """How far a letter came: "Queued"."""
    return str(_STATES[of])


def kind(name: str) -> str:
    """What kind of letter it is: "Ticket opened"; a kind that is no more by its key."""
    return str(KINDS[name]) if name in KINDS else name.replace("-", " ").capitalize()
