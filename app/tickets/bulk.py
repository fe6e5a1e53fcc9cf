"""One change of many tickets: seen before it is made, made ticket by ticket, undone for a while.

What cannot be done to one ticket does not hold up the others: each is changed in a savepoint of
its own and its refusal is reported. Source: product.md, "The queue page".
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.catalogue.words import Priority
from app.clocks.models import Deadline
from app.database import db
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.languages import ngettext
from app.people import queries as people
from app.people.access import Sight
from app.people.models import Person, Team
from app.tickets import assignment, classification, ending, lifecycle, queries, queue, tagging
from app.tickets.bulk_undoing import stand
from app.tickets.desk_models import BulkChange
from app.tickets.models import Ticket
from app.tickets.remembering import held_until
from app.tickets.words import Status

MOST = 200
NOBODY = "nobody"
STATUSES = (Status.OPEN, Status.WAITING_VENDOR, Status.ON_HOLD)
"""What many tickets can be set to; a requester is waited for by a message to them alone."""
Now = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What is done to every ticket; an empty value leaves things as they are.

    ``assignee`` is a person's id or `NOBODY`, ``team`` a team's id; ``until`` is the day of a
    hold, and ``reason`` is needed where the verbs need one.
    """

    assignee: str = ""
    team: str = ""
    status: str = ""
    until: str = ""
    priority: str = ""
    tag: str = ""
    untag: str = ""
    reason: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it changes nothing at all."""
        return not any((self.assignee, self.team, self.status, self.priority, self.tag, self.untag))


@dataclass(frozen=True)
class Line:
    """What becomes of one ticket: the next due time before and after, or why it stays as it is.

    ``field`` is what of the deed is missing, where that is why.
    """

    ticket: Ticket
    error: str | None
    due_before: datetime | None = None
    due_after: datetime | None = None
    field: str | None = None

    @property
    def moves(self) -> bool:
        """Whether its next due time moves."""
        return self.error is None and self.due_before != self.due_after


def preview(sight: Sight, ids: Sequence[int], deed: Deed, *, by: Person, now: Now) -> list[Line]:
    """What ``deed`` would do to each of these tickets: it is tried, and taken back at once."""
    ids = _chosen(sight, ids)
    before = _dues(ids)
    trial = db.session.begin_nested()
    results = [_result(ticket_id, deed, by=by, now=now, undo_s=0) for ticket_id in ids]
    db.session.flush()
    after = _dues(ids)
    trial.rollback()
    tickets = {one.id: one for one in _tickets(ids)}
    return [
        Line(tickets[id_], each["error"], before.get(id_), after.get(id_), each.get("field"))
        for id_, each in zip(ids, results, strict=True)
    ]


def change(
    sight: Sight,
    ids: Sequence[int],
    deed: Deed,
    *,
    by: Person,
    now: Now,
    once: str,
    undo_s: int,
) -> BulkChange:
    """Do ``deed`` to these tickets, the lowest number first, and keep what came of each.

    It can be undone for ``undo_s`` seconds; letters wait as long. The same ``once`` of the same
    person answers what was made the first time. Raises `Refusal` for a deed of nothing and beyond
    200 tickets.
    """
    once = f"{by.id}:{once}"
    made = db.session.scalar(select(BulkChange).where(BulkChange.once == once))
    if made is not None:
        return made
    refuse_nonsense(ids, deed)
    results = [
        _result(ticket_id, deed, by=by, now=now, undo_s=undo_s) for ticket_id in _chosen(sight, ids)
    ]
    at = now()
    done = BulkChange(
        once=once,
        person_id=by.id,
        deed=asdict(deed),
        results=results,
        at=at,
        undo_until=at + timedelta(seconds=undo_s) if undo_s and changed(results) else None,
    )
    db.session.add(done)
    db.session.flush()
    return done


def changed(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the results where the ticket was changed."""
    return [each for each in results if each["error"] is None]


def refuse_nonsense(ids: Sequence[int], deed: Deed) -> None:
    """Raise `Refusal` where there is nothing to do, or to nothing, or to too many."""
    if not ids:
        raise Refusal(_("Select a ticket first."))
    if len(ids) > MOST:
        raise Refusal(_("Change %(most)s tickets at once at most.", most=MOST))
    if deed.is_nothing:
        raise Refusal(_("Choose what to change."))


