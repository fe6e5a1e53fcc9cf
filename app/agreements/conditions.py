"""What an agreement says of its term, reviews, contacts, objectives and credits. Pure.

All of it is optional in a file (docs/agreements.md); `documents.read` puts it into the document.
Sources: agreements.md, "A version holds"; product.md, rows 5, 8, 9, 10 and 12.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.agreements.parts import (
    ContactPart,
    CreditPart,
    CreditStep,
    ObjectivePart,
    ReviewPart,
    TermPart,
)
from app.agreements.reading import Table, missing
from app.agreements.words import AVAILABILITY, MEASURES, Party, Period, Renewal
from app.catalogue.words import Priority
from app.languages import gettext as _

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
CURRENCY = re.compile(r"[A-Z]{3}")
DAY_S = 24 * 3600


def clause(table: Table, key: str, clauses: Collection[str]) -> str:
    """The number of a clause under ``key``; a mistake where the text has none of that number."""
    number = table.text(key)
    if number and number not in clauses:
        table.wrong(key, _('the text has no clause "%(number)s".', number=number))
    return number


def term(root: Table, clauses: Collection[str], *, has_end: bool) -> TermPart | None:
    """The table ``[term]``; None where the file has none. ``has_end``: it has a last day."""
    table = root.table("term")
    renewal = table.member("renewal", Renewal, required=root.has("term")) or Renewal.NONE
    months = table.number("months", 0, least=1, most=600) or None
    part = TermPart(
        renewal=renewal,
        months=months,
        notice_days=table.number("notice_days", 0, most=3650),
        clause=clause(table, "clause", clauses),
    )
    if renewal == Renewal.AUTOMATIC:
        if not table.has("months"):
            table.wrong("months", _("is missing; say by how many months it renews itself."))
        if not has_end:
            table.wrong("renewal", _("what has no effective_until needs no renewal."))
    table.done()
    return part if root.has("term") else None


def review(root: Table, clauses: Collection[str], roles: Collection[str]) -> ReviewPart | None:
    """The table ``[review]``; ``roles`` are those that contacts have."""
    table = root.table("review")
    if root.has("review") and not table.has("every_months"):
        table.wrong("every_months", missing(int))
    part = ReviewPart(
        every_months=table.number("every_months", 12, least=1, most=120),
        attendees=tuple(table.all_known("attendees", roles)),
        clause=clause(table, "clause", clauses),
    )
    table.done()
    return part if root.has("review") else None


def contacts(root: Table, *, has_client: bool) -> tuple[ContactPart, ...]:
    """The rows ``[[contacts]]`` in their order."""
    parts: list[ContactPart] = []
    for table in root.tables("contacts"):
        part = ContactPart(
            party=table.member("party", Party, required=True) or Party.PROVIDER,
            role=table.text("role", required=True),
            name=table.text("name", required=True),
            address=table.text("address", required=True).lower(),
            telephone=table.text("telephone"),
            acknowledge_s=_acknowledge_s(table),
        )
        if part.address and not ADDRESS.fullmatch(part.address):
            table.wrong("address", _('"%(address)s" is no mail address.', address=part.address))
        if part.party == Party.CLIENT and not has_client:
            table.wrong("party", _("this agreement has no client."))
        if _who(part) in [_who(other) for other in parts]:
            table.wrong(
                "address",
                _('"%(address)s" stands there twice for this role.', address=part.address),
            )
        table.done()
        parts.append(part)
    return tuple(parts)


def objectives(
    root: Table,
    clauses: Collection[str],
    tiers: Collection[str],
    services: Mapping[str, str],
    calendars: Collection[str],
) -> tuple[ObjectivePart, ...]:
    """The rows ``[[objectives]]`` in their order."""
    parts: list[ObjectivePart] = []
    for table in root.tables("objectives", named=True):
        measure = table.known("measure", (*MEASURES, AVAILABILITY))
        part = ObjectivePart(
            key=table.text("key") or measure or "promises",
            measure=measure,
            tier=table.known("tier", tiers),
            priority=table.member("priority", Priority),
            service=table.known("service", services),
            goal=table.percent("goal", required=True) or 0.0,
            warning=table.percent("warning"),
            per=table.member("per", Period, required=True) or Period.MONTH,
            clause=clause(table, "clause", clauses),
            calendar=table.known("calendar", calendars),
            up_to=table.number("up_to", 0, least=1) or None,
            allowed_misses=table.number("allowed_misses", 0),
        )
        if part.calendar and part.measure != AVAILABILITY:
            table.wrong("calendar", _("is for availability; promises count in their own hours."))
        if table.has("up_to") != table.has("allowed_misses"):
            table.wrong("up_to", _("and allowed_misses go together."))
        if part.warning is not None and part.warning < part.goal:
            table.wrong("warning", _("must not be below the goal: it warns before that is missed."))
        if part.measure == AVAILABILITY and (part.tier or part.priority):
            table.wrong("measure", _("availability has no tier and no priority."))
        table.done()
        parts.append(part)
    for key, count in Counter(part.key for part in parts).items():
        if count > 1:
            said = _(
                '%(count)s are called "%(key)s"; give each a key of its own.', count=count, key=key
            )
            root.wrong("objectives", said)
    return tuple(parts)


def credits(
    root: Table, clauses: Collection[str], goals: Sequence[ObjectivePart]
) -> CreditPart | None:
    """The table ``[credits]``; a step without an objective is for the only one."""
    table = root.table("credits")
    has_fee = table.has("fee")
    currency = table.text("currency", required=has_fee)
    if currency and not CURRENCY.fullmatch(currency):
        table.wrong(
            "currency",
            _('"%(currency)s" is no currency; write one such as EUR.', currency=currency),
        )
    keys = [goal.key for goal in goals]
    cap = table.percent("cap_percent")
    part = CreditPart(
        fee=table.amount("fee") if has_fee else None,
        currency=currency,
        per=table.member("per", Period) or (goals[0].per if goals else Period.MONTH),
        cap_percent=100.0 if cap is None else cap,
        steps=tuple(
            _step(row, keys) for row in table.tables("steps", required=root.has("credits"))
        ),
        exclusions=tuple(table.texts("exclusions")),
        clause=clause(table, "clause", clauses),
    )
    table.done()
    return part if root.has("credits") else None


def _step(table: Table, keys: Collection[str]) -> CreditStep:
    objective = table.known("objective", keys, required=len(keys) != 1) or "".join(keys)
    step = CreditStep(
        objective=objective,
        below=table.percent("below", required=True) or 0.0,
        percent=table.percent("percent", required=True) or 0.0,
    )
    table.done()
    return step


def _acknowledge_s(table: Table) -> int | None:
    """Seconds of the clock on the wall: letters to contacts keep no business hours."""
    words = table.text("acknowledge_within")
    if "business" in words:
        table.wrong("acknowledge_within", _("counts all hours; write hours such as 24 h."))
        return None
    return (table.as_duration("acknowledge_within", words, DAY_S) or None) if words else None


def _who(part: ContactPart) -> tuple[str, str, str]:
    return part.party, part.role, part.address
