"""What somebody has to do by a day: actions of reviews, and tasks of an agreement's end.

Both have an owner, who is reminded a week before and the day after. Sources: agreements.md,
"Review" and "Renewal and termination".
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select

from app.agreements import contacts, deadlines, duties, history, outlook, parties
from app.agreements.models import Agreement, ExitTask, Termination
from app.agreements.words import Party
from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.notices import telling
from app.notices.models import Notice
from app.obligations.models import Review, ReviewAction
from app.people import queries as people
from app.people.models import Person

Now = Callable[[], datetime]
KIND = "agreement-task"
SOON = timedelta(days=7)
USUAL = (
    lazy_gettext("Hand over data and documentation"),
    lazy_gettext("Give back access, keys and devices"),
    lazy_gettext("Finish or hand over the open tickets"),
    lazy_gettext("Settle what is still to be paid or credited"),
)
"""What is to be done before most agreements end: offered with a termination."""


class Of(StrEnum):
    """What a task is of."""

    REVIEW = "review"
    EXIT = "exit"


@dataclass(frozen=True)
class Task:
    """A task with its agreement; ``row`` is what it is stored in."""

    of: Of
    row: ReviewAction | ExitTask
    agreement_id: int

    @property
    def key(self) -> str:
        """What names it: "review:17"."""
        return f"{self.of.value}:{self.row.id}"


def open_tasks(
    agreement_ids: Collection[int] | None = None, *, until: date | None = None
) -> list[Task]:
    """What is not done yet of reviews and of terminations that stand, by day, the first first."""
    actions = (
        select(ReviewAction, Review.agreement_id)
        .join(Review, Review.id == ReviewAction.review_id)
        .where(ReviewAction.done_at.is_(None), Review.held_at.is_not(None))
    )
    exits = (
        select(ExitTask, Termination.agreement_id)
        .join(Termination, Termination.id == ExitTask.termination_id)
        .where(ExitTask.done_at.is_(None), Termination.withdrawn_at.is_(None))
    )
    if agreement_ids is not None:
        actions = actions.where(Review.agreement_id.in_(agreement_ids))
        exits = exits.where(Termination.agreement_id.in_(agreement_ids))
    if until is not None:
        actions = actions.where(ReviewAction.due_on <= until)
        exits = exits.where(ExitTask.due_on <= until)
    found = [Task(Of.REVIEW, row, id) for row, id in db.session.execute(actions)]
    found += [Task(Of.EXIT, row, id) for row, id in db.session.execute(exits)]
    return sorted(found, key=lambda task: (task.row.due_on, task.of, task.row.id))


def exit_tasks(termination: Termination) -> Sequence[ExitTask]:
    """What has to be done before the agreement ends, in order."""
    query = select(ExitTask).where(ExitTask.termination_id == termination.id)
    return db.session.scalars(query.order_by(ExitTask.position)).all()


def add_exit_task(
    termination: Termination, what: str, *, owner: Person | None, due_on: date
) -> ExitTask:
    """Note what has to be done before the end; raises `Refusal` without words."""
    locked = db.session.get_one(Termination, termination.id, with_for_update=True)
    if locked.withdrawn_at is not None:
        raise Refusal(_("The termination was withdrawn."))
    among = ExitTask.termination_id == locked.id
    row = ExitTask(termination_id=locked.id)
    return duties.add(row, what, owner=owner, due_on=due_on, among=among)


def give(agreement: Agreement, task_id: int, *, owner: Person | None, due_on: date) -> None:
    """Let somebody have a task of the agreement's end, by a day; raises `Refusal` once done."""
    row = _task(agreement, Of.EXIT, task_id).row
    if row.done_at is not None:
        raise Refusal(_("This is done already."))
    row.owner_id = owner.id if owner is not None else None
    row.due_on = due_on
    db.session.flush()


def finish(
    agreement: Agreement, of: Of, task_id: int, *, party: Party, by: Person, at: datetime
) -> None:
    """Note that it is done; done before it stays as it was.

    Its owner may, and who acts for a party. Raises `NotFound` for a task of another agreement.
    """
    task = _task(agreement, of, task_id)
    if task.row.owner_id != by.id and not parties.may_act(agreement, by, party):
        raise Forbidden(_("Its owner says that it is done, or who acts for a party."))
    if task.row.done_at is not None:
        return
    task.row.done_at, task.row.done_by_id = at, by.id
    db.session.flush()
    facts = {"what": task.row.what, "of": of.value, "due_on": task.row.due_on.isoformat()}
    history.record(agreement, "task_done", by=by, at=at, party=party, facts=facts)


def to_remind(at: datetime) -> list[int]:
    """The agreements with tasks whose owner has to be reminded of them now."""
    return sorted({task.agreement_id for task, _is_late in _unreminded(at)})


def remind(agreement_id: int, now: Now) -> bool:
    """Remind the owners of an agreement's tasks, each once before and once after the day."""
    ahead = outlook.for_change(agreement_id)
    at, told = now(), False
    for task, is_late in _unreminded(at):
        if task.agreement_id != agreement_id or task.row.owner_id is None:
            continue
        owner = people.person(task.row.owner_id)
        party = parties.party_of(ahead.agreement, owner) or Party.PROVIDER
        facts = {
            **contacts.about(ahead.agreement, ahead.version, party),
            "acknowledge": None,
            "of": task.of.value,
            "what": task.row.what,
            "due_on": task.row.due_on.isoformat(),
            "is_late": is_late,
        }
        event = _event(task, is_late)
        told |= telling.tell(owner, KIND, event=event, at=at, facts=facts) is not None
    return told


def _unreminded(at: datetime) -> Iterator[tuple[Task, bool]]:
    """Tasks that are soon due, or late, and of which nobody was told that; whether it is late."""
    tasks = [task for task in open_tasks(until=(at + SOON).date()) if task.row.owner_id is not None]
    zones = _zones({task.agreement_id for task in tasks})
    due = [
        (task, deadlines.is_past(task.row.due_on, at=at, zone=zones[task.agreement_id]))
        for task in tasks
        if at >= deadlines.morning_of(task.row.due_on - SOON, zones[task.agreement_id])
    ]
    events = {_event(task, is_late) for task, is_late in due}
    told = set(db.session.scalars(select(Notice.event).where(Notice.event.in_(events))))
    return ((task, is_late) for task, is_late in due if _event(task, is_late) not in told)


def _event(task: Task, is_late: bool) -> str:
    return f"task:{task.key}:{'late' if is_late else 'soon'}:{task.row.owner_id}"


def _zones(agreement_ids: Collection[int]) -> dict[int, str]:
    query = select(Agreement.id, Agreement.zone).where(Agreement.id.in_(agreement_ids))
    return {id: zone for id, zone in db.session.execute(query)}


def _task(agreement: Agreement, of: Of, task_id: int) -> Task:
    """The task, its row locked; raises `NotFound` for one of another agreement."""
    query: Select[ReviewAction] | Select[ExitTask]
    if of is Of.REVIEW:
        query = select(ReviewAction).join(Review, Review.id == ReviewAction.review_id)
        query = query.where(ReviewAction.id == task_id, Review.agreement_id == agreement.id)
    else:
        query = select(ExitTask).join(Termination, Termination.id == ExitTask.termination_id)
        query = query.where(ExitTask.id == task_id, Termination.agreement_id == agreement.id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("There is no such task.")
    return Task(of, row, agreement.id)
