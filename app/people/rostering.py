"""Verbs of a team's rota: weekly shifts, and swaps for a while.

Managers may change any rota, the lead of a team that of the team.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.languages import weekday_name
from app.people import queries, rota
from app.people.models import Person, RotaShift, RotaSwap, Team

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAY_MIN, WEEK_MIN = 24 * 60, 7 * 24 * 60
MAX_REASON = 500


def may_change(team: Team, person: Person) -> bool:
    """Whether the person may change this team's rota: managers and its lead."""
    return person.may_manage or team.lead_id == person.id


def check_may_change(team: Team, by: Person) -> None:
    """Raise `Forbidden` for whoever may not change this team's rota."""
    if not may_change(team, by):
        raise Forbidden(
            _("Only managers and the lead of %(team)s change its rota.", team=team.name)
        )


def add_shift(
    team: Team, person: Person, *, weekdays: Collection[int], starts: str, ends: str, by: Person
) -> list[RotaShift]:
    """Put a member on call on ``weekdays`` (0 is Monday) from ``starts`` to ``ends``, weekly.

    Times read "09:00" on the clock of the team's zone; ``ends`` may be "24:00", and lies on
    the next day when it is not after ``starts``. Raises `Refusal` for somebody who is no
    member and for a shift that overlaps another of theirs.
    """
    check_may_change(team, by)
    _check_member(team, person, "person")
    _check_times(starts, ends)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Refusal(_("Choose at least one day of the week."), field="weekdays")
    stands = list(db.session.scalars(_shifts(team).where(RotaShift.person_id == person.id)))
    added = []
    for weekday in sorted(set(weekdays)):
        shift = RotaShift(
            team_id=team.id, person_id=person.id, weekday=weekday, starts=starts, ends=ends
        )
        other = next((one for one in stands if _overlap(shift, one)), None)
        if other is not None:
            raise Refusal(
                _(
                    "%(name)s is on call %(when)s already: take that shift out first or choose "
                    "other times.",
                    name=person.name,
                    when=words_of(other),
                ),
                field="starts",
            )
        stands.append(shift)
        added.append(shift)
    db.session.add_all(added)
    db.session.flush()
    return added


def remove_shift(team: Team, shift_id: int, *, by: Person) -> RotaShift:
    """Take a weekly shift out of the rota; `NotFound` when the team has no such shift."""
    check_may_change(team, by)
    shift = db.session.scalar(_shifts(team).where(RotaShift.id == shift_id))
    if shift is None:
        raise NotFound("There is no such shift.")
    db.session.delete(shift)
    db.session.flush()
    return shift


def swap(
    team: Team,
    person: Person,
    *,
    instead_of: Person | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: Person,
    at: datetime,
) -> RotaSwap:
    """Let a member take shifts over in ``[starts_at, ends_at)``: those of ``instead_of``, or all.

    What has passed stays as it was: a swap that began earlier counts from ``at`` on. Raises
    `Refusal` for somebody who is no member, a span that is over or empty, one in which there is
    nothing to take over, and one that another such swap covers already.
    """
    check_may_change(team, by)
    _check_member(team, person, "person")
    if not reason.strip():
        raise Refusal(_("Say why: the rota shows it."), field="reason")
    if ends_at <= starts_at:
        raise Refusal(_("It must end after it begins."), field="ends")
    if ends_at <= at:
        raise Refusal(_("That time is over; a swap is for what comes."), field="ends")
    made = RotaSwap(
        team_id=team.id,
        person_id=person.id,
        instead_of_id=instead_of.id if instead_of else None,
        starts_at=max(starts_at, at),
        ends_at=ends_at,
        reason=reason.strip()[:MAX_REASON],
        made_by_id=by.id,
        made_at=at,
    )
    _check_takes_over(team, person, instead_of, made, at)
    db.session.add(made)
    db.session.flush()
    return made


