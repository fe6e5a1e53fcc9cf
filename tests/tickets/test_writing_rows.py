"""Rows written past the session: together, by themselves, and with what was not said of them."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from app import bulk
from app.database import db, is_postgresql
from app.statements import write_row
from app.tickets import conversation
from app.tickets.models import HistoryEntry, Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import MessageKind, Side
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.statements import counted


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_request(cast.elke, cast.vpn_problem, at=NOW)


def entry(ticket: Ticket, verb: str) -> dict[str, Any]:
    return {"ticket_id": ticket.id, "at": NOW, "verb": verb, "actor_id": None, "facts": {"a": 1}}


def verbs(ticket: Ticket) -> list[str]:
    query = select(HistoryEntry.verb).where(HistoryEntry.ticket_id == ticket.id)
    return sorted(db.session.scalars(query))


def test_what_is_inserted_together_is_all_there_afterwards(ticket):
    with counted() as asked, bulk.together():
        bulk.insert_all(HistoryEntry, [entry(ticket, "one"), entry(ticket, "two")])
        with bulk.together():
            bulk.insert_all(HistoryEntry, [entry(ticket, "three")])
        assert (verbs(ticket) == ["opened"]) is is_postgresql()

    assert verbs(ticket) == ["one", "opened", "three", "two"]
    assert len([words for words in asked if "INSERT" in words]) == (1 if is_postgresql() else 2)


def test_of_a_block_that_fails_nothing_is_written_after_it(ticket):
    with pytest.raises(ZeroDivisionError), bulk.together():
        bulk.insert_all(HistoryEntry, [entry(ticket, "one")])
        raise ZeroDivisionError
    db.session.rollback()
    with bulk.together():
        bulk.insert_all(HistoryEntry, [entry(ticket, "two")])

    assert verbs(ticket) == ["opened", "two"]


def test_a_row_by_itself_has_its_number_its_defaults_and_belongs_to_the_session(cast, ticket):
    message = Message(
        ticket_id=ticket.id,
        author_name="Elke",
        side=Side.REQUESTER,
        channel=ticket.channel,
        body="So.",
        at=NOW,
    )
    write_row(message)

    assert message in db.session
    assert (message.kind, message.is_response, message.author_id) == (
        MessageKind.MESSAGE,
        False,
        None,
    )
    db.session.expire(message)
    assert (message.body, message.at, message.ticket_id) == ("So.", NOW, ticket.id)
    entries = select(func.count()).select_from(Message).where(Message.id == message.id)
    assert db.session.scalar(entries) == 1


def test_nothing_in_a_column_of_json_is_null_however_it_is_written(cast, ticket):
    nothing = "SELECT count(*) FROM clock_event WHERE facts IS NULL"
    spelled = "SELECT count(*) FROM clock_event WHERE CAST(facts AS TEXT) = 'null'"
    conversation.reply(for_change(ticket.id), by=cast.mara, body="Here.", at=NOW)
    db.session.flush()

    assert db.session.scalar(text(nothing)) >= 1
    assert db.session.scalar(text(spelled)) == 0
