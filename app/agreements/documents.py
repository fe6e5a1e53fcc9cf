"""An agreement file as values: checked whole, with every mistake, before anything is stored. Pure.

`docs/agreements.md` describes the format.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.agreements.parts import (
    CalendarPart,
    CoveragePart,
    Document,
    OrganisationPart,
    RequestTypePart,
    RungPart,
    ServicePart,
    SignaturePart,
    TargetPart,
    TierPart,
)
from app.agreements.reading import AgreementErrors, Table
from app.agreements.words import MEASURES, ReopenRule
from app.businesstime import Calendar
from app.catalogue.words import Kind, Priority

HOUR_S = 3600
STATUSES = {"waiting_requester", "waiting_vendor", "on_hold"}
ROLES = {"assignee", "team_lead", "service_owner", "manager", "client_contact"}
POINT = re.compile(r"(?P<percent>\d{1,4})\s*%|(?P<span>.+?)\s+(?P<side>before|after) due")
PRIORITIES = tuple(Priority)


def read(values: dict[str, Any], *, known_services: set[str]) -> Document:
    """The document in ``values`` (a parsed TOML file).

    ``known_services`` are the catalogue's keys already stored: targets and coverage may name
    them. Raises `AgreementErrors` with every mistake.
    """
    mistakes: list[str] = []
    root = Table(values, "", mistakes)
    head = root.table("agreement", required=True)
    zone = _zone(head, "zone", required=True)
    services = tuple(_service(table) for table in root.tables("services"))
    keys = {service.key for service in services} | known_services
    calendars = tuple(_calendar(k, table, zone) for k, table in root.items("calendars"))
    calendar_keys = {calendar.key for calendar in calendars}
    tiers = tuple(
        _tier(table, calendar_keys, keys) for table in root.tables("tiers", required=True)
    )
    tier_keys = {tier.key for tier in tiers}
    _refuse_twice(root, "tiers", [tier.key for tier in tiers])
    document = Document(
        key=head.text("key", required=True),
        title=head.text("title", required=True),
        provider=head.text("provider", required=True),
        client=head.text("client"),
        zone=zone,
        effective_from=head.value("effective_from", date, date.min, required=True),
        effective_until=head.value("effective_until", date),
        organisations=tuple(_organisation(table, zone) for table in root.tables("organisations")),
        text=tuple(_section(number, table) for number, table in
                   enumerate(root.tables("text", required=True), start=1)),
        services=services,
        request_types=tuple(_request_type(table, keys) for table in root.tables("request_types")),
        calendars=calendars,
        tiers=tiers,
        coverage=tuple(
            _coverage(table, tier_keys, keys) for table in root.tables("coverage", required=True)
        ),
        signatures=_signatures(root.table("signatures")),
    )
    head.done()
    root.done()
    _check_clauses(document, mistakes)
    if mistakes:
        raise AgreementErrors(mistakes)
    return document


def _zone(table: Table, key: str, default: str = "", *, required: bool = False) -> str:
    name = table.text(key, default, required=required)
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            table.wrong(key, f"{name!r} is no time zone; write one such as Europe/Berlin.")
            return "UTC"
    return name or "UTC"


def _refuse_twice(table: Table, key: str, names: list[str]) -> None:
    for name in {name for name in names if names.count(name) > 1}:
        table.wrong(key, f"{name!r} stands there twice.")


def _organisation(table: Table, zone: str) -> OrganisationPart:
    part = OrganisationPart(
        name=table.text("name", required=True),
        zone=_zone(table, "zone", zone),
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
            {"number": f"{number}.{place}", "text": clause.strip()}
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
    )
    table.done()
    return part


def _request_type(table: Table, services: set[str]) -> RequestTypePart:
    name = table.text("name", required=True)
    choices = []
    for choice in table.tables("choices"):
        priority = choice.member("priority", Priority, required=True)
        choices.append(
            {"label": choice.text("label", required=True), "priority": (priority or "").lower()}
        )
        choice.done()
    part = RequestTypePart(
        key=table.text("key", required=True),
        service=table.known("service", services, "service", required=True),
        name=name,
        title=table.text("title") or name,
        kind=table.member("kind", Kind, required=True) or Kind.INCIDENT,
        help=table.text("help"),
        team=table.text("team"),
        default_priority=table.member("default_priority", Priority) or Priority.NORMAL,
        choices=tuple(choices),
    )
    table.done()
    return part


def _calendar(key: str, table: Table, zone: str) -> CalendarPart:
    holidays = table.table("holidays")
    definition = {
        "zone": _zone(table, "zone", zone),
        "week": table.value("week", dict, {}, required=True),
        "exceptions": table.value("exceptions", dict, {}),
        "names": table.value("names", dict, {}),
    }
    part = CalendarPart(
        key=key,
        name=table.text("name") or key,
        zone=definition["zone"],
        definition=definition,
        country=holidays.text("country"),
        subdivision=holidays.text("subdivision"),
    )
    try:
        Calendar.from_dict(definition)
    except (ValueError, TypeError, AttributeError, KeyError) as mistake:
        table.wrong("", str(mistake))
    holidays.done()
    table.done()
    return part


def _tier(table: Table, calendars: set[str], services: set[str]) -> TierPart:
    key = table.text("key", required=True)
    name = table.text("name") or key.capitalize()
    calendar = table.known("calendar", calendars, "calendar", required=True)
    day_s = table.duration("day", 8 * HOUR_S) or 8 * HOUR_S
    reopen = table.table("reopen")
    targets: list[TargetPart] = []
    for row in table.tables("targets", required=True):
        targets.extend(_targets(row, name, calendar, calendars, services, day_s))
    ladder: list[RungPart] = []
    for row in table.tables("ladder"):
        ladder.extend(_rungs(row, day_s))
    part = TierPart(
        key=key,
        name=name,
        calendar=calendar,
        day_s=day_s,
        pauses=_pauses(table.table("pauses")),
        floor_percent=table.number("floor_percent", 25, most=100),
        reopen_rule=reopen.member("rule", ReopenRule) or ReopenRule.RESUME,
        reopen_window_days=reopen.number("window_days", 7, most=3650),
        reopen_grant_percent=reopen.number("grant_percent", 25, most=100),
        targets=tuple(targets),
        ladder=tuple(ladder),
    )
    reopen.done()
    table.done()
    return part


def _pauses(table: Table) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for measure in MEASURES:
        statuses = table.texts(measure)
        for status in statuses:
            if status not in STATUSES:
                table.wrong(measure, f"{status!r} is not one of {', '.join(sorted(STATUSES))}.")
        if statuses:
            found[measure] = tuple(statuses)
    table.done()
    return found


def _targets(
    table: Table, tier: str, calendar: str, calendars: set[str], services: set[str], day_s: int
) -> list[TargetPart]:
    measure = table.known("measure", set(MEASURES), "measure", required=True)
    kind = table.member("kind", Kind)
    service = table.known("service", services, "service")
    calendar = table.known("calendar", calendars, "calendar") or calendar
    clause = table.text("clause", required=True)
    sentence = table.text("sentence")
    parts = []
    for priority, words, seconds in _amounts(table, day_s):
        said = sentence or _sentence(tier, measure, priority, kind, words)
        parts.append(
            TargetPart(measure, priority, kind, service, seconds, words, calendar, clause, said)
        )
    table.done()
    return parts


def _amounts(table: Table, day_s: int) -> list[tuple[Priority | None, str, int]]:
    """The amount of each priority: one ``within`` for all, or a table of priorities."""
    if not table.has("within") or isinstance(table.value("within", object), str):
        words = table.text("within", required=True)
        seconds = table.as_duration("within", words, day_s) if words else 0
        priority = table.member("priority", Priority)
        return [(priority, words, seconds)]
    within = table.table("within")
    amounts = [
        (priority, within.text(priority.value), within.duration(priority.value, day_s))
        for priority in PRIORITIES
        if within.has(priority.value)
    ]
    within.done()
    return [*amounts]


def _sentence(
    tier: str, measure: str, priority: Priority | None, kind: Kind | None, words: str
) -> str:
    what = {"incident": "Incidents", "request": "Requests", "question": "Questions"}
    subject = what[kind.value] if kind else "All requests"
    which = f" of {priority.value} priority" if priority else ""
    return f"{tier}: {subject.lower()}{which} {MEASURES[measure].deed} within {words} of service time."


def _rungs(table: Table, day_s: int) -> list[RungPart]:
    measures = table.texts("measure", required=True)
    for measure in measures:
        if measure not in MEASURES:
            table.wrong("measure", f"there is no measure {measure!r}.")
    percent, offset_s = _point(table, day_s)
    responsible = table.texts("tell", required=True)
    for role in responsible:
        if role not in ROLES and not re.fullmatch(r"person:\S+@\S+", role):
            known = ", ".join(sorted(ROLES))
            table.wrong("tell", f"{role!r} is not one of {known} or person:ADDRESS.")
    repeat = table.table("repeat")
    repeat_s = repeat.duration("every", day_s) or None
    part = {
        "percent": percent,
        "offset_s": offset_s,
        "responsible": tuple(responsible),
        "actions": tuple(_action(row) for row in table.tables("actions")),
        "repeat_s": repeat_s,
        "repeat_times": repeat.number("times", 0, most=100),
        "acknowledge_s": table.duration("acknowledge_within", day_s) or None,
    }
    repeat.done()
    table.done()
    return [RungPart(measure=measure, **part) for measure in measures]  # type: ignore[arg-type]


def _point(table: Table, day_s: int) -> tuple[int | None, int | None]:
    found = table.text("at", required=True)
    match = POINT.fullmatch(found)
    if found and match is None:
        table.wrong("at", f'{found!r} is no point; write "75 %", "1 h before due" or "30 min'
                    ' after due".')
    if match is None:
        return 0, None
    if match["percent"]:
        return int(match["percent"]), None
    seconds = table.as_duration("at", match["span"], day_s)
    return None, -seconds if match["side"] == "before" else seconds


def _action(table: Table) -> Mapping[str, Any]:
    done = table.text("do", required=True)
    if done not in {"assign", "move", "raise_priority"}:
        table.wrong("do", f"{done!r} is not one of assign, move, raise_priority.")
    priority = table.member("to_priority", Priority)
    action = {
        "do": done,
        "to": table.text("to"),
        "to_priority": priority.value if priority else "",
    }
    table.done()
    return {key: value for key, value in action.items() if value}


def _coverage(table: Table, tiers: set[str], services: set[str]) -> CoveragePart:
    part = CoveragePart(
        organisation=table.text("organisation"),
        service=table.known("service", services, "service"),
        tier=table.known("tier", tiers, "tier", required=True),
    )
    table.done()
    return part


def _signatures(table: Table) -> tuple[SignaturePart, ...]:
    parts = []
    for party in ("provider", "client"):
        row = table.table(party)
        if table.has(party):
            parts.append(
                SignaturePart(
                    party,
                    row.text("name", required=True),
                    row.value("on", date, date.min, required=True),
                )
            )
        row.done()
    table.done()
    return tuple(parts)


def _check_clauses(document: Document, mistakes: list[str]) -> None:
    """Every target must cite a clause that stands in the text."""
    numbers = {clause["number"] for section in document.text for clause in section["clauses"]}
    for place, tier in enumerate(document.tiers):
        for clause in sorted({target.clause for target in tier.targets} - numbers):
            if clause:
                mistakes.append(f"tiers[{place}].targets: the text has no clause {clause!r}.")
