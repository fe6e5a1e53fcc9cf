"""An agreement file as values: checked whole, with every mistake, before anything is stored. Pure.

`docs/agreements.md` describes the format.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from app.agreements import conditions, hours, levels
from app.agreements.parts import (
    CoveragePart,
    Document,
    Known,
    OrganisationPart,
    RequestTypePart,
    ServicePart,
    SignaturePart,
)
from app.agreements.reading import AgreementErrors, Table
from app.agreements.words import Party
from app.catalogue.words import Kind, Priority
from app.languages import gettext as _

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
TAKEN = {"drafts", "contact"}
"""What stands in the place of a key in the addresses of pages."""


def read(values: dict[str, Any], *, known: Known) -> Document:
    """The document in ``values``, a parsed TOML file, that may name what is ``known``.

    Raises `AgreementErrors` with every mistake.
    """
    document, mistakes = attempted(values, known=known)
    if mistakes:
        raise AgreementErrors(mistakes)
    return document


def attempted(values: dict[str, Any], *, known: Known) -> tuple[Document, list[str]]:
    """As `read`, for what is still being written: what can be read of it, and every mistake.

    Where there are mistakes the document is nothing to store: what is wrong or missing is empty.
    """
    mistakes: list[str] = []
    root = Table(values, "", mistakes)
    head = root.table("agreement", required=True)
    zone = head.zone("zone", "UTC", required=True)
    organisations = tuple(_organisation(row, zone) for row in root.tables("organisations"))
    text = tuple(
        _section(number, row)
        for number, row in enumerate(root.tables("text", required=True), start=1)
    )
    services = tuple(_service(row) for row in root.tables("services", named=True))
    names = {**known.services, **{service.key: service.name for service in services}}
    calendars = tuple(hours.read(key, row, zone) for key, row in root.items("calendars"))
    around = levels.Surroundings(
        calendars=[calendar.key for calendar in calendars],
        services=names,
        clauses=[clause["number"] for section in text for clause in section["clauses"]],
        plans=known.plans,
    )
    tiers = tuple(
        levels.read(row, around) for row in root.tables("tiers", required=True, named=True)
    )
    goals = conditions.objectives(
        root, around.clauses, [tier.key for tier in tiers], names, around.calendars
    )
    contacts = conditions.contacts(root, has_client=head.has("client"))
    document = Document(
        key=head.text("key", required=True),
        title=head.text("title", required=True),
        provider=head.text("provider", required=True),
        client=head.text("client"),
        zone=zone,
        effective_from=head.value("effective_from", date, date.min, required=True),
        effective_until=head.value("effective_until", date),
        exceptions_clause=conditions.clause(head, "exceptions_clause", around.clauses),
        organisations=organisations,
        text=text,
        services=services,
        request_types=tuple(
            _request_type(row, names) for row in root.tables("request_types", named=True)
        ),
        calendars=calendars,
        tiers=tiers,
        coverage=_coverage(root, [tier.key for tier in tiers], names),
        signatures=_signatures(root.table("signatures"), known.today),
        termination_clause=conditions.clause(head, "termination_clause", around.clauses),
        changes_clause=conditions.clause(head, "changes_clause", around.clauses),
        disputes_clause=conditions.clause(head, "disputes_clause", around.clauses),
        term=conditions.term(root, around.clauses, has_end=head.has("effective_until")),
        review=conditions.review(root, around.clauses, {part.role for part in contacts}),
        contacts=contacts,
        objectives=goals,
        credits=conditions.credits(root, around.clauses, goals),
    )
    _check_head(head, document, known)
    _check_parties(root, document, known)
    head.done()
    root.done()
    return document, list(dict.fromkeys(mistakes))


def _organisation(table: Table, zone: str) -> OrganisationPart:
    part = OrganisationPart(
        name=table.text("name", required=True),
        zone=table.zone("zone", zone),
        domains=tuple(domain.lower() for domain in table.texts("domains")),
        is_provider=table.value("provider", bool, False),
    )
    table.done()
    return part


def _section(number: int, table: Table) -> Mapping[str, Any]:
    clauses = table.texts("clauses", required=True)
    section = {
        "number": str(number),
        "title": table.text("title", required=True),
        "clauses": [
            {"number": f"{number}.{place}", "text": clause}
            for place, clause in enumerate(clauses, start=1)
        ],
    }
    table.done()
    return section


def _service(table: Table) -> ServicePart:
    part = ServicePart(
        key=table.text("key", required=True),
        name=table.text("name", required=True),
        description=table.text("description"),
        team=table.text("team"),
        scope=table.text("scope"),
        deliverables=tuple(table.texts("deliverables")),
        resources=tuple(table.texts("resources")),
    )
    table.done()
    return part


def _request_type(table: Table, services: Collection[str]) -> RequestTypePart:
    name = table.text("name", required=True)
    part = RequestTypePart(
        key=table.text("key", required=True),
        service=table.known("service", services, required=True),
        name=name,
        title=table.text("title") or name,
        kind=table.member("kind", Kind, required=True) or Kind.INCIDENT,
        help=table.text("help"),
        team=table.text("team"),
        default_priority=table.member("default_priority", Priority) or Priority.NORMAL,
        choices=tuple(_choice(row) for row in table.tables("choices")),
    )
    table.done()
    return part


def _choice(table: Table) -> Mapping[str, str]:
    label = table.text("label", required=True)
    priority = table.member("priority", Priority, required=True)
    table.done()
    return {"label": label, "priority": priority.value if priority else ""}


def _coverage(
    root: Table, tiers: Collection[str], services: Collection[str]
) -> tuple[CoveragePart, ...]:
    """Who is under which tier, in the order in which it is asked.

    Organisation with service comes first, then organisation, then service, then any.
    """
    parts: list[CoveragePart] = []
    for table in root.tables("coverage", required=True):
        part = CoveragePart(
            organisation=table.text("organisation"),
            service=table.known("service", services),
            tier=table.known("tier", tiers, required=True),
        )
        if (part.organisation, part.service) in [(p.organisation, p.service) for p in parts]:
            table.wrong("", _("an earlier row covers the same already."))
        table.done()
        parts.append(part)
    return tuple(sorted(parts, key=lambda part: (not part.organisation, not part.service)))


def _signatures(table: Table, today: date) -> tuple[SignaturePart, ...]:
    parts = []
    for party in Party:
        row = table.table(party.value)
        if table.holds(party.value, dict):
            name = row.text("name", required=True)
            on = row.value("on", date, date.min, required=True)
            if on > today:
                row.wrong("on", _("%(day)s has not come yet.", day=on))
            parts.append(SignaturePart(party, name, on))
        row.done()
    table.done()
    return tuple(parts)


def _check_head(head: Table, document: Document, known: Known) -> None:
    """An agreement keeps its parties and its zone; there is one house agreement."""
    if document.key and (not KEY.fullmatch(document.key) or document.key in TAKEN):
        head.wrong(
            "key",
            _('"%(key)s" must be letters, digits and hyphens, such as branch-1.', key=document.key),
        )
    if document.effective_until and document.effective_until < document.effective_from:
        head.wrong("effective_until", _("must not be before effective_from."))
    stands = known.agreements.get(document.key)
    if stands is None:
        house = next((key for key, it in known.agreements.items() if not it.client), None)
        if house and not document.client:
            said = _('is missing; the house agreement is "%(key)s" already.', key=house)
            head.wrong("client", said)
        return
    for key, was, wanted in (
        ("provider", stands.provider, document.provider),
        ("client", stands.client, document.client),
        ("zone", stands.zone, document.zone),
    ):
        if was != wanted:
            said = _(
                'is "%(value)s" in the versions before; another needs a key of its own.', value=was
            )
            head.wrong(key, said)


def _check_parties(root: Table, document: Document, known: Known) -> None:
    """Whoever is named exists or comes along, covers only its own, and no domain has two."""
    existing = known.organisations | {part.name for part in document.organisations}
    named = [("agreement.provider", document.provider), ("agreement.client", document.client)]
    for number, row in enumerate(root.tables("coverage")):
        name = row.text("organisation")
        named.append((f"coverage[{number}].organisation", name))
        if name and document.client and name != document.client:
            root.wrong(
                named[-1][0], _("this agreement covers only %(client)s.", client=document.client)
            )
    for path, name in named:
        if name and name not in existing:
            said = _(
                'there is no organisation "%(name)s"; add it under [[organisations]].', name=name
            )
            root.wrong(path, said)
    if not document.client and any(part.party == Party.CLIENT for part in document.signatures):
        root.wrong("signatures.client", _("this agreement has no client."))
    owners = dict(known.domains)
    for number, part in enumerate(document.organisations):
        if part.name in [other.name for other in document.organisations[:number]]:
            said = _('"%(name)s" stands there twice.', name=part.name)
            root.wrong(f"organisations[{number}].name", said)
        for domain in part.domains:
            owner = owners.setdefault(domain, part.name)
            if owner != part.name:
                said = _('"%(domain)s" belongs to %(owner)s.', domain=domain, owner=owner)
                root.wrong(f"organisations[{number}].domains", said)
