"""Hours whose zone reads otherwise by newer time zone data (clocks.md, "Business time").

A country that moves its clocks on other days changes what "09:00" means. What was counted stays
counted under the rules of then; from the first instant on that reads otherwise, the hours have a
further version, and running promises follow as they follow an edit. What was signed is the wall
clock's reading, so this needs no clause.
"""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from app.agreements import newest, schedules
from app.agreements.schedules import Schedule
from app.businesstime import zones
from app.calendars import drafting, zone_rules


def follow(version_ids: Collection[int], *, at: datetime) -> int:
    """Let the hours of these versions be read by the newest data; how many it changed."""
    newest.edition()  # what this transaction read stays valid for it, should it roll back
    zone_rules.keep_for_old_versions(at=at)
    return sum(_follow(schedule, at) for schedule in schedules.of_versions(version_ids))


def _follow(schedule: Schedule, at: datetime) -> bool:
    hours = schedule.hours
    if hours.zone_rules_id is None or zone_rules.of(hours.zone_rules_id).are_in_use:
        return False
    otherwise_at = zone_rules.read_otherwise_from(hours.zone_rules_id, at=at)
    if otherwise_at is None:
        return False
    zone = hours.definition["zone"]
    after = drafting.next_version(
        hours.calendar_id, hours.definition, holidays=hours.holidays, at=at
    )
    on = otherwise_at.astimezone(ZoneInfo(zone)).date()
    reason = f"Time zone data {zones.version(zone)}: {zone} reads otherwise from {on}"
    schedules.lead_on(schedule, after, on=on, reason=reason, at=at)
    return True
