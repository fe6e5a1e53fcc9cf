"""A stored version read back: its values as a parsed file, and the document that they are.

A version keeps what was loaded as JSON, where days are texts; here they are days again.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements import documents, loading
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.parts import Document, Known
from app.catalogue.models import Service
from app.database import db

DAYS = ("effective_from", "effective_until")


def values_of(version: AgreementVersion) -> dict[str, Any]:
    """The values of ``version`` as `tomllib` would parse them, without signatures."""
    return values_from(version.source)


def values_from(source: Mapping[str, Any]) -> dict[str, Any]:
    """A stored source with its days as days; what is none stays as it is."""
    values = copy.deepcopy(dict(source))
    head = values.get("agreement")
    for key in DAYS:
        if isinstance(head, dict) and isinstance(head.get(key), str):
            try:
                head[key] = date.fromisoformat(head[key])
            except ValueError:
                continue
    return values


def signed_values_of(
    version: AgreementVersion, signatures: Iterable[Signature], agreement: Agreement
) -> dict[str, Any]:
    """The same with who signed, on the day that it was in the agreement's zone."""
    zone = ZoneInfo(agreement.zone)
    signed = {
        one.party.value: {"name": one.name, "on": one.signed_at.astimezone(zone).date()}
        for one in signatures
    }
    return {**values_of(version), **({"signatures": signed} if signed else {})}


def document_of(version: AgreementVersion) -> Document:
    """What ``version`` says: it was checked against what there was when it was stored.

    Services that its file only names are called as the catalogue calls them now.
    """
    names = {key: name for key, name in db.session.execute(select(Service.key, Service.name))}
    return _document(loading.canonical(version.source), tuple(sorted(names.items())))


def document_from(values: Mapping[str, Any], services: Mapping[str, str]) -> Document:
    """What ``values``, a parsed file, say by themselves: whatever they name counts as known.

    ``services`` maps the keys of the catalogue to names. Raises `AgreementErrors` for what is
    wrong in itself.
    """
    return documents.read(dict(values), known=_whatever_is_named(values, services))


@lru_cache(maxsize=64)
def _document(source: str, services: tuple[tuple[str, str], ...]) -> Document:
    """Pure, and asked again for every page: what a version says never changes."""
    return document_from(values_from(json.loads(source)), dict(services))


def _whatever_is_named(values: Mapping[str, Any], services: Mapping[str, str]) -> Known:
    head = _table(values.get("agreement"))
    tiers = list(_rows(values.get("tiers")))
    named = {
        *(row.get("service") for row in _rows(values.get("coverage"))),
        *(row.get("service") for row in _rows(values.get("request_types"))),
        *(row.get("service") for row in _rows(values.get("objectives"))),
        *(row.get("service") for tier in tiers for row in _rows(tier.get("targets"))),
    }
    plans = {
        action.get("plan")
        for tier in tiers
        for rung in _rows(tier.get("ladder"))
        for action in _rows(rung.get("actions"))
    }
    organisations = {
        head.get("provider"),
        head.get("client"),
        *(row.get("organisation") for row in _rows(values.get("coverage"))),
    }
    return Known(
        today=date.max,
        services={**{key: key for key in _texts(named)}, **services},
        organisations=frozenset(_texts(organisations)),
        domains={},
        agreements={},
        plans=frozenset(_texts(plans)),
    )


def _table(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _rows(found: Any) -> Iterator[Mapping[str, Any]]:
    return (row for row in found if isinstance(row, dict)) if isinstance(found, list) else iter(())


def _texts(found: Iterable[Any]) -> Iterator[str]:
    return (one for one in found if isinstance(one, str) and one)
