"""An explanation as its requester reads it: one line per stretch, adding up to the second."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app import drawing
from app.clocks import explaining, words
from app.clocks.explaining import ExplainedSpan, Explanation, Happened
from app.languages import gettext as _
from app.languages import lazy_gettext, ngettext

WAITED = {
    "waiting_requester": lazy_gettext("waited for you"),
    "waiting_vendor": lazy_gettext("waited for a supplier"),
    "on_hold": lazy_gettext("was put off"),
}
WIDE = 640


@dataclass(frozen=True)
class Line:
    """One stretch: from when to when, what it was, and its seconds on one side or the other.

    ``note`` is what is special about it: the clocks were set, or other hours held.
    """

    when: str
    what: str
    key: str
    counted: str
    skipped: str
    note: str = ""


@dataclass(frozen=True)
class Change:
    """Something that happened to the promise: when, what, and what it made of the due time."""

    at: datetime
    when: str
    what: str
    then: tuple[str, ...]


@dataclass(frozen=True)
class Bar:
    """One stretch of the drawing, by its left edge and width."""

    x: float
    width: float
    key: str


@dataclass(frozen=True)
class Drawing:
    """All stretches to scale and what is left after them; ``now_x`` is where it stands."""

    bars: tuple[Bar, ...]
    now_x: float
    starts: str
    ends: str
    sentence: str


@dataclass(frozen=True)
class Sum:
    """The foot of the table: the whole stretch, both sums, and what is left of the promise."""

    whole: str
    counted: str
    skipped: str
    promised: str
    left: str
    is_over: bool


def lines_of(told: Explanation) -> list[Line]:
    """The stretches of ``told``, oldest first."""
    lines, hours = [], None
    for span in told.spans:
        lines.append(_line(span, told, names_hours=span.calendar_version_id != hours))
        hours = span.calendar_version_id
    return lines


def weeks_of(told: Explanation) -> list[Line]:
    """The same week by week, for a promise that has lived long."""
    return [
        Line(
            when=words.span_days(week.starts_at, week.ends_at, told.zone),
            what=", ".join([_many(len(week.spans)), *map(_plain, week.special)]),
            key="pause" if week.is_paused else "on" if week.counted_s else "off",
            counted=words.to_the_second(week.counted_s) if week.counted_s else "",
            skipped=words.to_the_second(week.skipped_s) if week.skipped_s else "",
        )
        for week in told.weeks
    ]


def changes_of(told: Explanation) -> list[Change]:
    """What happened to the promise, oldest first."""
    return [
        Change(
            at=line.at,
            when=words.exact_instant(line.at, told.zone),
            what=_("%(what)s by you", what=_large(line.what)) if line.who else _large(line.what),
            then=tuple(_then(line, told)),
        )
        for line in told.story
    ]


def _then(line: Happened, told: Explanation) -> Iterator[str]:
    if line.known_at and line.kind == "breached":
        yield _("Recorded %(when)s", when=words.exact_instant(line.known_at, told.zone))
    elif line.known_at:
        received = words.exact_instant(line.received_at, told.zone)
        known = words.exact_instant(line.known_at, told.zone)
        yield _("Received %(received)s, known %(known)s", received=received, known=known)
    if line.rule:
        yield _large(line.rule)
    if line.has_moved and line.due_at:
        yield _("Due %(when)s", when=words.exact_instant(line.due_at, told.zone))


def sum_of(told: Explanation) -> Sum:
    """What the lines add up to; ``promised`` is the budget, which pauses never change."""
    left_s, ended = told.left_s, not told.clock.is_open
    left = words.to_the_second(left_s)
    if left_s < 0:
        rest = _("over by %(time)s", time=left)
    else:
        rest = _("%(time)s to spare", time=left) if ended else _("%(time)s left", time=left)
    return Sum(
        whole=words.to_the_second(told.counted_s + told.skipped_s),
        counted=words.to_the_second(told.counted_s),
        skipped=words.to_the_second(told.skipped_s),
        promised=words.to_the_second(told.clock.budget_s),
        left=rest,
        is_over=left_s < 0,
    )


def drawing_of(told: Explanation) -> Drawing:
    """The bar above the table, on the wall clock, to the due time where that lies ahead."""
    clock = told.clock
    start = min((span.starts_at for span in told.spans), default=clock.started_at)
    now = max((span.ends_at for span in told.spans), default=told.at)
    ahead = clock.due_at if clock.is_open and clock.due_at and clock.due_at > now else now
    scale = WIDE / max((ahead - start).total_seconds(), 1)

    def x_of(at: datetime) -> float:
        return round((at - start).total_seconds() * scale, 1)

    bars = [
        Bar(
            x_of(span.starts_at),
            _wide(x_of, span.starts_at, span.ends_at),
            drawing.span_key(span.kind),
        )
        for span in told.spans
        if span.ends_at > span.starts_at
    ]
    if ahead > now:
        bars.append(Bar(x_of(now), _wide(x_of, now, ahead), "left"))
    total = sum_of(told)
    until = words.instant(now, told.zone, told.at, with_zone=False)
    return Drawing(
        bars=tuple(bars),
        now_x=x_of(now),
        starts=words.instant(start, told.zone, told.at, with_zone=False),
        ends=_("now %(when)s", when=until) if clock.is_open else until,
        sentence=_(
            "%(counted)s counted, %(skipped)s not counted, %(left)s",
            counted=total.counted,
            skipped=total.skipped,
            left=total.left,
        ),
    )


def _wide(x_of: Callable[[datetime], float], starts_at: datetime, ends_at: datetime) -> float:
    return round(max(x_of(ends_at) - x_of(starts_at), 1.0), 1)


def waited(span: ExplainedSpan) -> str:
    """What a pause was, once it is over: "waited for you"."""
    return str(WAITED.get(span.held) or _("stood still"))


def waited_for_requester(span: ExplainedSpan) -> bool:
    """Whether it stood still until the requester answered."""
    return span.held == "waiting_requester"


def _line(span: ExplainedSpan, told: Explanation, *, names_hours: bool) -> Line:
    counts = _counts(span)
    return Line(
        when=words.span_instants(span.starts_at, span.ends_at, told.zone),
        what=_what(span, told),
        key=drawing.span_key(span.kind),
        counted=words.to_the_second(span.counted_s) if counts else "",
        skipped="" if counts else words.to_the_second(span.skipped_s),
        note=_note(span, told, names_hours=names_hours),
    )


def _note(span: ExplainedSpan, told: Explanation, *, names_hours: bool) -> str:
    notes = []
    if span.shift_s:
        by = words.duration(span.shift_s)
        forward = _("Clocks were set forward by %(time)s", time=by)
        notes.append(
            forward if span.shift_s > 0 else _("Clocks were set back by %(time)s", time=by)
        )
    if told.changes_hours and names_hours:
        notes.append(told.hours[span.calendar_version_id])
    return ". ".join(notes)


def _counts(span: ExplainedSpan) -> bool:
    return span.kind not in (explaining.CLOSED, explaining.PAUSED, explaining.STOPPED)


def _what(span: ExplainedSpan, told: Explanation) -> str:
    if span.kind == explaining.CLOSED:
        return _("Closed: %(what)s", what=span.day or told.calendar)
    return _large(_plain(span) if span.kind != explaining.COUNTED else _("with us"))


def _plain(span: ExplainedSpan) -> str:
    """A reason as its requester reads it."""
    return str(WAITED.get(span.held) or span.what)


def _many(spans: int) -> str:
    return ngettext("%(num)s span", "%(num)s spans", spans)


def _large(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
