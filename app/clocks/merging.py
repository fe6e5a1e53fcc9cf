"""Two tickets become one: what the source's clocks hand to the target's. Pure.

Source: clocks.md, "Merge".
"""

from collections.abc import Sequence
from dataclasses import replace

from app.agreements.terms import Terms
from app.clocks.draft import FIRST, FROM_CONTACT, NEXT, UPDATE, Draft
from app.clocks.happenings import CannotHappen, Course, Happening, What
from app.clocks.retargeting import await_answer
from app.clocks.state import ClockState, Kind
from app.languages import gettext as _
from app.languages import lazy_gettext

MERGED = "merged"
"""Why a clock was cancelled; and excluded where its broken promise counts on the other ticket."""
NOT_MERGED = lazy_gettext("A ticket that is %(status)s cannot be merged.")
TAKES_NONE = lazy_gettext("A ticket that is %(status)s cannot be merged into.")


def merge(
    source: Course, into: Course, happening: Happening, *, source_terms: Terms, terms: Terms
) -> tuple[Course, Course]:
    """``source`` goes into ``into``; answers both as they are afterwards.

    Per measure open on both, the target has the smaller remainder left; a breached source hands
    its broken promise over unless the target's is broken too; a met clock on either side changes
    nothing. A question that is open on the source alone goes on in the target with the time it
    has used, with at least the floor left; no merge moves a due time out. A broken promise that
    was handed over counts on the target alone: the source's clock is excluded. Raises
    `CannotHappen` unless both are open.
    """
    both = (source.last_at, into.last_at)
    at = max([happening.at, *(instant for instant in both if instant is not None)])
    happening = replace(happening, what=What.MERGED, at=at)
    giving = Draft(source, happening, source_terms)
    taking = Draft(into, happening, terms)
    giving.refuse_unless_active(NOT_MERGED)
    taking.refuse_unless_active(TAKES_NONE)
    if giving.contact_at is None or taking.contact_at is None:
        raise CannotHappen(_("A ticket is opened before it is merged."))
    giving.settle()
    taking.settle()
    measures = (*FROM_CONTACT, NEXT, UPDATE)
    handed = [measure for measure in measures if _join(giving, taking, measure)]
    _hand_over_the_question(giving, taking)
    _cancel(giving, handed)
    giving.status = "merged"
    for draft in (giving, taking):
        draft.note()
    return giving.finish(), taking.finish()


def _join(giving: Draft, taking: Draft, measure: str) -> bool:
    """The smaller remainder counts; whether a broken promise was handed over."""
    from_index, to_index = giving.open_clock(measure), taking.open_clock(measure)
    if from_index is None or to_index is None:
        return False
    given, taken = giving.clocks[from_index], taking.clocks[to_index]
    if taken.is_breached:
        return False
    if given.is_breached:
        _bring(taking, to_index, given.used_at(taking.at), given)
        return True
    used_s = taken.used_at(taking.at)
    left_s = min(taken.budget_s - used_s, given.budget_s - given.used_at(giving.at))
    if used_s + left_s != taken.budget_s:
        _set(taking, to_index, used_s=used_s, budget_s=used_s + left_s)
    return False


def _cancel(giving: Draft, handed: Sequence[str]) -> None:
    """End the source's clocks; what was handed over must not count twice."""
    for index, clock in enumerate(giving.clocks):
        if clock.is_open and clock.measure in handed:
            giving.emit(index, Kind.EXCLUDED, reason=MERGED)
    giving.cancel_all(MERGED)


def _hand_over_the_question(giving: Draft, taking: Draft) -> None:
    """The source's open first or next response goes on in the target's, the larger use counts."""
    for measure in (FIRST, NEXT):
        index = giving.open_clock(measure)
        if index is None:
            continue
        to_index = taking.open_clock(FIRST)
        if to_index is None:
            to_index = taking.open_clock(NEXT)
        if to_index is None:
            to_index = _ask(taking)
        elif taking.clocks[to_index].measure == measure:
            continue
        if to_index is not None and not taking.clocks[to_index].is_breached:
            _lengthen(taking, to_index, giving.clocks[index].used_at(giving.at))


def _ask(taking: Draft) -> int | None:
    """Begin the target's next response: with the source came a message without an answer."""
    taking.unanswered_since = taking.unanswered_since or taking.at
    await_answer(taking)
    return taking.open_clock(NEXT)


def _lengthen(taking: Draft, index: int, given_s: int) -> None:
    clock = taking.clocks[index]
    own_s = clock.used_at(taking.at)
    used_s = max(own_s, given_s)
    left_s = max(clock.budget_s - used_s, taking.terms.floor(clock.target_s))
    budget_s = used_s + min(clock.budget_s - own_s, left_s)
    if (used_s, budget_s) != (own_s, clock.budget_s):
        _set(taking, index, used_s=used_s, budget_s=budget_s)


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
