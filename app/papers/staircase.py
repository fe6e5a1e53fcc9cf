"""A ladder as a picture: a staircase over the share of time used, and the same as a list. Pure.

The drawing is as look.md has it: on its way, at risk, over; a step for each rung, the people on
it at the left. Rungs of one point are one step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.agreements import differences
from app.agreements.parts import Document, RungPart, TierPart
from app.agreements.words import MEASURES
from app.catalogue.words import Kind, Priority
from app.clocks import words
from app.escalation import rung_words
from app.languages import gettext as _
from app.languages import listed
from app.papers import amounts

WIDTH, TOP, HEAD, FOOT = 704.0, 22.0, 28.0, 42.0
RISE, FIRST_RISE = 36.0, 30.0
NEAR = 46.0
"""So far apart the labels of two steps stand at least, whatever their points are."""
RISK, DUE = 75.0, 100.0
EDGE = 5.0
SAMPLE = (Priority.HIGH, Priority.NORMAL, Priority.URGENT, Priority.LOW)
"""Whose target the times below the steps are of: the first that is promised."""
Point = tuple[int | None, int | None]
"""A rung's percent of the time, or its business seconds from due."""
LONGEST = 84
"""Signs of a step's label that fit into the drawing; the list has all."""


@dataclass(frozen=True)
class Step:
    """One point of the ladder: who is told, what else is done, when for the sample."""

    point: str
    time: str
    who: str
    what: str
    is_over: bool
    x: float
    y: float
    label: str
    label_what: str
    anchor: str


@dataclass(frozen=True)
class Staircase:
    """The ladder of some tiers and measures; `path` is the line, `fill` what lies below it."""

    tiers: str
    measures: str
    sample: str
    steps: tuple[Step, ...]
    height: float
    risk_x: float
    due_x: float
    path: str
    fill: str

    @property
    def base(self) -> float:
        """Where the floor of the drawing is."""
        return self.height - FOOT


def staircases(document: Document) -> list[Staircase]:
    """The ladders of a version; measures and tiers with the same one share it."""
    found: dict[tuple[object, ...], list[tuple[TierPart, list[str]]]] = {}
    for tier in document.tiers:
        by_ladder: dict[tuple[object, ...], list[str]] = {}
        for measure in MEASURES:
            rungs = tuple(_same(rung) for rung in tier.ladder if rung.measure == measure)
            if rungs:
                by_ladder.setdefault(rungs, []).append(measure)
        for ladder, measures in by_ladder.items():
            found.setdefault((ladder, tuple(measures)), []).append((tier, measures))
    return [_drawn([tier for tier, _measures in shared], shared[0][1]) for shared in found.values()]


def in_words(rung: RungPart) -> str:
    """A rung in a line: "75 %: the assignee; to confirm within 10 m"."""
    who = _joined([rung_words.role(role) for role in rung.responsible])
    point = words.point(rung.percent, rung.offset_s)
    return ", ".join([f"{point}: {who}", *_notes(rung)])


def _same(rung: RungPart) -> tuple[object, ...]:
    """What makes two rungs the same, whatever measure they are of."""
    return (
        rung.percent,
        rung.offset_s,
        rung.responsible,
        tuple(tuple(sorted(action.items())) for action in rung.actions),
        rung.repeat_s,
        rung.repeat_times,
        rung.acknowledge_s,
    )


def _drawn(tiers: Sequence[TierPart], measures: Sequence[str]) -> Staircase:
    tier = tiers[0]
    budget_s, sample = _sample(tier, measures[-1])
    groups: dict[Point, list[RungPart]] = {}
    for rung in tier.ladder:
        if rung.measure == measures[0]:
            groups.setdefault((rung.percent, rung.offset_s), []).append(rung)
    ordered = sorted(groups.items(), key=lambda item: _share(item[0], budget_s))
    shares = [_share(point, budget_s) for point, _rungs in ordered]
    last = max([150.0, *(share * 1.04 for share in shares)])
    xs = _apart([share / last * (WIDTH - EDGE) for share in shares])
    height = TOP + FIRST_RISE + RISE * max(0, len(ordered) - 1) + HEAD + FOOT
    base = height - FOOT
    steps = tuple(
        _step(rungs, point, share, x, base - FIRST_RISE - RISE * place, budget_s)
        for place, ((point, rungs), share, x) in enumerate(zip(ordered, shares, xs, strict=True))
    )
    path, fill = _lines(steps, base)
    return Staircase(
        tiers=listed(one.name for one in tiers),
        measures=_(", ").join(words.measure(measure) for measure in measures),
        sample=sample,
        steps=steps,
        height=height,
        risk_x=_place(RISK, shares, xs, last),
        due_x=_place(DUE, shares, xs, last),
        path=path,
        fill=fill,
    )