def remove_swap(team: Team, swap_id: int, *, by: Person, at: datetime) -> RotaSwap:
    """Take a swap back from ``at`` on; one that has begun ends now, for who was on call stays.

    Raises `NotFound` for a swap that the team does not have, `Refusal` for one that is over.
    """
    check_may_change(team, by)
    found = db.session.get(RotaSwap, swap_id)
    if found is None or found.team_id != team.id:
        raise NotFound("There is no such swap.")
    if found.ends_at <= at:
        raise Refusal(_("That swap is over; what has been stays in the rota."))
    if found.starts_at < at:
        found.ends_at = at
    else:
        db.session.delete(found)
    db.session.flush()
    return found


def words_of(shift: RotaShift) -> str:
    """A shift in words: "Monday 18:00 to 08:00 (Tuesday)"."""
    facts = {"day": weekday_name(shift.weekday), "start": shift.starts, "end": shift.ends}
    if shift.ends > shift.starts:
        return _("%(day)s %(start)s to %(end)s", **facts)
    next_day = weekday_name((shift.weekday + 1) % 7)
    return _("%(day)s %(start)s to %(end)s (%(next_day)s)", next_day=next_day, **facts)


def _shifts(team: Team) -> Select[RotaShift]:
    return select(RotaShift).where(RotaShift.team_id == team.id)


def _check_member(team: Team, person: Person, field: str) -> None:
    if person.id not in {member.id for member in queries.team_members(team.id)}:
        raise Refusal(
            _("%(name)s is no member of %(team)s.", name=person.name, team=team.name),
            field=field,
        )


def _check_times(starts: str, ends: str) -> None:
    for field, text in (("starts", starts), ("ends", ends)):
        if not TIME.fullmatch(text) and (field, text) != ("ends", "24:00"):
            raise Refusal(
                _("“%(text)s” is no time of day; write it as 18:00.", text=text), field=field
            )
    if starts == ends:
        if starts == "00:00":
            raise Refusal(
                _("It begins and ends at the same time. For a whole day write 00:00 to 24:00."),
                field="ends",
            )
        raise Refusal(_("It begins and ends at the same time."), field="ends")


def _check_takes_over(
    team: Team, person: Person, instead_of: Person | None, made: RotaSwap, at: datetime
) -> None:
    for other in rota.swaps_of(team.id, at=at):
        is_alike = other.instead_of_id == made.instead_of_id
        if is_alike and other.starts_at < made.ends_at and made.starts_at < other.ends_at:
            raise Refusal(_another_swap(instead_of), field="starts")
    if instead_of is None:
        return
    if instead_of.id == person.id:
        raise Refusal(_("Nobody takes their own shifts over."), field="instead_of")
    if not rota.is_on_call_between(team, instead_of, made.starts_at, made.ends_at):
        raise Refusal(
            _("%(name)s has no shift in that time.", name=instead_of.name), field="instead_of"
        )


def _another_swap(instead_of: Person | None) -> str:
    if instead_of is None:
        return _("Another swap for everybody's shifts lies in that time: take it back first.")
    return _(
        "Another swap for %(name)s's shifts lies in that time: take it back first.",
        name=instead_of.name,
    )


def _overlap(one: RotaShift, other: RotaShift) -> bool:
    """Whether two weekly shifts share a minute, on a clock that skips and repeats nothing."""
    return any(
        start < other_end and other_start < end
        for start, end in _minutes(one, (0,))
        for other_start, other_end in _minutes(other, (-WEEK_MIN, 0, WEEK_MIN))
    )


def _minutes(shift: RotaShift, moves: Sequence[int]) -> Iterator[tuple[int, int]]:
    starts, ends = (int(text[:2]) * 60 + int(text[3:]) for text in (shift.starts, shift.ends))
    ends += DAY_MIN if ends <= starts else 0
    for move in moves:
        since = shift.weekday * DAY_MIN + move
        yield since + starts, since + ends
