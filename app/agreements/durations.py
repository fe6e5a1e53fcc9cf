"""Amounts of business time as agreements write them: "4 h", "30 min", "2 business days". Pure."""

import re
from dataclasses import dataclass

from app.languages import gettext as _

DURATION = re.compile(
    r"(?P<amount>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<second>s|sec|seconds?)|(?P<minute>m|min|minutes?)|(?P<hour>h|hours?)"
    r"|(?P<day>business days?))"
)
BY = re.compile(r"(?P<amount>.+?)\s+by\s+(?P<time>\S.*)", re.DOTALL)
DAYS = re.compile(r"(?P<days>\d+)\s*business days?")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
MOST_DAYS = 366
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
LONGEST_S = 10 * 366 * 86_400
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class ByTime:
    """A time of day ("16:00") on the `days`-th business day after the start."""

    days: int
    time: str


def by_time(words: str) -> ByTime | None:
    """The time of day in ``words`` such as "1 business day by 16:00"; None where they name none.

    Raises `ValueError` with a sentence for a time that is none, and for days that are not whole.
    """
    match = BY.fullmatch(words.strip())
    if match is None:
        return None
    time, amount = time_of_day(match["time"]), match["amount"]
    days = DAYS.fullmatch(amount)
    if days is None or not 0 < int(days["days"]) <= MOST_DAYS:
        raise ValueError(
            _(
                '"%(amount)s" goes with no time of day (by %(time)s); write whole business days, '
                'at most %(most)s, as "1 business day".',
                amount=amount,
                time=time,
                most=MOST_DAYS,
            )
        )
    return ByTime(int(days["days"]), time)


def time_of_day(words: str) -> str:
    """``words`` as they are; raises `ValueError` with a sentence where they are no time of day."""
    if not TIME.fullmatch(words):
        raise ValueError(
            _(
                '"%(words)s" is no time of day; write it from 00:00 to 24:00, as "16:00".',
                words=words,
            )
        )
    return words


def seconds_of(words: str, day_s: int) -> int:
    """The business seconds of ``words``; a business day is ``day_s``, the version's nominal day.

    Raises `ValueError` with a sentence for what is no duration, nothing, or over ten years.
    """
    match = DURATION.fullmatch(words.strip())
    if match is None:
        raise ValueError(
            _(
                '"%(words)s" is no duration; write "4 h", "30 min" or "2 business days".',
                words=words,
            )
        )
    unit = str(match.lastgroup)
    seconds = round(float(match["amount"]) * SECONDS.get(unit, day_s))
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(
            _('"%(words)s" must be longer than nothing and at most ten years.', words=words)
        )
    return seconds


def spoken(words: str) -> str:
    """A duration as a clause says it: "4 h" is "four hours", "1 business day" is told as one.

    With a time of day, "by 16:00 on the next working day". Raises `ValueError` when ``words`` are
    no duration.
    """
    found = by_time(words)
    if found is not None:
        which = "next" if found.days == 1 else ordinal(found.days)
        return f"by {found.time} on the {which} working day"
    match = DURATION.fullmatch(words.strip())
    if match is None:
        raise ValueError(_('"%(words)s" is no duration.', words=words))
    unit = str(match.lastgroup)
    amount = match["amount"]
    is_spelled = amount.isdigit() and 0 < int(amount) <= len(NUMBERS)
    number = NUMBERS[int(amount) - 1] if is_spelled else amount
    name = "business day" if unit == "day" else unit
    return f"{number} {name}{'' if number == 'one' else 's'}"


def ordinal(number: int) -> str:
    """The number of a place: "2nd", "11th"."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
