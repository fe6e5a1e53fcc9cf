"""Times of day at which nobody is there, and teams that nobody knows. Pure.

Part of the feasibility linter.
"""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.agreements.feasible_staffing import calendar_of
from app.agreements.findings import Circumstances, Draft, Finding
from app.businesstime import Calendar, closes_before
from app.languages import gettext as _


def findings(draft: Draft, around: Circumstances) -> Iterator[Finding]:
    """Every finding about a target by a time of day, or of a team."""
    calendars = {part.key: part for part in draft.document.calendars}
    for tier in draft.document.tiers:
        for number, target in enumerate(tier.targets):
            path = draft.target_path(tier.key, number)
            part = calendars.get(target.calendar)
            hours = calendar_of(part) if part is not None else None
            if target.by_time and part and hours and _is_never(hours, target.by_time, around):
                yield Finding(
                    path,
                    _("Nobody is there at %(time)s", time=target.by_time),
                    _(
                        "“%(calendar)s” is closed at that time on every day of the week: what is "
                        "promised by then falls due whenever it closed before.",
                        calendar=part.name,
                    ),
                )
            if target.team and around.crews and target.team not in around.crews:
                yield Finding(
                    path,
                    _("There is no team “%(team)s”", team=target.team),
                    _(
                        "The row holds for requests of a team that does not exist: signing makes "
                        "an empty one. Choose a team there is, or say “any team”."
                    ),
                )


def _is_never(hours: Calendar, by: str, around: Circumstances) -> bool:
    monday = around.week[0].astimezone(ZoneInfo(hours.zone)).date()
    return all(closes_before(hours, monday + timedelta(days=n), by) for n in range(7))
