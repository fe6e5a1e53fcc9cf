"""The tiers of an agreement file: their rules, targets and ladder. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.agreements import durations
from app.agreements.durations import ByTime
from app.agreements.parts import RungPart, TargetPart, TierPart
from app.agreements.reading import Table, missing
from app.agreements.words import MEASURES, ReopenRule
from app.catalogue.words import Kind, Priority
from app.languages import gettext as _

HOUR_S = 3600
PAUSES = {
    "first_response": ("waiting_requester",),
    "resolution": ("waiting_requester", "waiting_vendor", "on_hold"),
}
"""The statuses in which a version may let a clock stand still (clocks.md, "Clocks")."""
ROLES = ("assignee", "team_lead", "on_call", "service_owner", "manager", "client_contact")
ACTIONS = ("assign", "move", "raise_priority", "watch", "start_plan")
"""What a rung can do besides telling (escalation.md, "Ladders")."""
PERSON = re.compile(r"person:\S+@\S+")
POINT = re.compile(r"(?P<percent>\d{1,4})\s*%|(?P<span>.+?)\s+(?P<side>before|after) due")
SUBJECTS = {
    Kind.INCIDENT: "incidents",
    Kind.REQUEST: "service requests",
    Kind.QUESTION: "questions",
    None: "all requests",
}


@dataclass(frozen=True)
class Surroundings:
    """What a tier may name: calendars, services (key to name), clauses, contingency plans."""

    calendars: Collection[str]
    services: Mapping[str, str]
    clauses: Collection[str]
    plans: Collection[str] = ()


def read(table: Table, around: Surroundings) -> TierPart:
    """One tier with its targets and ladder in the order of the file."""
    key = table.text("key", required=True)
    name = table.text("name") or key.capitalize()
    calendar = table.known("calendar", around.calendars, required=True)
    day_s = table.duration("day", 8 * HOUR_S) or 8 * HOUR_S
    if day_s > 24 * HOUR_S:
        table.wrong("day", _("a business day has at most 24 h."))
    reopen = table.table("reopen")
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
        waiting_ask_days=table.number("waiting_ask_days", 10, least=1, most=365),
        waiting_resolve_days=table.number("waiting_resolve_days", 5, least=1, most=365),
        targets=tuple(
            target
            for row in table.tables("targets", required=True)
            for target in _targets(row, name, calendar, day_s, around)
        ),
        ladder=tuple(rung for row in table.tables("ladder") for rung in _rungs(row, day_s, around)),
    )
    reopen.done()
    table.done()
    return part


def _pauses(table: Table) -> Mapping[str, tuple[str, ...]]:
    found = {key: tuple(table.all_known(key, statuses)) for key, statuses in PAUSES.items()}
    table.done()
    return {measure: statuses for measure, statuses in found.items() if statuses}


def _targets(
    table: Table, tier: str, calendar: str, day_s: int, around: Surroundings
) -> list[TargetPart]:
    measure = table.known("measure", tuple(MEASURES), required=True)
    kind = table.member("kind", Kind)
    service = table.known("service", tuple(around.services))
    calendar = table.known("calendar", around.calendars) or calendar
    clause = table.text("clause", required=True)
    if clause and clause not in around.clauses:
        table.wrong("clause", _('the text has no clause "%(number)s".', number=clause))
    given = table.text("sentence")
    team = table.text("team")
    amounts = _amounts(table, day_s)
    table.done()
    if not measure:
        return []
    named = around.services.get(service, "")
    return [
        TargetPart(
            measure=measure,
            priority=amount.priority,
            kind=kind,
            service=service,
            seconds=amount.seconds,
            words=amount.words,
            calendar=calendar,
            clause=clause,
            sentence=given
            or sentence(tier, measure, amount.priority, kind, named, amount.words, team),
            team=team,
            business_days=amount.by.days if amount.by else None,
            by_time=amount.by.time if amount.by else None,
        )
        for amount in amounts
        if amount.seconds
    ]


@dataclass(frozen=True, slots=True)
class _Amount:
    """What a target allows for a priority, None for any; no seconds where it is a mistake."""

    priority: Priority | None
    words: str
    seconds: int
    by: ByTime | None


def _amounts(table: Table, day_s: int) -> list[_Amount]:
    """One ``within`` for the priority named beside it, or a table of priorities.

    A time of day stands in each amount, or once for all in ``by``.
    """
    by = _time_of_day(table)
    if not table.holds("within", dict):
        priority = table.member("priority", Priority)
        words = table.text("within", required=True)
        return [_amount(table, "within", priority, words, by, day_s)] if words else []
    within = table.table("within")
    amounts = [
        _amount(within, priority.value, priority, words, by, day_s)
        for priority in Priority
        if (words := within.text(priority.value))
    ]
    within.done()
    if not amounts:
        table.wrong("within", _("names no priority."))
    return amounts


def _time_of_day(table: Table) -> str:
    found = table.text("by")
    try:
        return durations.time_of_day(found) if found else ""
    except ValueError as mistake:
        table.wrong("by", str(mistake))
        return ""


def _amount(
    table: Table, key: str, priority: Priority | None, words: str, by: str, day_s: int
) -> _Amount:
    words = f"{words} by {by}" if by else words
    try:
        found = durations.by_time(words)
    except ValueError as mistake:
        table.wrong(key, str(mistake))
        return _Amount(priority, words, 0, None)
    seconds = found.days * day_s if found else table.as_duration(key, words, day_s)
    return _Amount(priority, words, seconds, found)


def sentence(
    tier: str,
    measure: str,
    priority: Priority | None,
    kind: Kind | None,
    service: str,
    words: str,
    team: str = "",
) -> str:
    """The promise in a sentence, for targets that bring none of their own."""
    which = f" of {priority.value} priority" if priority else ""
    where = f" for {service}" if service else ""
    whose = f" with {team}" if team else ""
    return f"{tier}: {SUBJECTS[kind]}{which}{where}{whose} {MEASURES[measure].deed} {_time(words)}."


def _time(words: str) -> str:
    said = durations.spoken(words)
    if durations.by_time(words) is not None:
        return said
    return f"within {said}" if "business day" in said else f"within {said} of service time"


def _rungs(table: Table, day_s: int, around: Surroundings) -> list[RungPart]:
    measures = table.all_known("measure", tuple(MEASURES), required=True)
    percent, offset_s = _point(table, day_s)
    responsible = table.texts("tell", required=True)
    for number, role in enumerate(responsible):
        _check_role(table, "tell" if table.holds("tell", str) else f"tell[{number}]", role)
    repeat = table.table("repeat")
    is_repeated = table.has("repeat")
    repeat_s = repeat.duration("every", day_s, required=is_repeated) or None
    if is_repeated and not repeat.has("times"):
        repeat.wrong("times", missing(int))
    times = repeat.number("times", 0, least=1, most=100)
    actions = tuple(_action(row, around) for row in table.tables("actions"))
    acknowledge_s = table.duration("acknowledge_within", day_s) or None
    repeat.done()
    table.done()
    return [
        RungPart(
            measure=measure,
            percent=percent,
            offset_s=offset_s,
            responsible=tuple(role.lower() for role in responsible),
            actions=actions,
            repeat_s=repeat_s,
            repeat_times=times,
            acknowledge_s=acknowledge_s,
        )
        for measure in measures
    ]


def _point(table: Table, day_s: int) -> tuple[int | None, int | None]:
    found = table.text("at", required=True)
    match = POINT.fullmatch(found)
    if match is None:
        if found:
            table.wrong(
                "at",
                _(
                    '"%(value)s" is no point; '
                    'write "75 %%", "1 h before due" or "30 min after due".',
                    value=found,
                ),
            )
        return 0, None
    if match["percent"]:
        return int(match["percent"]), None
    seconds = table.as_duration("at", match["span"], day_s)
    return None, -seconds if match["side"] == "before" else seconds


def _check_role(table: Table, key: str, role: str) -> None:
    if not PERSON.fullmatch(role):
        table.is_one_of(key, role, (*ROLES, "person:ADDRESS"))


def _action(table: Table, around: Surroundings) -> Mapping[str, Any]:
    """One of assign and watch (a role), move (to a team), raise_priority and start_plan."""
    done = table.known("do", ACTIONS, required=True)
    action = {"do": done}
    if done in ("assign", "watch"):
        action["to"] = table.text("to", required=True)
        if action["to"]:
            _check_role(table, "to", action["to"])
    elif done == "move":
        action["to"] = table.text("to", required=True)
    elif done == "raise_priority":
        action["to_priority"] = table.member("to_priority", Priority, required=True) or ""
    elif done == "start_plan":
        action["plan"] = table.text("plan", required=True)
        if action["plan"] and action["plan"] not in around.plans:
            said = _('there is no contingency plan with the key "%(key)s".', key=action["plan"])
            table.wrong("plan", said)
    if done:
        table.done()
    return {key: str(value) for key, value in action.items()}
