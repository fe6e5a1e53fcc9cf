"""Amounts of time and money as an agreement's page says them, in its reader's language. Pure."""

from app.agreements import durations
from app.agreements.durations import DURATION, ByTime
from app.clocks import words as clocks
from app.languages import gettext as _
from app.languages import ngettext


def short(words: str) -> str:
    """For a table: "2 h", "15 min", "1 day", "16:00 next day"; what is no duration stays so."""
    by = _by_time(words)
    if by is not None and by.days == 1:
        return _("%(time)s next day", time=by.time)
    if by is not None:
        return _("%(time)s %(nth)s day", time=by.time, nth=clocks.ordinal(by.days))
    amount, unit = _parts(words)
    if unit == "day":
        return _counted(amount, _("%(amount)s day"), _("%(amount)s days"))
    if unit == "hour":
        return f"{amount}\N{NO-BREAK SPACE}h"
    if unit == "minute":
        return f"{amount}\N{NO-BREAK SPACE}min"
    return f"{amount}\N{NO-BREAK SPACE}s" if unit else words


def plain(words: str, *, is_always: bool) -> str:
    """For a sentence: "8 working hours", around the clock "8 hours", "2 business days".

    A time of day is "by 16:00 on the next working day".
    """
    by = _by_time(words)
    if by is not None:
        return clocks.by_time(by)
    amount, unit = _parts(words)
    if unit == "day":
        return _counted(amount, _("%(amount)s business day"), _("%(amount)s business days"))
    if unit == "hour" and is_always:
        return _counted(amount, _("%(amount)s hour"), _("%(amount)s hours"))
    if unit == "hour":
        return _counted(amount, _("%(amount)s working hour"), _("%(amount)s working hours"))
    if unit == "minute":
        return _counted(amount, _("%(amount)s minute"), _("%(amount)s minutes"))
    return _counted(amount, _("%(amount)s second"), _("%(amount)s seconds")) if unit else words


def percent(share: float) -> str:
    """A share with a narrow space: "99.5 %"."""
    return f"{number(share)}\N{NARROW NO-BREAK SPACE}%"


def number(amount: float) -> str:
    """A number without a needless fraction: "95", "99.5"."""
    return f"{amount:g}" if abs(amount) < 1e6 else f"{amount:.0f}"


def money(amount: float, currency: str) -> str:
    """An amount with its currency: "4,200.00 EUR"."""
    return f"{amount:,.2f}\N{NO-BREAK SPACE}{currency}"


def months(count: int) -> str:
    """A number of months in words."""
    return ngettext("%(num)s month", "%(num)s months", count)


def days(count: int) -> str:
    """A number of days in words."""
    return ngettext("%(num)s day", "%(num)s days", count)


def _by_time(words: str) -> ByTime | None:
    """The time of day that the words name; what is wrong names none."""
    try:
        return durations.by_time(words)
    except ValueError:
        return None


def _parts(words: str) -> tuple[str, str]:
    """Amount and unit (second, minute, hour, day); no unit for what is no duration."""
    match = DURATION.fullmatch(words.strip())
    return (match["amount"], str(match.lastgroup)) if match else (words, "")


def _counted(amount: str, one: str, many: str) -> str:
    said = one if amount == "1" else many
    return said.replace("%(amount)s", amount)