def sentence(made: BulkChange) -> str:
    """What came of it: "34 tickets changed; 3 could not be."."""
    good = len(changed(made.results))
    bad = len(made.results) - good
    said = ngettext("%(num)s ticket changed", "%(num)s tickets changed", good)
    if not bad:
        return f"{said}."
    return ngettext(
        "%(changed)s; %(num)s could not be.",
        "%(changed)s; %(num)s could not be.",
        bad,
        changed=said,
    )


def _chosen(sight: Sight, ids: Sequence[int]) -> list[int]:
    """Those that this person may see, the lowest first: the order of locks."""
    return sorted(queue.visible_ids(sight, ids[: MOST + 1]))


def _result(ticket_id: int, deed: Deed, *, by: Person, now: Now, undo_s: int) -> dict[str, Any]:
    """Change one ticket, or leave it exactly as it is and say why."""
    try:
        with db.session.begin_nested():
            return _do(ticket_id, deed, by=by, now=now, undo_s=undo_s)
    except Refusal as refusal:
        return {"ticket": ticket_id, "error": refusal.sentence, "field": refusal.field}


def _do(ticket_id: int, deed: Deed, *, by: Person, now: Now, undo_s: int) -> dict[str, Any]:
    ticket = queries.for_change(ticket_id)
    at = now()
    ending.end_hold_of(ticket, at=at)
    was, until = stand(ticket), held_until(at, undo_s)
    told = _assign(ticket, deed, by=by, at=at, until=until)
    if deed.priority and deed.priority != ticket.priority.value:
        priority = Priority(deed.priority)
        classification.prioritise(
            ticket, priority=priority, reason=deed.reason, by=by, at=at, held_until=until
        )
    if deed.status and deed.status != ticket.status.value:
        _set_status(ticket, deed, by=by, at=at)
    if deed.tag:
        tagging.tag(ticket, deed.tag, by=by, at=at)
    if deed.untag and tagging.named(deed.untag) in was["tags"]:
        tagging.untag(ticket, deed.untag, by=by, at=at)
    db.session.flush()
    stands = stand(ticket)
    if stands == was:
        raise Refusal(_("%(ref)s is so already.", ref=ticket.ref))
    return {"ticket": ticket_id, "error": None, "was": was, "now": stands, "told": told}


def _assign(
    ticket: Ticket, deed: Deed, *, by: Person, at: datetime, until: datetime | None
) -> str | None:
    """Give the ticket to whom the deed says; the event that a letter of it tells of."""
    team = db.session.get(Team, int(deed.team)) if deed.team else None
    if deed.team and team is None:
        raise NotFound("There is no such team.")
    moves = team is not None and team.id != ticket.team_id
    assignee = _assignee(ticket, deed, team)
    if not moves and (assignee.id if assignee else None) == ticket.assignee_id:
        return None
    return assignment.assign(
        ticket,
        assignee=assignee,
        team=team,
        by=by,
        at=at,
        held_until=until,
        reason=deed.reason if team is not None else "",
    )


def _assignee(ticket: Ticket, deed: Deed, team: Team | None) -> Person | None:
    """Whom the deed names, else who keeps it."""
    if not deed.assignee:
        return assignment.keeper(ticket, team)
    return None if deed.assignee == NOBODY else people.person(int(deed.assignee))


def _set_status(ticket: Ticket, deed: Deed, *, by: Person, at: datetime) -> None:
    match Status(deed.status):
        case Status.WAITING_VENDOR:
            lifecycle.wait_for_vendor(ticket, by=by, reason=deed.reason, at=at)
        case Status.ON_HOLD:
            if not deed.until:
                raise Refusal(_("Choose the day it is put off to."), field="until")
            until = date.fromisoformat(deed.until)
            lifecycle.hold(ticket, by=by, until=until, reason=deed.reason, at=at)
        case Status.OPEN if ticket.status is Status.NEW:
            at = max(at, ticket.last_event_at)
            lifecycle.move(ticket, Status.OPEN, by=by, at=at, reason=None)
        case _:
            lifecycle.resume(ticket, by=by, at=at)


def _dues(ids: Sequence[int]) -> dict[int, datetime | None]:
    query = select(Deadline.ticket_id, Deadline.due_at).where(Deadline.ticket_id.in_(ids))
    return {ticket_id: due_at for ticket_id, due_at in db.session.execute(query)}


def _tickets(ids: Sequence[int]) -> Sequence[Ticket]:
    return db.session.scalars(select(Ticket).where(Ticket.id.in_(ids))).all()
