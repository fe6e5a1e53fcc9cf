"""The variables of a macro's words: an allow-list, filled in by replacing. No expressions.

Source: security.md, "template injection in macros". A value is shown as it is: somebody's name or
a subject becomes neither emphasis nor link.
"""

import re
from collections.abc import Mapping

from app.errors import Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Organisation, Person
from app.tickets import markdown
from app.tickets.models import Ticket

VARIABLES = {
    "requester.first_name": lazy_gettext("the requester's first name"),
    "requester.name": lazy_gettext("the requester's name"),
    "requester.organisation": lazy_gettext("their organisation"),
    "ticket.ref": lazy_gettext("the ticket's number, such as #1042"),
    "ticket.subject": lazy_gettext("its subject"),
    "ticket.priority": lazy_gettext("its priority"),
    "ticket.service": lazy_gettext("the service it is about"),
    "agent.first_name": lazy_gettext("your first name"),
    "agent.name": lazy_gettext("your name"),
    "house.name": lazy_gettext("what we are called"),
}
"""What a macro may name, and what that is."""

_NAMED = re.compile(r"\{\{([^{}\n]*)\}\}")


def facts_of(
    ticket: Ticket, *, organisation: Organisation | None, agent: Person, house: str
) -> Mapping[str, str]:
    """The value of every variable on ``ticket`` for ``agent``; empty where there is none.

    The ticket comes with its requester and its service.
    """
    asks = ticket.requester.name if ticket.requester else ""
    return {
        "requester.first_name": _first(asks),
        "requester.name": asks,
        "requester.organisation": organisation.name if organisation else "",
        "ticket.ref": ticket.ref,
        "ticket.subject": ticket.subject,
        "ticket.priority": str(ticket.priority.label),
        "ticket.service": ticket.service.name if ticket.service else "",
        "agent.first_name": _first(agent.name),
        "agent.name": agent.name,
        "house.name": house,
    }


def filled(words: str, facts: Mapping[str, str]) -> str:
    """``words`` with their variables replaced, once: what a value holds is no variable."""

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        return markdown.literal(facts[name]) if name in facts else found[0]

    return _NAMED.sub(value, words)


def refuse_unknown(words: str) -> None:
    """Raise `Refusal` that names the first variable that there is not."""
    for found in _NAMED.finditer(words):
        if found[1].strip() not in VARIABLES:
            raise Refusal(
                _(
                    "There is no %(name)s. What you may name is listed beside the text.",
                    name=found[0],
                ),
                field="body",
            )


def _first(name: str) -> str:
    return name.split()[0] if name.strip() else ""
