"""An agreement file as values, part by part. Pure; `documents.read` makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.agreements.words import Party, Period, Renewal, ReopenRule
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
    """A service of the catalogue, as the version quotes it.

    `scope` says what is in it and what is not, `deliverables` what is handed over, `resources`
    who and what stands behind it.
    """

    key: str
    name: str
    description: str
    team: str
    scope: str = ""
    deliverables: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


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
    """One row of a tier's targets; empty priority, kind, service and team are any.

    With `by_time` ("16:00") it is kept by that time of the `business_days`-th business day, and
    `seconds` are what so many nominal days are worth.
    """

    measure: str
    priority: Priority | None
    kind: Kind | None
    service: str
    seconds: int
    words: str
    calendar: str
    clause: str
    sentence: str
    team: str = ""
    business_days: int | None = None
    by_time: str | None = None


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
class TermPart:
    """How long the agreement runs on when its last day has come, and how it is given notice.

    It renews itself by `months` (None: it has no end or ends with its last day); notice has to
    be given `notice_days` calendar days before its last day (0: none is needed).
    """

    renewal: Renewal
    months: int | None
    notice_days: int
    clause: str


@dataclass(frozen=True)
class ReviewPart:
    """How often both parties meet about it; `attendees` are roles of its contacts."""

    every_months: int
    attendees: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class ContactPart:
    """Somebody named for a role; contacts of one party and role are told in their order.

    `acknowledge_s` are seconds of the clock on the wall after which a letter that nobody
    acknowledged goes to the next; None where it needs no acknowledgement.
    """

    party: Party
    role: str
    name: str
    address: str
    telephone: str
    acknowledge_s: int | None


@dataclass(frozen=True)
class ObjectivePart:
    """A share that is to be reached in each period, in percent; `warning` is above `goal`.

    `measure` is one of the measures, "availability", or empty for all promises; empty tier and
    service are any, no priority is all of them. Availability counts in the hours of `calendar`
    (empty: around the clock). With at most `up_to` promises in a period not the share counts, but
    that no more than `allowed_misses` were missed.
    """

    key: str
    measure: str
    tier: str
    priority: Priority | None
    service: str
    goal: float
    warning: float | None
    per: Period
    clause: str
    calendar: str = ""
    up_to: int | None = None
    allowed_misses: int = 0


@dataclass(frozen=True)
class CreditStep:
    """Below `below` percent of an objective, `percent` of the period's fee is credited."""

    objective: str
    below: float
    percent: float


@dataclass(frozen=True)
class CreditPart:
    """What falling below an objective costs the provider.

    `fee` is what one period costs in `currency` (ISO 4217), None where it is not named;
    `cap_percent` of it is the most that a period's credits come to.
    """

    fee: float | None
    currency: str
    per: Period
    cap_percent: float
    steps: tuple[CreditStep, ...]
    exclusions: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Document:
    """A whole agreement file; ``effective_until`` is the last day, None for no end.

    The clauses are numbers such as "8.3", empty where none is named.
    """

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
    termination_clause: str = ""
    changes_clause: str = ""
    disputes_clause: str = ""
    term: TermPart | None = None
    review: ReviewPart | None = None
    contacts: tuple[ContactPart, ...] = ()
    objectives: tuple[ObjectivePart, ...] = ()
    credits: CreditPart | None = None


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
