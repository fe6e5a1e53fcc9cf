"""Gathering notices into letters: one per person and clock, a digest when there are many.

Run by the worker before each batch of sending. Source: escalation.md, "Notices and letters".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, text

from app import bulk
from app.database import db
from app.mail import outbox
from app.mail.kinds import KINDS
from app.mail.models import Letter
from app.notices.models import UNGATHERED, Notice
from app.people import queries as people
from app.people.models import Person

AT_ONCE = 2000
MOST_LETTERS = 5
DIGEST, MOST_ITEMS = "escalation-digest", 100
"""How many promises a digest names; how many more there are it says."""


class Waiting(NamedTuple):
    """What gathering reads of a notice; thousands may wait at once."""

    id: int
    person_id: int
    kind: str
    event: str
    ticket_id: int | None
    urgent: bool
    by_letter: bool
    facts: dict[str, Any]


@dataclass(frozen=True)
class Sheaf:
    """Notices that make one letter, the one that heads it last."""

    notices: tuple[Waiting, ...]

    @property
    def head(self) -> Waiting:
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


Written = list[tuple[Letter, Sequence[Waiting]]]
"""Letters, each with the notices that it carries."""


def gather(at: datetime) -> int:
    """As `gathered`; the number of letters."""
    return len(gathered(at))


def gathered(at: datetime) -> list[str]:
    """Queue letters for what was told and not written yet; the kinds of the letters.

    What is held until after ``at`` and what was withdrawn is left alone. The caller commits:
    notices are marked in the transaction that queues their letters.
    """
    columns = [getattr(Notice, name) for name in Waiting._fields]
    found = db.session.execute(
        select(*columns)
        .where(
            text(UNGATHERED),
            Notice.withdrawn_at.is_(None),
            or_(Notice.held_until.is_(None), Notice.held_until <= at),
        )
        .order_by(Notice.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    by_person: dict[int, list[Waiting]] = {}
    for row in found:
        by_person.setdefault(row.person_id, []).append(Waiting(*row))
    persons = people.people(by_person)
    letters: Written = []
    for person_id, notices in by_person.items():
        letters += _write_to(persons[person_id], notices, at)
    letter_of = {notice.id: letter.id for letter, notices in letters for notice in notices}
    marks = [
        {"gathered_at": at, "letter_id": letter_of.get(notice.id), "id": notice.id}
        for notices in by_person.values()
        for notice in notices
    ]
    bulk.update_all(Notice, marks, by="id")
    return [letter.kind for letter, _notices in letters]


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


def _write_to(person: Person, notices: Sequence[Waiting], at: datetime) -> Written:
    if not person.is_active or not person.address:
        return []
    sheaves = list(_sheaves(notice for notice in notices if notice.by_letter))
    escalations = [sheaf for sheaf in sheaves if sheaf.head.kind == "escalation"]
    letters: Written = []
    if len(escalations) > MOST_LETTERS:
        letters += _write_digest(person, escalations, at)
        sheaves = [sheaf for sheaf in sheaves if sheaf.head.kind != "escalation"]
    for sheaf in sheaves:
        letters += _write(person, sheaf, at)
    return letters


def _sheaves(notices: Iterable[Waiting]) -> Iterable[Sheaf]:
    together: dict[tuple[str, object], list[Waiting]] = {}
    for notice in notices:
        by_clock = KINDS[notice.kind].by_clock
        key = ("clock", notice.facts["clock_id"]) if by_clock else ("notice", notice.id)
        together.setdefault((notice.kind, key), []).append(notice)
    for belonging in together.values():
        yield Sheaf(tuple(sorted(belonging, key=_height)))


def _height(notice: Waiting) -> tuple[int, int, int]:
    return (notice.facts.get("position", 0), notice.facts.get("nth", 0), notice.id)


def _write(person: Person, sheaf: Sheaf, at: datetime) -> Written:
    letter = outbox.queue(
        sheaf.head.kind,
        to=person,
        at=at,
        facts=sheaf.facts,
        key=f"notice:{sheaf.head.event}:{person.id}",
        ticket_id=sheaf.head.ticket_id,
        urgent=sheaf.urgent,
    )
    return [(letter, sheaf.notices)] if letter else []


def _write_digest(person: Person, sheaves: Sequence[Sheaf], at: datetime) -> Written:
    notices = [notice for sheaf in sheaves for notice in sheaf.notices]
    items = sorted((sheaf.head.facts for sheaf in sheaves), key=_badness)
    letter = outbox.queue(
        DIGEST,
        to=person,
        at=at,
        facts={
            "at": at.isoformat(),
            "breached": sum(item["state"] == "breached" for item in items),
            "at_risk": sum(item["state"] == "at_risk" for item in items),
            "items": items[:MOST_ITEMS],
            "more": len(items) - len(items[:MOST_ITEMS]),
        },
        key=f"digest:{max(notices, key=lambda each: each.id).event}:{person.id}",
        urgent=any(sheaf.urgent for sheaf in sheaves),
    )
    return [(letter, notices)] if letter else []


def _badness(item: dict[str, Any]) -> tuple[bool, int, int]:
    return (item["state"] != "breached", item["left_s"], item["number"])
