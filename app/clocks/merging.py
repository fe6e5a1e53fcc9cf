"""Two tickets become one: what the source's clocks hand to the target's. Pure.

Source: clocks.md, "Merge".
"""

from dataclasses import replace

from app.agreements.terms import Terms
from app.clocks.draft import FIRST, NEXT, RESOLUTION, Draft
from app.clocks.happenings import CannotHappen, Course, Happening, What
from app.clocks.state import ClockState, Kind


def merge(
    source: Course, into: Course, happening: Happening, *, source_terms: Terms, terms: Terms
) -> tuple[Course, Course]:
    """``source`` goes into ``into``; answers both as they are afterwards.

    Per measure open on both, the target has the smaller remainder left; a breached source hands
    its broken promise over unless the target's is broken too; a met clock on either side changes
    nothing. A question that is open on the source alone goes on in the target with the time it
    has used, with at least the floor left. Raises `CannotHappen` unless both are open.
    """
    both = (source.last_at, into.last_at)
    at = max([happening.at, *(instant for instant in both if instant is not None)])
    happening = replace(happening, what=What.MERGED, at=at)
    giving = Draft(source, happening, source_terms)
    taking = Draft(into, happening, terms)
    giving.refuse_unless_active("merged")
    taking.refuse_unless_active("merged into")
    if giving.contact_at is None or taking.contact_at is None:
        raise CannotHappen("A ticket is opened before it is merged.")
    giving.settle()
    taking.settle()
    for measure in (FIRST, NEXT, RESOLUTION):
        _join(giving, taking, measure)
    _hand_over_the_question(giving, taking)
    giving.cancel_all("merged")
    giving.status = "merged"
    for draft in (giving, taking):
        draft.note()
    return giving.finish(), taking.finish()


def _join(giving: Draft, taking: Draft, measure: str) -> None:
    from_index, to_index = giving.open_clock(measure), taking.open_clock(measure)
    if from_index is None or to_index is None:
        return
    given, taken = giving.clocks[from_index], taking.clocks[to_index]
    if taken.is_breached:
        return
    if given.is_breached:
        _bring(taking, to_index, given.used_at(taking.at), given)
        return
    used_s = taken.used_at(taking.at)
    left_s = min(taken.budget_s - used_s, given.budget_s - given.used_at(giving.at))
    if used_s + left_s != taken.budget_s:
        _set(taking, to_index, used_s=used_s, budget_s=used_s + left_s)


def _hand_over_the_question(giving: Draft, taking: Draft) -> None:
    """The source's open first or next response goes on in the target's, the larger use counts."""
    to_first = taking.open_clock(FIRST)
    for measure in (FIRST, NEXT):
        index = giving.open_clock(measure)
        if index is None or (measure == FIRST and to_first is not None):
            continue
        to_index = to_first if to_first is not None else taking.open_clock(NEXT)
        if to_index is None:
            taking.unanswered_since = taking.unanswered_since or taking.at
            taking.await_answer()
            to_index = taking.open_clock(NEXT)
        elif taking.clocks[to_index].measure == measure:
            continue
        if to_index is not None and not taking.clocks[to_index].is_breached:
            _lengthen(taking, to_index, giving.clocks[index].used_at(giving.at))


def _lengthen(taking: Draft, index: int, given_s: int) -> None:
    clock = taking.clocks[index]
    used_s = max(clock.used_at(taking.at), given_s)
    floor_s = taking.terms.floor(clock.target_s)
    _set(taking, index, used_s=used_s, budget_s=max(clock.budget_s, used_s + floor_s))


def _set(taking: Draft, index: int, *, used_s: int, budget_s: int) -> None:
    brought_s = used_s - taking.clocks[index].used_at(taking.at)
    taking.emit(
        index,
        Kind.MERGED,
        facts={"used_s": used_s, "budget_s": budget_s, "brought_s": brought_s},
    )


def _bring(taking: Draft, index: int, used_s: int, given: ClockState) -> None:
    facts = {
        "used_s": used_s,
        "brought_s": used_s - taking.clocks[index].used_at(taking.at),
        "budget_s": given.budget_s,
        "due_at": given.due_at.isoformat() if given.due_at else None,
        "breached_at": given.breached_at.isoformat() if given.breached_at else None,
    }
    taking.emit(index, Kind.MERGED, facts=facts)
