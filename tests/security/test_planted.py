"""Stored scripts: every text that people can write is hostile, and every page is read."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, String, Table, Text, cast, literal, select, update
from sqlalchemy.exc import IntegrityError

from app.database import Base, db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.tickets import conversation, queries, watching
from app.tickets.models import Macro, Message, SavedView, Tag, TicketTag
from tests.cast import NOW
from tests.place import Place, rules, verbs
from tests.security.conftest import Visits
from tests.security.pages import ATTACK, planted_in

OF_THE_PROGRAM = {
    "attachment.content_type",
    "clock.cancelled_reason",
    "course.before_spam",
    "import_source.reading",
    "letter.message_id",
    "measure.name",
    "measure.stops",
    "notice.event",
    "sign_in_failure.account",
    "staged_event.event",
    "staged_event.value",
}
ENDINGS = (
    *("_hash", "address", "cause", "default_view", "digest", "domain", "ends", "key", "kind"),
    *("language", "network", "once", "ref", "secret", "sha256", "slug", "starts", "state"),
    *("status", "storage", "theme", "verb", "zone", "query", "version"),
)
"""How columns end that hold words of the program: keys, zones, states, hashes."""

PEOPLES = {"reason", "words", "to", "team", "name", "names", "because", "subject", "body", "steps"}
"""Under these names JSON holds words of people."""


def texts() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that may hold words of somebody."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = type(column.type) in {String, Text} and not column.primary_key
            is_ours = f"{table.name}.{column.name}" in OF_THE_PROGRAM
            if is_text and not is_ours and not column.name.endswith(ENDINGS):
                yield table, column


def plant() -> set[str]:
    """Put the attack into every such column and into JSON; the names of those that took it."""
    took = set()
    for table, column in texts():
        attack: Any = ATTACK
        if column.unique:
            attack = literal(ATTACK) + cast(next(iter(table.primary_key)), String)
        try:
            with transaction():
                db.session.execute(update(table).values({column: attack}))
        except IntegrityError:  # such a column has no room for words of people
            continue
        took.add(f"{table.name}.{column.name}")
    _plant_in_json()
    return took


def _plant_in_json() -> None:
    with transaction():
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, JSON):
                    key = next(iter(table.primary_key))
                    for row_id, value in db.session.execute(select(key, column)).all():
                        hostile = _hostile(value)
                        db.session.execute(
                            update(table).where(key == row_id).values({column: hostile})
                        )


def _hostile(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hostile(inner, name) for inner in value]
    return ATTACK if isinstance(value, str) and name in PEOPLES else value


@pytest.fixture
def furnished(place: Place) -> Place:
    """The place with all that people write about a ticket."""
    mara, at = place.cast.mara, NOW
    with transaction():
        ticket = queries.for_change(place.ticket.id)
        conversation.note(ticket, by=mara, body="A note", at=at)
        conversation.reply(ticket, by=mara, body="An answer", at=at)
        watching.watch(ticket, who=place.cast.tomas, because="knows it", by=mara, at=at)
        db.session.execute(update(Message).values(is_markdown=True))
        tag = Tag(name="vpn")
        made = {"made_at": at, "changed_at": at}
        db.session.add_all(
            [
                tag,
                Macro(name="Ask", body="Which building?", made_by_id=mara.id, **made),
                SavedView(name="Own", owner_id=place.cast.nora.id, query="", made_at=at),
            ]
        )
        db.session.flush()
        db.session.add(TicketTag(ticket_id=ticket.id, tag_id=tag.id))
    return place


@pytest.mark.parametrize("who", ["nobody", "elke", "nora"])
def test_no_page_shows_what_somebody_planted(app: Flask, visit: Visits, furnished: Place, who: str):
    client = visit(getattr(furnished.cast, who, None))
    assert {"ticket.subject", "person.name", "message.body", "tag.name"} <= plant()
    wrong, shown = [], 0
    for rule in rules(app):
        if "GET" not in verbs(rule):
            continue
        answer = client.get(furnished.url(app, rule))
        if answer.status_code >= 500 and rule.endpoint != "manage.healthz":
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
        if answer.mimetype == "text/html":
            wrong += [f"{rule.endpoint}: {tag}" for tag in planted_in(answer.text)]
            shown += "x-planted" in answer.text
    assert wrong == []
    assert who == "nobody" or shown > 2, "the attack must be on the pages"


def test_no_letter_carries_what_somebody_planted(app: Flask, furnished: Place):
    plant()
    letters = db.session.scalars(select(Letter)).all()
    assert letters
    for letter in letters:
        drawn = rendering.render(letter)
        assert planted_in(drawn.html) == []
        assert "\n" not in drawn.subject
