"""How letters write times and durations.

Durations are two units at most and cut, never rounded (look.md, "The chip"); times carry
their zone and are shorter the nearer they are (look.md, "Writing").
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app import languages
from app.languages import amount, lazy_gettext, month, weekday
from app.languages import gettext as _

WANTED = {
    "acknowledgement": lazy_gettext("word of who has it in hand"),
    "first_response": lazy_gettext("a first answer"),
    "next_response": lazy_gettext("an answer"),
    "update": lazy_gettext("news"),
    "workaround": lazy_gettext("a workaround"),
    "resolution": lazy_gettext("a solution"),
}
_KEPT = (
    lazy_gettext("the requester has opened it"),
    lazy_gettext("the requester has written since"),
    lazy_gettext("the mail server had taken it more than an hour before"),
    lazy_gettext("there is nothing of that left to take back"),
    lazy_gettext("too much has happened to the ticket since"),
    lazy_gettext("a date of the agreement"),
    lazy_gettext("its renewal"),
    lazy_gettext("its end"),
    lazy_gettext("its termination"),
    lazy_gettext("a review"),
    lazy_gettext("the minutes of a review"),
    lazy_gettext("something to do"),
    lazy_gettext("the agreement"),
    lazy_gettext("service level manager"),
    lazy_gettext("signatory"),
    lazy_gettext("technical"),
    lazy_gettext("communication"),
)
"""What facts keep in English of a few things: why an answer that came back counts, what a letter
about an agreement was about, roles of contacts."""
_SAID = {str(words): words for words in _KEPT}
_ANSWERED = re.compile(r"The mail server answered (.+)", re.DOTALL)


def duration(seconds: int) -> str:
    """Business seconds as "25 min", "2 h 05 min", "40 s"; the sign is dropped."""
    rest = abs(seconds)
    if rest < 60:
        return f"{rest} s"
    hours, minutes = divmod(rest // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def promised(promise: Mapping[str, Any]) -> str:
    """The time of a target: "4 h", "2 business days", "by 16:00 on the next working day"."""
    time, days = promise.get("by_time"), promise.get("days")
    if time is None:
        return amount(str(promise["words"]))
    if days == 1:
        return _("by %(time)s on the next working day", time=time)
    return _("by %(time)s on working day %(days)s", time=time, days=days)


def clock_time(at: datetime, zone: str, *, seen_from: datetime) -> str:
    """``at`` in ``zone``: "14:09 CET" on the day of ``seen_from``, else with its day."""
    local = at.astimezone(ZoneInfo(zone))
    today = seen_from.astimezone(ZoneInfo(zone))
    time = f"{local:%H:%M} {zone_name(local)}"
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return time
    if days < 7:
        return f"{weekday(local, short=True)} {time}"
    return f"{_date(local, with_year=local.year != today.year)}, {time}"


def day(on: date | str) -> str:
    """A date, or its words such as "2026-12-24", as "Thu 24 Dec 2026" in the reader's language."""
    return _date(date.fromisoformat(on) if isinstance(on, str) else on, with_year=True)


def _date(on: date, *, with_year: bool) -> str:
    facts = {"weekday": weekday(on, short=True), "day": on.day, "month": month(on, short=True)}
    if with_year:
        return _("%(weekday)s %(day)s %(month)s %(year)s", year=on.year, **facts)
    return _("%(weekday)s %(day)s %(month)s", **facts)


def zone_name(local: datetime) -> str:
    """ "CET", or "UTC+05:45" for a zone without letters of its own."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return languages.zone_name(name)
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def state_words(state: str, left_s: int) -> str:
    """How a subject begins: "AT RISK 25 min", "BREACHED by 2 h", "RUNNING, 3 h left"."""
    if left_s < 0 or state == "breached":
        return (
            _("BREACHED by %(time)s", time=duration(left_s))
            if left_s < 0
            else _("BREACHED just now")
        )
    if state == "at_risk":
        return _("AT RISK %(time)s", time=duration(left_s))
    return _("RUNNING, %(time)s left", time=duration(left_s))


def chip_words(state: str, left_s: int) -> str:
    """What the chip says: "24 min left", "over by 20 min"."""
    if left_s < 0 or state == "breached":
        return _("over by %(time)s", time=duration(left_s)) if left_s < 0 else _("over just now")
    return _("%(time)s left", time=duration(left_s))


def plea(measure: str, state: str, left_s: int, *, to: str, requester: str, by: str) -> str:
    """The one request of an escalation letter: what ``to`` is asked to see to, ``by`` when."""
    wanted = WANTED.get(measure, lazy_gettext("what was promised"))
    if left_s < 0 or state == "breached":
        return _(
            "%(name)s, this promise is broken: please see to it that %(requester)s gets %(wanted)s "
            "now, and hears from you when.",
            name=to,
            requester=requester,
            wanted=wanted,
        )
    return _(
        "%(name)s, please see to it that %(requester)s gets %(wanted)s by %(time)s, or tell "
        "%(requester)s a new time yourself.",
        name=to,
        requester=requester,
        wanted=wanted,
        time=by,
    )


def kept(said: str) -> str:
    """What facts keep in English, as the reader says it; other texts stay as they are."""
    return str(_SAID.get(said, said))


def server_said(kept: str) -> str:
    """What a mail server answered, as `answers` keeps it; the rest is the server's own."""
    found = _ANSWERED.fullmatch(kept)
    return _("The mail server answered %(answer)s", answer=found[1]) if found else kept


def window(kept: str) -> str:
    """Hours of a day: "08:00 to 12:00"."""
    starts, _to, ends = kept.partition(" to ")
    return _("%(starts)s to %(ends)s", starts=starts, ends=ends)


def columns(pairs: Sequence[tuple[str, str]], *, least: int = 0) -> str:
    """Lines of a text, what is said in each under what is said above it: "Owner:     Mara".

    What is said begins in column ``least`` at the earliest, counted from 0.
    """
    width = max(least, *(len(name) + 2 for name, _said in pairs))
    return "\n".join(f"{name + ':':<{width}}{said}" for name, said in pairs)


def in_lines(text: str, *, lines: int, width: int = 96) -> str:
    """``text`` cut to about ``lines`` lines of ``width`` letters, at a word."""
    flat = " ".join(text.split())
    most = lines * width
    if len(flat) <= most:
        return flat
    return f"{flat[:most].rsplit(' ', 1)[0]} …"