def _step(
    rungs: Sequence[RungPart],
    point: Point,
    share: float,
    x: float,
    y: float,
    budget_s: int,
) -> Step:
    people = dict.fromkeys(rung_words.role(role) for rung in rungs for role in rung.responsible)
    who = _joined(list(people))
    what = "; ".join(note for rung in rungs for note in _notes(rung))
    who = who[:1].upper() + who[1:]
    room = LONGEST - len(who)
    time = words.duration(round(share / 100 * budget_s)) if budget_s else ""
    return Step(
        point=words.point(*point),
        time=time,
        who=who,
        what=what,
        is_over=share >= DUE,
        x=x,
        y=y,
        label=who if len(who) <= LONGEST else f"{who[: LONGEST - 1]}…",
        label_what="" if room < 12 else what if len(what) <= room else f"{what[: room - 1]}…",
        anchor="end" if x > WIDTH - 30 else "middle",
    )


def _notes(rung: RungPart) -> Iterator[str]:
    if rung.acknowledge_s is not None:
        within = words.duration(rung.acknowledge_s)
        yield _("to confirm within %(time)s", time=within)
    if rung.repeat_s is not None:
        every = words.duration(rung.repeat_s)
        yield _("again every %(time)s, %(count)s times", time=every, count=rung.repeat_times)
    yield from (rung_words.deed(action) for action in rung.actions)


def _sample(tier: TierPart, measure: str) -> tuple[int, str]:
    """The seconds of the target whose times are shown, and whose it is: "Gold, high".

    One by a time of day lasts as long as there is until then: no seconds are shown for it.
    """
    for priority in SAMPLE:
        for kind in Kind:
            target = differences.first(tier, measure, priority, kind, "")
            if target is not None:
                name = _(
                    "%(tier)s, %(priority)s: %(amount)s",
                    tier=tier.name,
                    priority=priority.label.lower(),
                    amount=amounts.short(target.words),
                )
                return 0 if target.by_time else target.seconds, name
    return 0, ""


def _share(point: Point, budget_s: int) -> float:
    """Where a rung stands in percent of the sample's time; without a sample, roughly."""
    percent, offset_s = point
    if percent is not None:
        return float(percent)
    if not budget_s:
        return DUE + (5.0 if (offset_s or 0) > 0 else -5.0 if offset_s else 0.0)
    return max(0.0, DUE + (offset_s or 0) / budget_s * 100)


def _apart(xs: Sequence[float]) -> list[float]:
    """The places of the steps, moved so that their labels do not touch."""
    placed: list[float] = []
    for x in xs:
        placed.append(max(x, placed[-1] + NEAR) if placed else max(x, NEAR))
    limit = WIDTH - EDGE
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - NEAR
    return [round(x, 1) for x in placed]


def _place(share: float, shares: Sequence[float], xs: Sequence[float], last: float) -> float:
    """Where ``share`` is drawn: on its own step, else between those beside it."""
    points = [(0.0, 0.0), *zip(shares, xs, strict=True), (last, WIDTH)]
    for (low, low_x), (high, high_x) in pairwise(points):
        if low <= share <= high:
            part = (share - low) / (high - low) if high > low else 1.0
            return round(low_x + part * (high_x - low_x), 1)
    return WIDTH


def _lines(steps: Sequence[Step], base: float) -> tuple[str, str]:
    """The stairs as a line, and as the area below them."""
    line, fill, height = f"M0 {base:g}", "", base
    for step in steps:
        line += f"H{step.x:g}V{step.y:g}"
        fill += f"{f'M{step.x:g} {base:g}' if not fill else f'H{step.x:g}'}V{step.y:g}"
        height = step.y
    if not steps:
        return line, ""
    return f"{line}H{WIDTH:g}", f"{fill}H{WIDTH:g}V{base:g}Z" if height != base else ""


def _joined(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])
