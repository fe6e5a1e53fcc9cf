"""Files at the desk: sent with a form or before it, bound to session and ticket, saved safely."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.http import parse_options_header

from app.database import db, transaction
from app.files import storage
from app.files.models import Attachment
from app.tickets import conversation, queries
from app.tickets.models import Message, Ticket
from app.tickets.words import MessageKind
from tests import factories
from tests.cast import NOW, Cast, sign_in


@pytest.fixture
def ticket(cast: Cast, client: FlaskClient) -> Ticket:
    """Elke's request; Mara has signed in."""
    made = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    sign_in(client, cast.mara)
    return made


def files(*names: str, data: bytes = b"some bytes") -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(data), name) for name in names]


def upload(client: FlaskClient, ticket: Ticket, form: str = "reply", name: str = "log.txt"):
    url = f"/desk/tickets/{ticket.id}/uploads/{form}"
    return client.post(url, data={"files": files(name)})


def id_in(answer) -> str:
    return re.search(r'name="file" value="(\d+)"', answer.text).group(1)


def sent_with(kind: MessageKind) -> list[str]:
    query = select(Attachment.name).join(Message).where(Message.kind == kind)
    return sorted(db.session.scalars(query))


def test_files_come_with_the_form_of_an_answer(client: FlaskClient, ticket: Ticket):
    answer = client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={"body": "See these.", "then": "send", "files": files("a.txt", "b.txt")},
    )

    assert answer.status_code == 303
    assert sent_with(MessageKind.MESSAGE) == ["a.txt", "b.txt"]
    page = client.get(f"/desk/tickets/{ticket.id}").text
    assert "a.txt" in page
    assert "10 bytes" in page


def test_a_file_that_was_sent_before_goes_with_the_form(client: FlaskClient, ticket: Ticket):
    first, second = upload(client, ticket), upload(client, ticket, name="left behind.txt")
    assert (first.status_code, second.status_code) == (201, 201)
    assert "left behind.txt" in client.get(f"/desk/tickets/{ticket.id}").text

    client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={"body": "See this.", "then": "send", "file": id_in(first)},
    )

    assert sent_with(MessageKind.MESSAGE) == ["log.txt"]


def test_a_form_that_is_refused_keeps_its_files(client: FlaskClient, ticket: Ticket):
    page = client.post(
        f"/desk/tickets/{ticket.id}/replies", data={"body": "", "files": files("log.txt")}
    )
    assert "Write an answer first." in page.text

    client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={"body": "See this.", "then": "send", "file": id_in(page)},
    )

    assert sent_with(MessageKind.MESSAGE) == ["log.txt"]


def test_a_file_that_cannot_be_taken_is_named_and_the_words_come_back(
    client: FlaskClient, ticket: Ticket, monkeypatch
):
    monkeypatch.setattr(storage, "MAX_BYTES", 20)

    page = client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={
            "body": "All I typed.",
            "files": [*files("big.bin", data=b"x" * 21), *files("fits.txt")],
        },
    ).text

    assert "big.bin is larger than 25 MB." in page
    assert "All I typed." in page
    assert "fits.txt" in page
    assert sent_with(MessageKind.MESSAGE) == []
    assert upload(client, ticket).status_code == 201
    empty = client.post(
        f"/desk/tickets/{ticket.id}/uploads/reply", data={"files": files("no.txt", data=b"")}
    )
    assert (empty.status_code, empty.text) == (409, "no.txt is empty.")


def test_a_file_waits_for_one_form_of_one_ticket_in_one_session(
    app: Flask, client: FlaskClient, cast: Cast, ticket: Ticket
):
    other = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    id = id_in(upload(client, ticket))
    again = app.test_client()
    sign_in(again, cast.mara)

    for who, number, form in (
        (client, other.id, "replies"),
        (client, ticket.id, "notes"),
        (again, ticket.id, "replies"),
    ):
        who.post(f"/desk/tickets/{number}/{form}", data={"body": "Mine now.", "file": id})

    assert sent_with(MessageKind.MESSAGE) == sent_with(MessageKind.NOTE) == []
    assert "log.txt" not in again.get(f"/desk/tickets/{ticket.id}").text


def test_a_file_that_waits_is_removed(client: FlaskClient, ticket: Ticket):
    id = id_in(upload(client, ticket))
    url = f"/desk/tickets/{ticket.id}/uploads/reply"

    assert client.post(url, data={"remove": id}).status_code == 204

    assert "log.txt" not in client.get(f"/desk/tickets/{ticket.id}").text


def test_a_form_sent_twice_takes_its_files_once(client: FlaskClient, ticket: Ticket):
    for _ in range(2):
        client.post(
            f"/desk/tickets/{ticket.id}/replies",
            data={"body": "Once.", "then": "send", "once": "o", "files": files("log.txt")},
        )

    assert db.session.query(Attachment.name).all() == [("log.txt",)]


