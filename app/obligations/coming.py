"""All that is coming of agreements: reviews, notice, renewals, ends, and what is to be done.

One list for the page of the provider, that of the client, an agreement's own and the feed: they
never differ. Source: product.md, "/manage/reviews".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.agreements.models import Agreement
from app.agreements.outlook import Outlook
from app.languages import gettext as _
from app.obligations import reviews, tasks
from app.obligations.models import Review
from app.obligations.tasks import Of
from app.people import queries as people
from app.people.models import Person


class What(StrEnum):
    """What a day is of."""

    START = "start"
    REVIEW = "review"
    MEETING = "meeting"
    NOTICE = "notice"
    RENEWAL = "renewal"
    END = "end"
    ACTION = "action"
    EXIT = "exit"
    STEP = "step"
    CHECK = "check"


@dataclass(frozen=True)
class Coming:
    """A day of an agreement; ``at`` is the instant of a meeting, ``about`` a task's own words.

    ``number`` is the version that starts, is checked, or whose plan has the step; ``is_late``
    what should have been done.
    """

    what: What
    on: date
    agreement: Agreement
    key: str
    is_late: bool = False
    at: datetime | None = None
    place: str = ""
    about: str = ""
    owner: Person | None = None
    review_id: int | None = None
    task_id: int | None = None
    number: int | None = None


def of(found: Sequence[Outlook], *, at: datetime) -> list[Coming]:
    """What is coming of these agreements, or late, by day, the first first."""
    by_id = {one.agreement.id: one for one in found}
    running = [one for one in found if not one.has_ended(at)]
    ids = [one.agreement.id for one in running]
    opened, held = reviews.open_reviews(ids), reviews.last_held(ids)
    rows = [row for one in running for row in _of_term(one, at)]
    for one in running:
        row = _of_review(one, opened.get(one.agreement.id), held.get(one.agreement.id), at)
        rows += [row] if row is not None else []
    rows += _of_tasks(by_id, at)
    return in_order(rows)


def in_order(rows: Collection[Coming]) -> list[Coming]:
    """The rows by day, those of one day by agreement."""
    return sorted(rows, key=lambda row: (row.on, row.agreement.title, row.what, row.key))


def words(row: Coming) -> str:
    """What the day is of, in the reader's language: "Last day to give notice"."""
    match row.what:
        case What.START:
            return _("Version %(number)s comes into force", number=row.number)
        case What.REVIEW:
            return _("A review is due")
        case What.MEETING:
            return _("Review meeting")
        case What.NOTICE:
            return _("Last day to give notice")
        case What.RENEWAL:
            return _("It renews itself")
        case What.END:
            return _("Its last day")
        case What.CHECK:
            return _("Check whether the change to version %(number)s was good", number=row.number)
        case _:
            return row.about


def _of_term(one: Outlook, at: datetime) -> list[Coming]:
    today, agreement, id = one.today(at), one.agreement, one.agreement.id
    rows = []
    if one.version.effective_from > today:
        on = one.version.effective_from
        key = f"start-{one.version.id}"
        rows.append(Coming(What.START, on, agreement, key, number=one.version.number))
    if one.notice_by is not None and one.notice_by >= today:
        rows.append(Coming(What.NOTICE, one.notice_by, agreement, f"notice-{id}-{one.notice_by}"))
    if one.renews_on is not None:
        rows.append(Coming(What.RENEWAL, one.renews_on, agreement, f"renewal-{id}-{one.renews_on}"))
    if one.last_on is not None:
        rows.append(Coming(What.END, one.last_on, agreement, f"end-{id}"))
    return rows


def _of_review(
    one: Outlook, opened: Review | None, held: Review | None, at: datetime
) -> Coming | None:
    """The review that is open, else the one that is due next and has no row yet."""
    today, id = one.today(at), one.agreement.id
    if opened is None:
        due_on = reviews.next_due(one, held)
        if due_on is None:
            return None
        return Coming(What.REVIEW, due_on, one.agreement, f"review-{id}-{due_on}", due_on < today)
    if opened.meeting_at is None:
        key = f"review-{id}-{opened.due_on}"
        is_late = opened.due_on < today
        return Coming(What.REVIEW, opened.due_on, one.agreement, key, is_late, review_id=opened.id)
    on = opened.meeting_at.astimezone(ZoneInfo(one.agreement.zone)).date()
    return Coming(
        What.MEETING,
        on,
        one.agreement,
        f"review-{id}-{opened.due_on}",
        opened.meeting_at < at,
        at=opened.meeting_at,
        place=opened.place,
        review_id=opened.id,
    )


def _of_tasks(by_id: Mapping[int, Outlook], at: datetime) -> list[Coming]:
    found = tasks.open_tasks(by_id.keys())
    owners = people.people(task.row.owner_id for task in found if task.row.owner_id is not None)
    return [
        Coming(
            What.ACTION if task.of is Of.REVIEW else What.EXIT,
            task.row.due_on,
            by_id[task.agreement_id].agreement,
            f"task-{task.of.value}-{task.row.id}",
            task.row.due_on < by_id[task.agreement_id].today(at),
            about=task.row.what,
            owner=owners.get(task.row.owner_id or 0),
            task_id=task.row.id,
        )
        for task in found
    ]
