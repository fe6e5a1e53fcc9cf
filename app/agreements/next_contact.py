"""When a contact was not reached: the next of the role is told, in the same words.

A letter that came back counts as not told; one that the agreement wants acknowledged counts as
not read once its time is over. Source: product.md, row 6.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from app.agreements import contacts, history, parties, timetables
from app.agreements.models import Agreement, AgreementVersion, ContactTurn
from app.agreements.words import Party
from app.database import db
from app.mail import outbox
from app.mail import queries as mail
from app.mail.agreement_kinds import OF_AGREEMENTS
from app.mail.models import Letter
from app.notices import telling
from app.notices.models import Notice
from app.people import queries as people

Now = Callable[[], datetime]
CAME_BACK, SILENT = "came back", "silent"
"""Why a matter went on to the next contact."""


def late(at: datetime) -> list[int]:
    """Turns in which nobody acknowledged in time, the oldest first."""
    query = select(ContactTurn.id).where(
        text("acknowledged_at IS NULL AND passed_on_at IS NULL"),
        ContactTurn.acknowledge_until <= at,
    )
    return list(db.session.scalars(query.order_by(ContactTurn.id).limit(500)))


def pass_on_late(turn_id: int, now: Now) -> bool:
    """Tell the next contact where this one did not acknowledge; whether it was still waited for."""
    turn = contacts.for_change(turn_id)
    at = now()
    if turn.acknowledge_until is None or turn.acknowledge_until > at:
        return False
    return _pass_on(turn, SILENT, at)


def came_back(at: datetime) -> list[int]:
    """Letters to contacts that were refused or came back and rest unjudged, the oldest first."""
    query = (
        select(Letter.id)
        .join(Notice, Notice.letter_id == Letter.id)
        .join(ContactTurn, ContactTurn.notice_id == Notice.id)
        .where(Letter.refused_at <= at, Letter.judged_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(Letter.id).limit(500)))


def judge(letter_id: int, now: Now) -> bool:
    """Tell the next contact where a letter came back; whether there was one to tell."""
    query = (
        select(ContactTurn.id)
        .join(Notice, Notice.id == ContactTurn.notice_id)
        .where(Notice.letter_id == letter_id)
    )
    turns = [
        contacts.for_change(id) for id in db.session.scalars(query.order_by(ContactTurn.id)).all()
    ]
    letter = mail.letter(letter_id, for_change=True)
    if letter.refused_at is None or letter.judged_at is not None:
        return False
    at = now()
    outbox.judged(letter, at=at)
    return any([_pass_on(turn, CAME_BACK, at) for turn in turns])


def _pass_on(turn: ContactTurn, because: str, at: datetime) -> bool:
    if turn.acknowledged_at is not None or turn.passed_on_at is not None:
        return False
    turn.passed_on_at, turn.passed_on_because = at, because
    db.session.flush()
    agreement, version = contacts.matter_of(turn)
    timetable = timetables.of(version)
    line = timetable.contacts_for(turn.party, [turn.role])
    told = turn.facts
    going = contacts.Line(
        agreement, timetable, turn.matter, turn.party, line, told["kind"], told["facts"]
    )
    following = going.take(turn.position + 1, at)
    person = people.person(turn.person_id)
    facts = {
        "name": person.name,
        "role": turn.role,
        "how": because,
        "kind": told["kind"],
        "next": following.name if following else "–",
    }
    history.record(
        agreement, "passed_on", by=None, at=at, party=turn.party, version=version, facts=facts
    )
    if following is None:
        _tell_nobody_left(agreement, version, turn, facts, at)
    return True


def _tell_nobody_left(
    agreement: Agreement,
    version: AgreementVersion,
    turn: ContactTurn,
    facts: Mapping[str, Any],
    at: datetime,
) -> None:
    """Nobody is left to tell: the provider's managers learn of it."""
    said = {
        **contacts.about(agreement, version, Party.PROVIDER),
        "organisation": parties.names(agreement)[turn.party],
        "role": turn.role,
        "name": facts["name"],
        "because": facts["how"],
        "matter": OF_AGREEMENTS.get(facts["kind"], "the agreement"),
        "acknowledge": None,
    }
    for person in people.managers() or people.admins():
        telling.tell(
            person,
            "contact-unreached",
            event=f"contact-unreached:{turn.id}",
            at=at,
            facts=said,
        )
