"""What the fields of the editor offer: values with their words."""

from collections.abc import Mapping
from typing import Any

from app.agreements.levels import PAUSES, ROLES
from app.agreements.words import AVAILABILITY, MEASURES, Party, Period, Renewal, ReopenRule
from app.catalogue import plans
from app.catalogue import queries as catalogue
from app.catalogue.words import Kind, Priority
from app.clocks import words
from app.escalation.rung_words import role
from app.languages import gettext as _
from app.negotiations import references, writers
from app.negotiations.models import Draft
from app.people import queries as people

Offers = Mapping[str, list[tuple[str, str]]]
ZONES = ("Europe/Berlin", "Europe/London", "Europe/Oslo", "Europe/Paris", "America/New_York", "UTC")
CONTACT_ROLES = ("service level manager", "signatory", "technical", "communication")


def offers(draft: Draft) -> Offers:
    """The choices of each list that a field names (`fields.Field.offers`)."""
    values = draft.values
    named = {
        str(row.get("key")): str(row.get("name") or row.get("key"))
        for row in _rows(values, "services")
    }
    services = {one.key: one.name for one in catalogue.services()} | named
    is_provider = draft.party is Party.PROVIDER
    roles = [(key, role(key)) for key in ROLES]
    priorities = [(one.value, one.label) for one in Priority]
    return {
        "clauses": [(number, number) for part in references.outline(values) for number in part],
        "zones": [(zone, zone) for zone in ZONES],
        "clients": _clients(draft, is_provider),
        "covered": _named(str(_head(values).get("client") or "")),
        "services": sorted(services.items(), key=lambda one: one[1]),
        "teams": [(team.name, team.name) for team in people.teams()] if is_provider else [],
        "plans": [(plan.key, plan.title) for plan in plans.plans()] if is_provider else [],
        "calendars": [
            (key, str(row.get("name") or key))
            for key, row in (values.get("calendars") or {}).items()
            if isinstance(row, dict)
        ],
        "tiers": [
            (str(row.get("key")), str(row.get("name") or row.get("key")))
            for row in _rows(values, "tiers")
        ],
        "objectives": [
            (key, key) for row in _rows(values, "objectives") if (key := str(row.get("key") or ""))
        ],
        "measures": [(key, words.measure(key)) for key in MEASURES],
        "objective_measures": [
            *((key, words.measure(key)) for key in MEASURES),
            (AVAILABILITY, _("Availability")),
        ],
        "kinds": [(one.value, one.label) for one in Kind],
        "priorities": priorities,
        "roles": roles,
        "role": roles,
        "contact_words": [(word, word) for word in CONTACT_ROLES],
        "contact_roles": _contact_roles(values),
        "parties": [(Party.PROVIDER.value, _("Provider")), (Party.CLIENT.value, _("Client"))],
        **_words(),
    }


def _words() -> dict[str, list[tuple[str, str]]]:
    statuses = {
        "waiting_requester": _("while the requester has to answer"),
        "waiting_vendor": _("while a supplier has to act"),
        "on_hold": _("while it is on hold"),
    }
    return {
        "units": [
            ("percent", _("% of the time")),
            ("before", _("before due")),
            ("after", _("after due")),
        ],
        "renewals": [
            (Renewal.AUTOMATIC.value, _("It renews itself")),
            (Renewal.NONE.value, _("It ends")),
        ],
        "periods": [
            (Period.MONTH.value, _("month")),
            (Period.QUARTER.value, _("quarter")),
            (Period.YEAR.value, _("year")),
        ],
        "reopen": [
            (ReopenRule.RESUME.value, _("Its time goes on")),
            (ReopenRule.RESTART.value, _("Its time begins anew")),
            (ReopenRule.FINAL.value, _("No clock runs again")),
        ],
        "resolution_pauses": [(key, statuses[key]) for key in PAUSES["resolution"]],
        "response_pauses": [(key, statuses[key]) for key in PAUSES["first_response"]],
    }


def _clients(draft: Draft, is_provider: bool) -> list[tuple[str, str]]:
    """Whom a new agreement can be with; that of a stored one, and a client's own, stay."""
    client = str(_head(draft.values).get("client") or "")
    if draft.agreement_id is not None or not is_provider:
        return _named(client)
    return [(one.name, one.name) for one in writers.clients()]


def _contact_roles(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    roles = [str(row.get("role") or "") for row in _rows(values, "contacts")]
    review = values.get("review")
    chosen = review.get("attendees") if isinstance(review, dict) else None
    known = [*roles, *(str(one) for one in (chosen if isinstance(chosen, list) else ()))]
    return [(one, one) for one in dict.fromkeys(known) if one]


def _named(name: str) -> list[tuple[str, str]]:
    return [(name, name)] if name else []


def _head(values: Mapping[str, Any]) -> Mapping[str, Any]:
    head = values.get("agreement")
    return head if isinstance(head, dict) else {}


def _rows(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = values.get(key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
