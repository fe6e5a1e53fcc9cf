"""A ticket that came by a log and was then worked on here is still told as events."""

from sqlalchemy import select

from app.database import db, transaction
from app.demo import loading
from app.importing import writing
from app.people import queries as people
from app.tickets import conversation
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from app.tickets.words import Status
from tests.cast import NOW


def test_a_plain_answer_that_ends_waiting_is_told_with_its_status(app):
    loading.load(tickets=150, seed=1, at=NOW)
    waits = select(Ticket.id).where(Ticket.status == Status.WAITING_REQUESTER).limit(1)
    mara = people.find_person_by_address("mara.lindt@halden.example")
    with transaction():
        ticket = for_change(db.session.scalar(waits))
        conversation.reply(ticket, by=mara, body="No need to answer.", at=NOW)
        name = ticket.external_ref

    told = list(writing.lines())

    assert [line for line in told if isinstance(line, writing.Refused)] == []
    assert [line[2] for line in told if line[0] == name][-2:] == ["agent_reply", "status"]
