"""Drafts: what is typed and not sent stays for whoever typed it."""

from datetime import timedelta

import pytest

from app.database import db, transaction
from app.errors import Refusal
from app.tickets import conversation, drafts, undoing
from app.tickets.models import Message
from app.tickets.queries import for_change
from app.tickets.words import Channel, MessageKind
from tests.cast import NOW
from tests.factories import open_request

SECOND = timedelta(seconds=1)
ANSWER, NOTE = MessageKind.MESSAGE, MessageKind.NOTE


def keep(ticket, by, body, *, kind=ANSWER, **facts) -> bool:
    with transaction():
        return drafts.keep(ticket, by=by, kind=kind, body=body, at=NOW, **facts)


def bodies(ticket, person) -> dict[MessageKind, str]:
    return {kind: draft.body for kind, draft in drafts.drafts_of(ticket, person).items()}


def test_an_answer_and_a_note_are_kept_apart_and_for_their_writer_alone(cast, ticket):
    keep(ticket, cast.mara, "Dear Elke,")
    keep(ticket, cast.mara, "Ask the vendor", kind=NOTE)
    keep(ticket, cast.mara, "Dear Elke, it is")

    assert bodies(ticket, cast.mara) == {ANSWER: "Dear Elke, it is", NOTE: "Ask the vendor"}
    assert bodies(ticket, cast.tomas) == {}


def test_what_was_seen_when_it_was_begun_stays_known(cast, ticket):
    first = db.session.query(Message.id).filter_by(ticket_id=ticket.id).scalar()
    keep(ticket, cast.mara, "Dear", seen=first)
    keep(ticket, cast.mara, "Dear Elke", seen=None)

    assert drafts.drafts_of(ticket, cast.mara)[ANSWER].seen_message_id == first


def test_a_message_of_another_ticket_was_never_seen_on_this_one(cast, ticket):
    other = open_request(cast.sigrid, cast.vpn_problem, at=NOW)
    elsewhere = db.session.query(Message.id).filter_by(ticket_id=other.id).scalar()
    keep(ticket, cast.mara, "Dear", seen=elsewhere)

    assert drafts.drafts_of(ticket, cast.mara)[ANSWER].seen_message_id is None


def test_an_emptied_draft_is_none(cast, ticket):
    keep(ticket, cast.mara, "Dear Elke,")

    assert not keep(ticket, cast.mara, "  \n")
    assert bodies(ticket, cast.mara) == {}


def test_more_than_a_message_takes_is_refused(cast, ticket):
    with pytest.raises(Refusal, match="longer than"):
        keep(ticket, cast.mara, "x" * (conversation.MAX_BODY + 1))


def test_an_answer_that_is_taken_back_is_a_draft_of_its_writer_again(cast, ticket):
    with transaction():
        sent = conversation.reply(
            for_change(ticket.id), by=cast.mara, body="Wrong window.", at=NOW, undo_s=10
        )
    keep(ticket, cast.mara, "Second thoughts.")

    with transaction():
        undoing.undo(for_change(ticket.id), sent, by=cast.petra, at=NOW + SECOND)

    assert bodies(ticket, cast.mara) == {ANSWER: "Wrong window.\n\nSecond thoughts."}
    assert bodies(ticket, cast.petra) == {}


def test_who_answers_is_told_what_others_said_and_noted_meanwhile(cast, ticket):
    seen = db.session.query(Message.id).filter_by(ticket_id=ticket.id).scalar()
    with transaction():
        one = for_change(ticket.id)
        conversation.reply(one, by=cast.petra, body="I am on it.", at=NOW + SECOND)
        conversation.note(one, by=cast.mara, body="My own note.", at=NOW + 2 * SECOND)
        conversation.requester_message(
            one, by=cast.elke, body="Thanks.", channel=Channel.PORTAL, at=NOW + 3 * SECOND
        )

    said = conversation.said_since(ticket, seen, besides=cast.mara)

    assert [message.body for message in said] == ["I am on it.", "Thanks."]
    assert conversation.said_since(ticket, None, besides=cast.mara) == ()
    assert conversation.said_since(ticket, said[-1].id, besides=cast.mara) == []
