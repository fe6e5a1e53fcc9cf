"""The cast of the clock tests: hours, terms, and a ticket that one can let things happen to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.agreements.terms import RungTerms, TargetTerms, Terms
from app.businesstime import Calendar
from app.clocks.course import Course, Happening, What, happen
from app.clocks.rules import fold

ALWAYS = Calendar("UTC", {day: [("00:00", "24:00")] for day in range(7)})
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})
CALENDARS = {1: ALWAYS, 2: OFFICE}
H = 3600
HOURS = {"urgent": (1, 2, 4), "high": (2, 4, 8), "normal": (4, 8, 40)}
"""Hours for first response, next response and resolution."""


def at(text: str) -> datetime:
    """ "Mon 09:30" is in the week of Monday 16 November 2026, "Mon+1 09:30" a week later."""
    day, time = text.split()
    name, _, weeks = day.partition("+")
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(name) + 7 * int(weeks or 0)
    hours, minutes = (int(part) for part in time.split(":")[:2])
    seconds = int([*time.split(":"), "0"][2])
    return datetime(2026, 11, 16, tzinfo=UTC) + timedelta(
        days=days, hours=hours, minutes=minutes, seconds=seconds
    )


def target(target_id: int, measure: str, seconds: int, calendar: int = 1) -> TargetTerms:
    return TargetTerms(
        target_id=target_id,
        measure=measure,
        seconds=seconds,
        words=f"{seconds // H} h",
        calendar=CALENDARS[calendar],
        calendar_version_id=calendar,
        calendar_name="Always" if calendar == 1 else "Office",
        clause="4.2",
        sentence="We answer in time.",
        because=f"row {target_id}",
    )


def rung(
    rung_id: int, measure: str = "resolution", percent: int | None = None, **more
) -> RungTerms:
    values = {
        "rung_id": rung_id,
        "position": rung_id,
        "measure": measure,
        "percent": percent,
        "offset_s": None,
        "responsible": ("manager",),
        "actions": (),
        "repeat_s": None,
        "repeat_times": 0,
        "acknowledge_s": None,
    }
    return RungTerms(**{**values, **more})


def terms(priority: str = "high", calendar: int = 1, **more) -> Terms:
    first = 1 + 10 * list(HOURS).index(priority)
    measures = ("first_response", "next_response", "resolution")
    targets = {
        measure: target(first + number, measure, hours * H, calendar)
        for number, (measure, hours) in enumerate(zip(measures, HOURS[priority], strict=True))
    }
    return replace(
        Terms(
            version_id=1,
            agreement_id=1,
            agreement_title="Northwind support",
            version_number=3,
            tier_id=1,
            tier_name="Gold",
            zone="Europe/Berlin",
            targets=targets,
            ladder=(),
            pauses={},
            floor_percent=25,
            reopen_rule="resume",
            reopen_window_days=7,
            reopen_grant_percent=25,
        ),
        **more,
    )


def without(given: Terms, *measures: str) -> Terms:
    kept = {key: value for key, value in given.targets.items() if key not in measures}
    return replace(given, targets=kept)


class Story:
    """A ticket told line by line: `story.on("Mon 10:00").responded()`."""

    def __init__(self, given: Terms | None = None, *, opens: str | None = "Mon 09:00") -> None:
        self.terms = given or terms()
        self.course = Course()
        self.now = at("Mon 09:00")
        if opens:
            self.on(opens).tell(What.OPENED)

    def on(self, text: str) -> "Story":
        self.now = at(text)
        return self

    def under(self, given: Terms) -> "Story":
        self.terms = given
        return self

    def tell(self, what: What, **more) -> "Story":
        more.setdefault("cause", f"{what}:{self.now:%a %H:%M}")
        self.course = happen(self.course, Happening(what, self.now, **more), self.terms)
        return self

    def wrote(self, **more) -> "Story":
        return self.tell(What.WROTE, **more)

    def responded(self, **more) -> "Story":
        return self.tell(What.RESPONDED, **more)

    def status(self, status: str, **more) -> "Story":
        return self.tell(What.STATUS, status=status, **more)

    def waits(self, **more) -> "Story":
        return self.status("waiting_requester", **more)

    def resolved(self, *, silent: bool = False, **more) -> "Story":
        return self.tell(What.RESOLVED, response=not silent, **more)

    def reopened(self, *, by_requester: bool = True, **more) -> "Story":
        return self.tell(What.REOPENED, by_requester=by_requester, **more)

    def priority(self, name: str, calendar: int = 1, **more) -> "Story":
        self.terms = terms(name, calendar)
        return self.tell(What.RETARGETED, **more)

    def settled(self) -> "Story":
        return self.tell(What.SETTLED)

    def clock(self, measure: str = "resolution", sequence: int | None = None):
        found = self.course.clock(measure, sequence)
        assert found is not None, f"no {measure} clock"
        return found

    def first(self):
        return self.clock("first_response")

    def next(self, sequence: int | None = None):
        return self.clock("next_response", sequence)

    def has(self, measure: str) -> bool:
        return self.course.clock(measure) is not None

    def folded(self, clock):
        """The same clock, folded anew from its events alone."""
        events = [
            event
            for event in self.course.events
            if (event.measure, event.sequence) == (clock.measure, clock.sequence)
        ]
        return fold(events, lambda event: self.terms, CALENDARS.__getitem__)
