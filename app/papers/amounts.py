"""Amounts of time and money as an agreement's page says them, in its reader's language. Pure."""

from app.agreements.durations import DURATION
from app.languages import gettext as _
from app.languages import ngettext


def short(words: str) -> str:
    """For a table: "2 h", "15 min", "1 day"; what is no duration stays as it is."""
    amount, unit = _parts(words)
    if unit == "day":
        return _counted(amount, _("%(amount)s day"), _("%(amount)s days"))
    if unit == "hour":
        return f"{amount}\N{NO-BREAK SPACE}h"
    if unit == "minute":
        return f"{amount}\N{NO-BREAK SPACE}min"
    return f"{amount}\N{NO-BREAK SPACE}s" if unit else words


def plain(words: str, *, is_always: bool) -> str:
    """For a sentence: "8 working hours", around the clock "8 hours", "2 business days"."""
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


def _parts(words: str) -> tuple[str, str]:
    """Amount and unit (second, minute, hour, day); no unit for what is no duration."""
    match = DURATION.fullmatch(words.strip())
    return (match["amount"], str(match.lastgroup)) if match else (words, "")


def _counted(amount: str, one: str, many: str) -> str:
    said = one if amount == "1" else many
    return said.replace("%(amount)s", amount)
