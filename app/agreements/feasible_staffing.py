"""Promised hours in which nobody is there, and services nobody is qualified for. Pure.

Part of the feasibility linter.
"""

from collections.abc import Iterator

from app.agreements.findings import Circumstances, Crew, Draft, Finding
from app.agreements.parts import CalendarPart
from app.businesstime import Calendar
from app.languages import gettext as _

BEYOND_OFFICE_S = 60 * 3600
"""Weekly hours beyond which a team without a rota cannot be believed to be there."""
HOUR_S = 3600


def findings(draft: Draft, around: Circumstances) -> Iterator[Finding]:
    """Every finding about who is there to keep the promises."""
    document = draft.document
    services = [part.key for part in document.services] or sorted(around.team_of)
    calendars = {part.key: found for part in document.calendars if (found := calendar_of(part))}
    for key, calendar in calendars.items():
        if not calendar.elapsed(*around.week):
            yield Finding(
                f"calendars.{key}",
                _("A week of “%(calendar)s” without an hour", calendar=key),
                _("In the coming week these hours never open: what is promised in them waits."),
            )
    for key in services:
        for name in around.unqualified.get(key, ()):
            yield Finding(
                "services",
                _("Nobody is qualified for “%(service)s”", service=key),
                _(
                    "The service requires “%(qualification)s”, and nobody in its team holds it.",
                    qualification=name,
                ),
            )
    yield from _unstaffed(draft, around, services, calendars)


def _unstaffed(
    draft: Draft, around: Circumstances, services: list[str], calendars: dict[str, Calendar]
) -> Iterator[Finding]:
    """For each calendar that something is promised in, the teams that are not there in it."""
    names = {part.key: part.name for part in draft.document.calendars}
    for key, calendar in calendars.items():
        path = next(
            (
                draft.target_path(tier.key, number)
                for tier in draft.document.tiers
                for number, target in enumerate(tier.targets)
                if target.calendar == key
            ),
            None,
        )
        if path is None:
            continue
        wanted = {
            around.team_of[service]
            for service in [*services, *_targeted(draft, key)]
            if service in around.team_of
        }
        wanted |= {
            target.team
            for tier in draft.document.tiers
            for target in tier.targets
            if target.calendar == key and target.team
        }
        for team in sorted(wanted & around.crews.keys()):
            yield from _absent(path, team, around.crews[team], names[key], calendar, around)


def _absent(
    path: str, team: str, crew: Crew, name: str, calendar: Calendar, around: Circumstances
) -> Iterator[Finding]:
    promised = calendar.elapsed(*around.week)
    if not crew.has_rota:
        if promised > BEYOND_OFFICE_S:
            yield Finding(
                path,
                _("Nobody is planned for %(team)s", team=team),
                _(
                    "“%(calendar)s” promises %(hours)s hours a week, and the team has no rota: "
                    "nobody can be told at night. Plan one under “Teams and rotas”, or promise "
                    "fewer hours.",
                    calendar=name,
                    hours=promised // HOUR_S,
                ),
            )
        return
    missing = sum(calendar.elapsed(*gap) for gap in crew.gaps)
    if missing:
        yield Finding(
            path,
            _("%(team)s is not there all the time", team=team),
            _(
                "Of %(promised)s promised hours in “%(calendar)s” nobody is on call in "
                "%(missing)s, as the rota of the coming week stands.",
                promised=promised // HOUR_S,
                calendar=name,
                missing=f"{missing / HOUR_S:.1f}".removesuffix(".0"),
            ),
        )


def _targeted(draft: Draft, calendar: str) -> Iterator[str]:
    for tier in draft.document.tiers:
        for target in tier.targets:
            if target.calendar == calendar and target.service:
                yield target.service


def calendar_of(part: CalendarPart) -> Calendar | None:
    """The hours of a calendar, without its holidays; None while they are no hours."""
    try:
        return Calendar.from_dict(part.definition)
    except (ValueError, TypeError, AttributeError):
        return None