def test_an_answer_that_is_taken_back_gives_its_files_back(client: FlaskClient, ticket: Ticket):
    client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={"body": "Too early.", "then": "send", "files": files("log.txt")},
    )
    message_id = db.session.scalar(select(Message.id).where(Message.body == "Too early."))

    client.post(f"/desk/tickets/{ticket.id}/messages/{message_id}/undoing")

    assert sent_with(MessageKind.MESSAGE) == []
    assert 'name="file"' in client.get(f"/desk/tickets/{ticket.id}").text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("evil.html", b"<script>alert(1)</script>"),
        ("evil.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("error.png", factories.picture().getvalue()),
    ],
)
def test_a_file_is_saved_and_never_run(client: FlaskClient, ticket: Ticket, name, data):
    client.post(
        f"/desk/tickets/{ticket.id}/notes",
        data={"body": "Look.", "files": files(name, data=data)},
    )
    (id,) = db.session.scalars(select(Attachment.id))

    answer = client.get(f"/desk/tickets/{ticket.id}/files/{id}")

    assert answer.data == data
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype in {"text/plain", "image/png"}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Müller – Łódź.pdf", "Muller  odz.pdf"),
        ("„Zitat“.txt", "Zitat.txt"),
        ("日本 😀.txt", " .txt"),
    ],
)
def test_a_file_keeps_its_name_whatever_its_letters(
    client: FlaskClient, ticket: Ticket, name: str, plain: str
):
    client.post(f"/desk/tickets/{ticket.id}/notes", data={"body": "Look.", "files": files(name)})
    (id,) = db.session.scalars(select(Attachment.id))

    said = client.get(f"/desk/tickets/{ticket.id}/files/{id}").headers["Content-Disposition"]

    assert said.isascii()
    how, saved = parse_options_header(said)
    assert how == "attachment"
    assert saved["filename"] == name
    assert parse_options_header(said.partition("; filename*")[0])[1]["filename"] == plain


def test_only_a_picture_is_shown_small(client: FlaskClient, ticket: Ticket):
    client.post(
        f"/desk/tickets/{ticket.id}/notes",
        data={
            "body": "Look.",
            "files": [(factories.picture(), "error.png"), *files("not a.png")],
        },
    )
    picture, other = db.session.scalars(select(Attachment.id).order_by(Attachment.id))

    shown = client.get(f"/desk/tickets/{ticket.id}/files/{picture}/preview")

    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert client.get(f"/desk/tickets/{ticket.id}/files/{other}/preview").status_code == 404


def test_a_note_s_file_is_nothing_to_its_requester(
    app: Flask, client: FlaskClient, cast: Cast, ticket: Ticket
):
    client.post(
        f"/desk/tickets/{ticket.id}/notes",
        data={"body": "For us.", "files": files("Canary.log")},
    )
    (id,) = db.session.scalars(select(Attachment.id))
    theirs = app.test_client()
    sign_in(theirs, cast.elke)

    seen = theirs.get(f"/portal/requests/{ticket.id}/files/{id}")
    never = theirs.get(f"/portal/requests/{ticket.id}/files/987654")

    assert (seen.status_code, seen.text) == (404, never.text)
    assert "Canary" not in theirs.get(f"/portal/requests/{ticket.id}").text


def test_what_is_too_large_for_any_form_gets_a_page_that_says_so(
    app: Flask, client: FlaskClient, ticket: Ticket, monkeypatch
):
    view = app.view_functions["desk.reply"]
    assert view.__dict__["max_bytes"] > 100 * 1024 * 1024
    monkeypatch.setitem(view.__dict__, "max_bytes", 100)

    page = client.post(
        f"/desk/tickets/{ticket.id}/replies",
        data={"body": "x", "files": files("a", data=b"x" * 200)},
    )

    assert page.status_code == 413
    assert "too much at once" in page.text


def test_bytes_of_a_form_that_finds_no_ticket_are_not_kept(client: FlaskClient, ticket: Ticket):
    answer = client.post("/desk/tickets/987654/replies", data={"files": files("log.txt")})

    assert answer.status_code == 404
    folder = storage.path_of("0" * 32).parent.parent
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_everything_of_a_file_s_name_is_text(client: FlaskClient, cast: Cast, ticket: Ticket):
    with transaction():
        conversation.note(queries.for_change(ticket.id), by=cast.mara, body="x", at=NOW)
    client.post(
        f"/desk/tickets/{ticket.id}/notes",
        data={"body": "Look.", "files": files('"><img src=x onerror=alert(1)>.png')},
    )

    assert "<img src=x" not in client.get(f"/desk/tickets/{ticket.id}").text


def test_a_request_that_is_written_down_takes_files(client: FlaskClient, ticket: Ticket):
    first = client.post("/desk/tickets/new/uploads", data={"once": "o", "files": files("a.txt")})

    client.post(
        "/desk/tickets/new",
        data={
            "requester": "elke.sommer@brenner-voss.example",
            "request_type": "vpn",
            "how": "left",
            "priority": "normal",
            "subject": "VPN",
            "body": "She called.",
            "once": "o",
            "file": id_in(first),
            "files": files("b.txt"),
        },
    )

    assert sent_with(MessageKind.MESSAGE) == ["a.txt", "b.txt"]
