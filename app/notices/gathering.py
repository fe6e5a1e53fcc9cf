"""Gathering notices into letters: one per person and clock, a digest when there are many.

Run by the worker before each batch of sending. Source: escalation.md, "Notices and letters".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text

from app.database import db
from app.mail import outbox
from app.mail.kinds import KINDS
from app.mail.models import Letter
from app.notices.models import UNGATHERED, Notice
from app.people import queries as people
from app.people.models import Person

AT_ONCE = 2000
MOST_LETTERS = 5


@dataclass(frozen=True)
class Sheaf:
    """Notices that make one letter, the one that heads it last."""

    notices: tuple[Notice, ...]

    @property
    def head(self) -> Notice:
        """The notice of the highest rung, or the only one."""
        return self.notices[-1]

    @property
    def facts(self) -> dict[str, Any]:
        """The head's facts and, for rungs, the lower ones that it reports along."""
        if not KINDS[self.head.kind].by_clock:
            return dict(self.head.facts)
        others = [
            {"point": notice.facts["point"], "fired_at": notice.facts["fired_at"]}
            for notice in self.notices[:-1]
        ]
        return {**self.head.facts, "others": others}

    @property
    def urgent(self) -> bool:
        """Whether any of them is."""
        return any(notice.urgent for notice in self.notices)


def gather(at: datetime) -> int:
    """Queue letters for what was told and not written yet; the number of letters.

    What is held until after ``at`` and what was withdrawn is left alone. The caller commits:
    notices are marked in the transaction that queues their letters.
    """
    waiting = db.session.scalars(
        select(Notice)
        .where(
            text(UNGATHERED),
            Notice.withdrawn_at.is_(None),
            or_(Notice.held_until.is_(None), Notice.held_until <= at),
        )
        .order_by(Notice.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    persons = people.people(notice.person_id for notice in waiting)
    letters = 0
    for person_id, person in persons.items():
        letters += _write_to(person, [each for each in waiting if each.person_id == person_id], at)
    db.session.flush()
    return letters


def next_at() -> datetime | None:
    """From when on there is something to gather; None while nothing waits."""
    query = select(func.min(func.coalesce(Notice.held_until, Notice.at)))
    return db.session.scalar(query.where(text(UNGATHERED), Notice.withdrawn_at.is_(None)))


def oldest_ungathered_at(at: datetime) -> datetime | None:
    """Since when the oldest notice waits for its letter at ``at``, for `/healthz`."""
    waits_since = func.coalesce(Notice.held_until, Notice.at)
    return db.session.scalar(
        select(func.min(waits_since)).where(
            text(UNGATHERED), Notice.withdrawn_at.is_(None), waits_since <= at
        )
    )


def _write_to(person: Person, notices: Sequence[Notice], at: datetime) -> int:
    for notice in notices:
        notice.gathered_at = at
    if not person.is_active or not person.address:
        return 0
    sheaves = list(_sheaves(notice for notice in notices if notice.by_letter))
    escalations = [sheaf for sheaf in sheaves if sheaf.head.kind == "escalation"]
    letters = 0
    if len(escalations) > MOST_LETTERS:
        letters += _write_digest(person, escalations, at)
        sheaves = [sheaf for sheaf in sheaves if sheaf.head.kind != "escalation"]
    for sheaf in sheaves:
        letters += _write(person, sheaf, at)
    return letters


def _sheaves(notices: Iterable[Notice]) -> Iterable[Sheaf]:
    together: dict[tuple[str, object], list[Notice]] = {}
    for notice in notices:
        by_clock = KINDS[notice.kind].by_clock
        key = ("clock", notice.facts["clock_id"]) if by_clock else ("notice", notice.id)
        together.setdefault((notice.kind, key), []).append(notice)
    for belonging in together.values():
        yield Sheaf(tuple(sorted(belonging, key=_height)))


def _height(notice: Notice) -> tuple[int, int, int]:
    return (notice.facts.get("position", 0), notice.facts.get("nth", 0), notice.id)


def _write(person: Person, sheaf: Sheaf, at: datetime) -> int:
    letter = outbox.queue(
        sheaf.head.kind,
        to=person,
        at=at,
        facts=sheaf.facts,
        key=f"notice:{sheaf.head.event}:{person.id}",
        ticket_id=sheaf.head.ticket_id,
        urgent=sheaf.urgent,
    )
    return _bind(sheaf.notices, letter)


def _write_digest(person: Person, sheaves: Sequence[Sheaf], at: datetime) -> int:
    notices = [notice for sheaf in sheaves for notice in sheaf.notices]
    items = sorted((sheaf.head.facts for sheaf in sheaves), key=_badness)
    letter = outbox.queue(
        "escalation-digest",
        to=person,
        at=at,
        facts={
            "at": at.isoformat(),
            "breached": sum(item["state"] == "breached" for item in items),
            "at_risk": sum(item["state"] == "at_risk" for item in items),
            "items": items,
        },
        key=f"digest:{max(notices, key=lambda each: each.id).event}:{person.id}",
        urgent=any(sheaf.urgent for sheaf in sheaves),
    )
    return _bind(notices, letter)


def _badness(item: dict[str, Any]) -> tuple[bool, int, int]:
    return (item["state"] != "breached", item["left_s"], item["number"])


def _bind(notices: Iterable[Notice], letter: Letter | None) -> int:
    if letter is None:
        return 0
    for notice in notices:
        notice.letter_id = letter.id
    return 1
