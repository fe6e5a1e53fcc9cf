"""Files of a conversation: who sees them, and what letters say of them."""

import io

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.errors import Refusal
from app.files import attaching, receiving
from app.files.models import Attachment
from app.tickets import attachments, conversation, merging, queries
from app.tickets.models import Message, Ticket
from app.tickets.words import UNDONE, Channel
from tests import factories
from tests.cast import NOW, Cast


def upload(name: str = "error.png", data: bytes = b"bytes") -> Attachment:
    received = receiving.receive(io.BytesIO(data), name=name)
    return attaching.add(received, upload_key="k", by_id=None, at=NOW)


def answer(ticket: Ticket, cast: Cast, *files: Attachment) -> Message:
    return conversation.reply(
        queries.for_change(ticket.id), by=cast.mara, body="See the profile.", at=NOW, files=files
    )


def note(ticket: Ticket, cast: Cast, *files: Attachment) -> Message:
    return conversation.note(
        queries.for_change(ticket.id), by=cast.mara, body="For us.", at=NOW, files=files
    )


def test_a_file_is_read_by_whoever_reads_its_message(cast: Cast, ticket: Ticket):
    with transaction():
        sent = answer(ticket, cast, theirs := upload("profile.ovpn"))
        noted = note(ticket, cast, ours := upload("dump.log"))

    shown = attachments.of_messages([sent, noted])

    assert shown == {sent.id: [theirs], noted.id: [ours]}
    assert attachments.find_on(ticket, theirs.id, with_notes=False) == theirs
    assert attachments.find_on(ticket, ours.id, with_notes=True) == ours
    assert attachments.find_on(ticket, ours.id, with_notes=False) is None


def test_a_file_is_found_on_its_own_ticket_alone(cast: Cast, ticket: Ticket):
    other = factories.open_request(cast.sigrid, cast.vpn_problem, at=NOW)
    with transaction():
        answer(ticket, cast, file := upload())

    assert attachments.find_on(other, file.id, with_notes=True) is None


def test_files_of_what_was_merged_in_are_found_on_where_it_goes_on(cast: Cast, ticket: Ticket):
    into = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        answer(ticket, cast, file := upload())
        source, target = merging.for_both(ticket.id, into.id)
        merging.merge(source, target, reason="one thing", by=cast.mara, at=NOW)

    assert attachments.find_on(into, file.id, with_notes=False) == file


def test_a_copy_of_a_message_has_the_files_of_the_first(cast: Cast, ticket: Ticket):
    split_off = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        sent = answer(ticket, cast, file := upload())
        copy = db.session.scalars(
            select(Message).where(Message.ticket_id == split_off.id).limit(1)
        ).one()
        copy.copied_from_id = sent.id

    assert attachments.of_messages([copy]) == {copy.id: [file]}
    assert attachments.find_on(split_off, file.id, with_notes=False) == file


def test_files_of_an_undone_answer_are_for_staff_alone(cast: Cast, ticket: Ticket):
    with transaction():
        sent = answer(ticket, cast, file := upload())
        sent.taken_back_at, sent.taken_back_because = NOW, UNDONE

    assert attachments.find_on(ticket, file.id, with_notes=False) is None
    assert attachments.find_on(ticket, file.id, with_notes=True) == file


def test_tickets_with_files_are_found_and_notes_do_not_tell(cast: Cast, ticket: Ticket):
    noted = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        answer(ticket, cast, upload())
        note(noted, cast, upload())

    def found(with_notes: bool) -> set[int]:
        return set(
            db.session.scalars(select(Ticket.id).where(attachments.carrying(with_notes=with_notes)))
        )

    assert found(with_notes=True) == {ticket.id, noted.id}
    assert found(with_notes=False) == {ticket.id}


def test_a_file_that_went_with_another_answer_is_not_sent_twice(cast: Cast, ticket: Ticket):
    with transaction():
        file = upload()
        answer(ticket, cast, file)

    with pytest.raises(Refusal, match="choose it again"):
        answer(ticket, cast, file)


def test_a_requester_attaches_to_an_answer(cast: Cast, ticket: Ticket):
    with transaction():
        sent = conversation.requester_message(
            queries.for_change(ticket.id),
            by=cast.elke,
            body="Here is the log.",
            channel=Channel.PORTAL,
            at=NOW,
            files=[file := upload("vpn.log")],
        )

    assert attachments.of_messages([sent]) == {sent.id: [file]}


def test_letters_name_files_and_carry_those_that_fit(cast: Cast, ticket: Ticket, monkeypatch):
    with transaction():
        small = answer(ticket, cast, upload("a.txt"), upload("b.txt"))
        assert [(one["name"], one["is_along"]) for one in attachments.told(small)] == [
            ("a.txt", True),
            ("b.txt", True),
        ]
        monkeypatch.setattr(attachments, "MOST_SENT_ALONG", 9)
        assert {one["is_along"] for one in attachments.told(small)} == {False}
