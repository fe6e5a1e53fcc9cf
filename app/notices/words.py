"""What the bell says of a notice: one sentence from its frozen facts, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from app.languages import gettext as _
from app.notices.models import Notice

Facts = Mapping[str, Any]


def sentence(notice: Notice) -> str:
    """What happened, without the ticket's subject."""
    said = _SENTENCES.get(notice.kind)
    return said(notice.facts) if said else _("Something happened.")


def subject(notice: Notice) -> str:
    """The subject of the ticket, or what else it is about; empty where nothing is."""
    facts = notice.facts
    return str(facts.get("subject") or facts.get("name") or "")


def _clock(facts: Facts) -> str:
    if facts["state"] == "breached" or facts["left_s"] < 0:
        return _("%(ref)s: a promise is broken", ref=facts["ref"])
    return _("%(ref)s: a promise is at risk", ref=facts["ref"])


def _assigned(facts: Facts) -> str:
    if facts.get("by"):
        return _("%(name)s gave you %(ref)s", name=facts["by"], ref=facts["ref"])
    return _("%(ref)s was given to you", ref=facts["ref"])


def _replied(facts: Facts) -> str:
    if facts.get("waiting"):
        return _("%(name)s asks you something on %(ref)s", name=facts["author"], ref=facts["ref"])
    return _("%(name)s answered %(ref)s", name=facts["author"], ref=facts["ref"])


def _merged(facts: Facts) -> str:
    return _("%(ref)s goes on in %(other)s", ref=facts["ref"], other=facts["into"]["ref"])


def _wrote(facts: Facts) -> str:
    return _("%(name)s wrote on %(ref)s", name=facts["author"], ref=facts["ref"])


_SENTENCES: dict[str, Callable[[Facts], str]] = {
    "escalation": _clock,
    "client-promise": _clock,
    "assigned": _assigned,
    "requester-answered": _wrote,
    "requester-wrote": _wrote,
    "ticket-replied": _replied,
    "ticket-merged": _merged,
    "ticket-unmerged": lambda facts: _("%(ref)s goes on by itself", ref=facts["ref"]),
    "ticket-opened": lambda facts: _("We have %(ref)s", ref=facts["ref"]),
    "ticket-acknowledged": lambda facts: _(
        "%(name)s has %(ref)s in hand", name=facts["name"], ref=facts["ref"]
    ),
    "ticket-resolved": lambda facts: _("%(ref)s is resolved", ref=facts["ref"]),
    "resolved-unanswered": lambda facts: _(
        "%(ref)s was resolved for want of an answer", ref=facts["ref"]
    ),
    "still-waiting": lambda facts: _("%(ref)s waits for your answer", ref=facts["ref"]),
    "put-in-copy": lambda facts: _("You are in copy of %(ref)s", ref=facts["ref"]),
    "hours-exception": lambda facts: _("Our hours change on %(day)s", day=facts["on"]),
    "answer-came-back": lambda facts: _("An answer on %(ref)s came back", ref=facts["ref"]),
    "waiting-in-vain": lambda facts: _(
        "%(name)s has not answered on %(ref)s", name=facts["requester"], ref=facts["ref"]
    ),
    "agreed-date": lambda facts: _("The agreed date of %(ref)s is near", ref=facts["ref"]),
    "agreement-proposed": lambda facts: _(
        "%(name)s proposes version %(n)s of %(title)s",
        name=facts["by"],
        n=facts["number"],
        title=facts["agreement"],
    ),
    "agreement-signed": lambda facts: _(
        "%(name)s signed version %(n)s of %(title)s",
        name=facts["by"],
        n=facts["number"],
        title=facts["agreement"],
    ),
    "dispute": lambda facts: _(
        "Dispute %(number)s: %(name)s", number=facts["dispute"], name=facts["author"]
    ),
    "qualification-ends": lambda facts: _(
        "“%(name)s” of %(holder)s ends on %(day)s",
        name=facts["name"],
        holder=facts["holder"],
        day=facts["expires_on"],
    ),
    "plan-started": lambda facts: _(
        "%(plan)s was started on %(ref)s", plan=facts["plan"], ref=facts["ref"]
    ),
}
