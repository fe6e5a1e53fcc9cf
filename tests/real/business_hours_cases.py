"""Business-hours cases read off other projects' tests, against `Calendar`.

    python -m tests.real.business_hours_cases FILE

FILE is JSON with `calendars` (tz, weekly, holidays, overrides, breaks) and `cases` (add, elapsed,
next_open, is_open). Breaks cut the opening hours; holidays and overrides are exceptions. Where a
source counts a reversed stretch as negative, ours is 0. A week without any window, which
`Calendar` refuses, is told as a week of which every date near the case is an exception.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.businesstime import Calendar

Case = Mapping[str, Any]


def main(arguments: list[str]) -> int:
    """Print each difference and the number of cases that agree; 1 when any differs."""
    if len(arguments) != 1:
        print("Usage: python -m tests.real.business_hours_cases FILE", file=sys.stderr)
        return 2
    told = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    different = list(differences(told))
    for case, answer in different:
        print(f"{case['id']}: {case['kind']} expected {case['expect']!r}, ours {answer!r}")
    total = len(told["cases"])
    print(f"{total - len(different)}/{total} agree")
    return 1 if different else 0


def differences(told: Mapping[str, Any]) -> Iterator[tuple[Case, Any]]:
    """The cases to which our answer differs, each with our answer."""
    for case in told["cases"]:
        answer = answer_to(calendar_of(told["calendars"][case["calendar"]], case), case)
        if answer != expected_of(case):
            yield case, answer


def calendar_of(told: Mapping[str, Any], case: Case) -> Calendar:
    """The calendar as the product has it."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    week = {days.index(day): windows for day, windows in told["weekly"].items()}
    exceptions = {date.fromisoformat(on): list[Any]() for on in told.get("holidays", ())}
    for text, windows in told.get("overrides", {}).items():
        exceptions[date.fromisoformat(text)] = windows
    for text, breaks in told.get("breaks", {}).items():
        on = date.fromisoformat(text)
        exceptions[on] = without(exceptions.get(on, week.get(on.weekday(), [])), breaks)
    if not any(week.values()):
        week = {day: [["00:00", "24:00"]] for day in range(7)}
        near = datetime.fromisoformat(case["start"]).date()
        exceptions = {near + timedelta(days=n): [] for n in range(-7, 8)}
    return Calendar(told["tz"], week, exceptions)


def without(windows: list[list[str]], breaks: list[list[str]]) -> list[list[str]]:
    """The windows of a day with its breaks cut out of them."""
    for away, back in breaks:
        pieces = []
        for opens, closes in windows:
            pieces += [[opens, min(closes, away)], [max(opens, back), closes]]
        windows = [piece for piece in pieces if piece[0] < piece[1]]
    return windows


def answer_to(calendar: Calendar, case: Case) -> Any:
    """Our answer, instants as datetimes."""
    start = datetime.fromisoformat(case["start"])
    match case["kind"]:
        case "add":
            return calendar.add(start, case["seconds"])
        case "elapsed":
            return calendar.elapsed(start, datetime.fromisoformat(case["end"]))
        case "next_open":
            return calendar.next_open(start)
        case "is_open":
            return calendar.is_open(start)
        case kind:
            raise ValueError(f"{case['id']}: {kind!r} is no kind of case.")


def expected_of(case: Case) -> Any:
    """What the source expects, in our terms."""
    expected = case["expect"]
    if isinstance(expected, str):
        return datetime.fromisoformat(expected)
    return max(expected, 0) if case["kind"] == "elapsed" else expected


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
