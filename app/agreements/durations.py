"""Amounts of business time as agreements write them: "4 h", "30 min", "2 business days". Pure."""

import re

DURATION = re.compile(
    r"(?P<amount>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<second>s|sec|seconds?)|(?P<minute>m|min|minutes?)|(?P<hour>h|hours?)"
    r"|(?P<day>business days?))"
)
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
LONGEST_S = 10 * 366 * 86_400
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def seconds_of(words: str, day_s: int) -> int:
    """The business seconds of ``words``; a business day is ``day_s``, the version's nominal day.

    Raises `ValueError` with a sentence for what is no duration, nothing, or over ten years.
    """
    match = DURATION.fullmatch(words.strip())
    if match is None:
        raise ValueError(f'"{words}" is no duration; write "4 h", "30 min" or "2 business days".')
    unit = str(match.lastgroup)
    seconds = round(float(match["amount"]) * SECONDS.get(unit, day_s))
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(f'"{words}" must be longer than nothing and at most ten years.')
    return seconds


def spoken(words: str) -> str:
    """A duration as a clause says it: "4 h" is "four hours", "1 business day" is told as one.

    Raises `ValueError` when ``words`` are no duration.
    """
    match = DURATION.fullmatch(words.strip())
    if match is None:
        raise ValueError(f'"{words}" is no duration.')
    unit = str(match.lastgroup)
    amount = match["amount"]
    is_spelled = amount.isdigit() and 0 < int(amount) <= len(NUMBERS)
    number = NUMBERS[int(amount) - 1] if is_spelled else amount
    name = "business day" if unit == "day" else unit
    return f"{number} {name}{'' if number == 'one' else 's'}"
