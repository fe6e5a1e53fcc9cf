"""Hostile words in every place where people can write."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, cast, literal, select, update
from sqlalchemy.exc import IntegrityError

from app.database import Base, db, transaction
from app.tickets import conversation, copying, queries, watching
from app.tickets.desk_models import Macro, SavedView
from app.tickets.models import Message, Tag, TicketTag
from tests.cast import NOW
from tests.place import Place
from tests.security.pages import ATTACK

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
        if column.unique or column.name in {"name", "title"}:
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


def _hostile(value: Any, name: str = "", place: str = "") -> Any:
    """``value`` with the attack as every word of people; what stands in a list keeps apart."""
    if isinstance(value, dict):
        return {key: _hostile(inner, key, place) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hostile(inner, name, str(number)) for number, inner in enumerate(value)]
    return ATTACK + place if isinstance(value, str) and name in PEOPLES else value


def furnish(place: Place) -> None:
    """Add to the place what else people write about a ticket."""
    mara, at = place.cast.mara, NOW
    with transaction():
        ticket = queries.for_change(place.ticket.id)
        conversation.note(ticket, by=mara, body="A note", at=at)
        conversation.reply(ticket, by=mara, body="An answer", at=at)
        copying.put_in_copy(ticket, who=place.cast.martin, by=place.cast.elke, at=at)
        watching.watch(ticket, who=place.cast.tomas, because="knows it", by=mara, at=at)
        db.session.execute(update(Message).values(is_markdown=True))
        tag = Tag(name="printer")
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
