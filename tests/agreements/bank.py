"""An agreement with Fjordbank, signed by both, with what a story needs it to say of its dates."""

from datetime import UTC, date, datetime
from typing import Any

from app.agreements import loading
from app.agreements.models import AgreementVersion
from app.database import transaction
from tests.unit.agreements import papers

SIGNED_AT = datetime(2025, 12, 20, 9, tzinfo=UTC)


def contact(party: str, address: str, *, within: str = "", role: str = "") -> dict[str, Any]:
    """A contact called as the address says: "jens.adler@…" is Jens Adler."""
    name = address.partition("@")[0].replace(".", " ").title()
    asked = {"acknowledge_within": within} if within else {}
    role = role or "service level manager"
    return {"party": party, "role": role, "name": name, "address": address, **asked}


def term(renewal: str = "automatic", *, months: int = 12, notice_days: int = 90) -> dict[str, Any]:
    """The table ``[term]``, of clause 1.2."""
    going_on = {"months": months} if renewal == "automatic" else {}
    return {"renewal": renewal, "notice_days": notice_days, "clause": "1.2", **going_on}


def signed(
    *,
    until: date | None = date(2026, 12, 31),
    at: datetime = SIGNED_AT,
    head: dict[str, Any] | None = None,
    **tables: Any,
) -> AgreementVersion:
    """From 2026 on, ended ``until``; ``tables`` are those of the file: term, review, contacts."""
    values = papers.client(**(head or {}), **({"effective_until": until} if until else {}))
    values |= {name: table for name, table in tables.items() if table}
    with transaction():
        return loading.load(values, at=at).version
