"""Hours that were edited while a clock ran: the edit is applied before anything else happens.

A running clock is settled at the edit's instant, or the ticket's last event if that is later,
and the rest runs under the new hours, whenever somebody gets there: a verb, the worker or the
job (clocks.md, "Calendar edit"). A paused clock takes the newest hours when it resumes; one
that is due long before the days in question is not touched.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.agreements import contracts, newest
from app.agreements.newest import Edit
from app.agreements.terms import Terms
from app.clocks import merging, splitting, unmerging
from app.clocks.course import CannotHappen, Course, Happening, What, happen
from app.clocks.state import ClockState, Phase
from app.errors import Refusal


def happened(course: Course, happening: Happening, terms: Terms) -> Course:
    """What came before by an edit of the hours, then ``happening``, then what was edited since.

    Raises `Refusal` where the rules say that it cannot happen.
    """
    before = caught_up(course, at=happening.happened_at or happening.at)
    try:
        return caught_up(happen(before, happening, terms))
    except CannotHappen as error:
        raise Refusal(str(error)) from error


def merged(
    source: Course, into: Course, happening: Happening, *, source_terms: Terms, terms: Terms
) -> tuple[Course, Course]:
    """Both tickets after ``source`` went into ``into``; raises `Refusal` as `happened` does."""
    both = caught_up(source), caught_up(into)
    try:
        return merging.merge(*both, happening, source_terms=source_terms, terms=terms)
    except CannotHappen as error:
        raise Refusal(str(error)) from error


def unmerged(
    source: Course, into: Course, happening: Happening, *, source_terms: Terms, terms: Terms
) -> tuple[Course, Course]:
    """Both tickets after ``source`` came out of ``into``, with hours that were edited meanwhile.

    Raises `Refusal` as `happened` does.
    """
    try:
        after = unmerging.unmerge(
            source, caught_up(into), happening, source_terms=source_terms, terms=terms
        )
    except CannotHappen as error:
        raise Refusal(str(error)) from error
    return caught_up(after[0]), caught_up(after[1])


def split(course: Course, happening: Happening, terms: Terms, *, causes: Collection[str]) -> Course:
    """The course of what is split off ``course``; raises `Refusal` as `happened` does."""
    try:
        return caught_up(splitting.split(course, happening, terms, causes=causes))
    except CannotHappen as error:
        raise Refusal(str(error)) from error


def caught_up(course: Course, *, at: datetime | None = None) -> Course:
    """The course with the edits of its hours applied, up to those made at ``at`` where given."""
    while pending := _next(course, at):
        clock, edit = pending
        happening = Happening(
            What.RECALCULATED,
            edit.at,
            f"calendar:{edit.id}",
            edit.by_id,
            f"{edit.name}: {edit.reason}" if edit.name else edit.reason,
        )
        course = happen(course, happening, _terms_after(course, clock, edit))
    return course


def _next(course: Course, at: datetime | None) -> tuple[ClockState, Edit] | None:
    """The edit that was made first of all that the clocks have not followed."""
    found: tuple[ClockState, Edit] | None = None
    for clock in course.clocks:
        if not _follows(clock) or clock.due_at is None:
            continue
        edit = newest.next_edit(clock.version_id, clock.calendar_version_id, due_at=clock.due_at)
        if edit is None or (at is not None and edit.at > at):
            continue
        if found is None or edit.id < found[1].id:
            found = clock, edit
    return found


def _follows(clock: ClockState) -> bool:
    return clock.state is Phase.RUNNING and not clock.is_breached


def _terms_after(course: Course, clock: ClockState, edit: Edit) -> Terms:
    """The rules of the clock's tier with the targets of all its clocks that the edit moves."""
    rules = contracts.rules_of([clock.tier_id])[clock.tier_id]
    targets = {
        each.measure: contracts.target_terms(
            each.target_id,
            because=each.chosen_because,
            calendar_version_id=edit.after_id,
        )
        for each in course.clocks
        if _follows(each)
        and each.tier_id == clock.tier_id
        and each.calendar_version_id == edit.before_id
    }
    return replace(rules, targets=targets)
