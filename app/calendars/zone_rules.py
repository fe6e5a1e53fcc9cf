"""By which release of the time zone data a calendar's zone is read (clocks.md, "Business time").

A version of a calendar keeps the rules that it was made under, so that what was counted stays
counted; where newer data reads the zone otherwise, its hours get a further version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Engine, func, select, update

from app.businesstime import zones
from app.businesstime.zones import Offset
from app.calendars.models import CalendarVersion, ZoneRules
from app.database import db


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a zone as they were read once."""

    id: int
    zone: str
    tzdata: str
    changes: tuple[Offset, ...]

    @property
    def are_in_use(self) -> bool:
        """Whether this process reads the zone just so."""
        return self.changes == zones.changes(self.zone)


def of(rules_id: int) -> Rules:
    """Rules that were kept; they never change."""
    return _kept(db.engine, rules_id)


@lru_cache(maxsize=256)
def _kept(_engine: Engine, rules_id: int) -> Rules:
    row = db.session.get_one(ZoneRules, rules_id)
    changes = tuple((at, offset) for at, offset in row.changes)
    return Rules(row.id, row.zone, row.tzdata, changes)


def pinned(rules_id: int | None) -> Sequence[Offset]:
    """What a calendar with these rules is pinned to: nothing where the zone still reads so."""
    if rules_id is None:
        return ()
    rules = of(rules_id)
    return () if rules.are_in_use else rules.changes


def read(zone: str, *, at: datetime) -> int:
    """The id of the rules by which this process reads ``zone``, kept from now on if they are new.

    Of two that keep new rules at once the second keeps them a second time, which does no harm.
    """
    query = select(ZoneRules).where(ZoneRules.zone == zone).order_by(ZoneRules.id.desc())
    newest = db.session.scalars(query.limit(1)).first()
    changes = [list(change) for change in zones.changes(zone)]
    if newest is not None and newest.changes == changes:
        return newest.id
    made = ZoneRules(zone=zone, tzdata=zones.version(zone), changes=changes, read_at=at)
    db.session.add(made)
    db.session.flush()
    return made.id


def read_otherwise_from(rules_id: int, *, at: datetime) -> datetime | None:
    """The first instant after ``at`` at which the zone reads otherwise by this process's data."""
    rules = of(rules_id)
    after = int(at.timestamp())
    before, now = rules.changes, zones.changes(rules.zone)
    for instant in sorted({after, *(one[0] for one in (*before, *now) if one[0] > after)}):
        if zones.offset_at(before, instant) != zones.offset_at(now, instant):
            return zones.EPOCH + timedelta(seconds=instant)
    return None


def is_behind(rules_id: int | None, *, at: datetime) -> bool:
    """Whether the zone reads otherwise from ``at`` on than by these rules."""
    if rules_id is None or of(rules_id).are_in_use:
        return False
    return read_otherwise_from(rules_id, at=at) is not None


def keep_for_old_versions(*, at: datetime) -> int:
    """Give versions of calendars that were made before rules were kept those of now; how many."""
    zone = CalendarVersion.definition["zone"].as_string()
    without = CalendarVersion.zone_rules_id.is_(None)
    names = db.session.scalars(select(zone).where(without).group_by(zone)).all()
    for name in names:
        db.session.execute(
            update(CalendarVersion)
            .where(without, zone == name)
            .values(zone_rules_id=read(name, at=at))
            .execution_options(synchronize_session=False)
        )
    return len(names)


def releases() -> list[tuple[str, str]]:
    """Each zone that a calendar counts in, with the release of the data read last, by name."""
    newest = select(func.max(ZoneRules.id)).group_by(ZoneRules.zone)
    query = select(ZoneRules.zone, ZoneRules.tzdata).where(ZoneRules.id.in_(newest))
    return [(zone, tzdata) for zone, tzdata in db.session.execute(query.order_by(ZoneRules.zone))]
