"""Where the stories of the state machine happen: zones around the nights on which the clock
changes, hours of every kind, and what is promised at each level. Plain values only.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from tests.oracle.deal import AROUND, FIRST, NEXT, RESOLUTION, TAKEN, UPDATE, Deal, Promise
from tests.oracle.hours import Hours, Minutes, monday

MEASURES = (FIRST, NEXT, UPDATE, RESOLUTION, TAKEN, AROUND)
DAYS = range(7)
LUNCH = [("09:00", "12:30"), ("13:30", "17:00")]
WEEKS = {
    "always": {day: [("00:00", "24:00")] for day in DAYS},
    "office": {day: LUNCH for day in range(5)},
    "night": {**{day: [("22:00", "06:00")] for day in range(6)}, 6: [("08:00", "10:00")]},
}
BEGINS = {
    "Europe/Berlin": monday(2026, 10, 19),
    "Asia/Kathmandu": monday(2026, 11, 16),
    "Australia/Lord_Howe": monday(2026, 3, 30),
    "America/New_York": monday(2026, 3, 2),
    "Europe/London": monday(2026, 3, 23),
}
LEVELS: dict[str, dict[str, tuple[int, str]]] = {
    "urgent": {FIRST: (60, "always"), NEXT: (40, "always"), RESOLUTION: (240, "always")},
    "high": {FIRST: (120, "office"), NEXT: (120, "office"), RESOLUTION: (480, "office")},
    "alike": {FIRST: (120, "always"), NEXT: (120, "night"), RESOLUTION: (480, "night")},
    "normal": {FIRST: (240, "office"), NEXT: (480, "office"), RESOLUTION: (1200, "office")},
    "some": {RESOLUTION: (960, "night")},
    "none": {},
}
UPDATES = {"urgent": (100, "always"), "high": (240, "office"), "normal": (480, "office")}
EARLY: dict[str, dict[str, tuple[int, str]]] = {
    "urgent": {TAKEN: (20, "always"), AROUND: (120, "always")},
    "high": {TAKEN: (60, "office"), AROUND: (240, "office")},
    "alike": {TAKEN: (60, "night")},
    "some": {AROUND: (300, "night")},
}
"""What some versions promise before an answer and before a solution."""
BY: dict[tuple[str, str], tuple[int, str]] = {
    ("high", RESOLUTION): (1, "16:00"),
    ("alike", NEXT): (1, "02:30"),
    ("alike", RESOLUTION): (2, "05:00"),
    ("normal", FIRST): (1, "10:00"),
    ("normal", RESOLUTION): (2, "12:00"),
    ("urgent", UPDATE): (1, "09:00"),
    ("some", RESOLUTION): (1, "23:30"),
}
"""What some versions promise by a time of day: on which business day, and when."""
RULES = ("resume", "resume", "restart", "final")


@dataclass(frozen=True)
class Variant:
    """What one version says beside the hours and the times: a row of the tier."""

    zone: str = "Europe/Berlin"
    updates: bool = True
    early: bool = False
    by_day: bool = False
    pauses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    floor_percent: int = 25
    grant_percent: int = 25
    reopen_rule: str = "resume"

    @property
    def begins(self) -> datetime:
        """The Monday from which minutes are counted."""
        return BEGINS[self.zone]

    def promised(self, level: str) -> dict[str, tuple[int, str]]:
        """Minutes and hours per measure at ``level``."""
        told = dict(LEVELS[level])
        if self.updates and level in UPDATES:
            told[UPDATE] = UPDATES[level]
        return told | (EARLY.get(level, {}) if self.early else {})

    def by(self, level: str, measure: str) -> tuple[int, str] | None:
        """The business day and the time of day by which it is promised at ``level``."""
        return BY.get((level, measure)) if self.by_day else None

    def exceptions(self, edition: int) -> dict[date, list[tuple[str, str]]]:
        """Days that differ: a holiday and a short day, and one more holiday per edition."""
        begins = self.begins.date()
        told = {begins + timedelta(days=3): [], begins + timedelta(days=8): [("09:00", "12:00")]}
        for number in range(edition):
            told[begins + timedelta(days=(4, 9)[number])] = []
        return told

    def instant(self, minute: Minutes) -> datetime:
        """That minute as an instant."""
        return self.begins + timedelta(seconds=int(minute * 60))


PAUSES = (
    (),
    ((FIRST, ("waiting_requester",)), (RESOLUTION, ("waiting_vendor", "on_hold"))),
    ((RESOLUTION, ("on_hold",)),),
)


def number_of(level: str, measure: str) -> int:
    """The number of a target."""
    return 1 + 10 * list(LEVELS).index(level) + MEASURES.index(measure)


@cache
def hours(zone: str, name: str, edition: int) -> Hours:
    """The oracle's hours; only those of the office have editions."""
    variant = Variant(zone)
    exceptions = variant.exceptions(edition) if name == "office" else {}
    return Hours(variant.begins, zone, WEEKS[name], exceptions)


@cache
def deal(variant: Variant, level: str, edition: int) -> Deal:
    """The oracle's deal."""
    return Deal(
        {
            measure: Promise(
                number_of(level, measure),
                minutes,
                hours(variant.zone, name, edition if name == "office" else 0),
                _by(variant, level, measure),
            )
            for measure, (minutes, name) in variant.promised(level).items()
        },
        {measure: frozenset(statuses) for measure, statuses in variant.pauses},
        variant.floor_percent,
        variant.grant_percent,
        variant.reopen_rule,
    )


def _by(variant: Variant, level: str, measure: str) -> tuple[int, int] | None:
    found = variant.by(level, measure)
    return (found[0], int(found[1][:2]) * 60 + int(found[1][3:])) if found else None


@dataclass
class Numbers:
    """What the tables call things; in a story without a database they are what they are here."""

    version: int = 1
    tier: int = 1
    targets: dict[tuple[str, str], int] = field(default_factory=dict)
    calendars: dict[tuple[str, int], int] = field(default_factory=dict)
    rungs: dict[tuple[str, int], int] = field(default_factory=dict)
