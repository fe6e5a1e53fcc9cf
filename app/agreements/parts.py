"""An agreement file as values, part by part. Pure; `documents.read` makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.agreements.words import ReopenRule
from app.catalogue.words import Kind, Priority


@dataclass(frozen=True)
class OrganisationPart:
    """A party or client that the file brings along."""

    name: str
    zone: str
    domains: tuple[str, ...]
    is_provider: bool


@dataclass(frozen=True)
class ServicePart:
    """A service of the catalogue."""

    key: str
    name: str
    description: str
    team: str


@dataclass(frozen=True)
class RequestTypePart:
    """A request one can make of a service."""

    key: str
    service: str
    name: str
    title: str
    kind: Kind
    help: str
    team: str
    default_priority: Priority
    choices: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class CalendarPart:
    """Opening hours; holidays are filled in when the file is loaded.

    ``holidays_from`` is the first year of holidays, None for that of ``effective_from``.
    """

    key: str
    name: str
    definition: Mapping[str, Any]
    country: str
    subdivision: str
    holidays_from: int | None


@dataclass(frozen=True)
class TargetPart:
    """One row of a tier's targets."""

    measure: str
    priority: Priority | None
    kind: Kind | None
    service: str
    seconds: int
    words: str
    calendar: str
    clause: str
    sentence: str


@dataclass(frozen=True)
class RungPart:
    """One rung of a tier's ladder."""

    measure: str
    percent: int | None
    offset_s: int | None
    responsible: tuple[str, ...]
    actions: tuple[Mapping[str, Any], ...]
    repeat_s: int | None
    repeat_times: int
    acknowledge_s: int | None


@dataclass(frozen=True)
class TierPart:
    """A level of service."""

    key: str
    name: str
    calendar: str
    day_s: int
    pauses: Mapping[str, tuple[str, ...]]
    floor_percent: int
    reopen_rule: ReopenRule
    reopen_window_days: int
    reopen_grant_percent: int
    waiting_ask_days: int
    waiting_resolve_days: int
    targets: tuple[TargetPart, ...]
    ladder: tuple[RungPart, ...]


@dataclass(frozen=True)
class CoveragePart:
    """Who is under which tier; empty is any."""

    organisation: str
    service: str
    tier: str


@dataclass(frozen=True)
class SignaturePart:
    """Who signed for a party, and when."""

    party: str
    name: str
    on: date


@dataclass(frozen=True)
class Document:
    """A whole agreement file; ``effective_until`` is the last day, None for no end."""

    key: str
    title: str
    provider: str
    client: str
    zone: str
    effective_from: date
    effective_until: date | None
    exceptions_clause: str
    organisations: tuple[OrganisationPart, ...]
    text: tuple[Mapping[str, Any], ...]
    services: tuple[ServicePart, ...]
    request_types: tuple[RequestTypePart, ...]
    calendars: tuple[CalendarPart, ...]
    tiers: tuple[TierPart, ...]
    coverage: tuple[CoveragePart, ...]
    signatures: tuple[SignaturePart, ...]


@dataclass(frozen=True)
class KnownAgreement:
    """An agreement that is stored already: what a later version cannot change."""

    provider: str
    client: str
    zone: str


@dataclass(frozen=True)
class Known:
    """What is stored already and a file may name: it is checked against this.

    ``services`` maps keys to names, ``domains`` to the organisation that has them, and
    ``agreements`` keys to what stands; ``plans`` are the keys of contingency plans.
    """

    today: date
    services: Mapping[str, str]
    organisations: frozenset[str]
    domains: Mapping[str, str]
    agreements: Mapping[str, KnownAgreement]
    plans: frozenset[str] = frozenset()
