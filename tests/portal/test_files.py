"""Files in the portal: with a request, with an answer, and by a guest link."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.files.models import Attachment
from app.people.models import Person
from app.tickets import guests
from app.tickets.models import Message, Ticket
from tests import factories
from tests.cast import NOW, Cast, sign_in


def files(*names: str) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(b"some bytes"), name) for name in names]


def id_in(text: str) -> str:
    return re.search(r'name="file" value="(\d+)"', text).group(1)


def sent_on(ticket_id: int) -> list[str]:
    query = select(Attachment.name).join(Message).where(Message.ticket_id == ticket_id)
    return sorted(db.session.scalars(query))


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def test_a_request_takes_a_photo_along(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    form = client.get("/portal/new/vpn").text
    once = re.search(r'name="once" value="([^"]+)"', form).group(1)
    asked = {"subject": "VPN down", "choice": "2", "once": once}
    before = client.post("/portal/new/vpn/uploads", data={"once": once, "files": files("a.log")})

    refused = client.post("/portal/new/vpn", data=asked | {"body": "", "file": id_in(before.text)})
    assert "a.log" in refused.text
    made = client.post(
        "/portal/new/vpn",
        data=asked
        | {
            "body": "Since nine.",
            "file": id_in(refused.text),
            "files": [(factories.picture(), "photo.png")],
        },
    )

    page = client.get(made.location).text
    assert made.status_code == 303
    assert "a.log" in page
    assert "/preview" in page


def test_files_together_may_be_larger_than_other_forms(
    app: Flask, client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    app.config.update(MAX_CONTENT_LENGTH=2000, WTF_CSRF_ENABLED=True)
    url = f"/portal/requests/{ticket.id}"
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(url).text).group(1)

    log = (io.BytesIO(b"x" * 5000), "vpn.log")
    sent = client.post(
        f"{url}/messages", data={"csrf_token": token, "body": "The log.", "files": [log]}
    )

    assert sent.status_code == 303
    assert sent_on(ticket.id) == ["vpn.log"]


def test_an_answer_takes_files_along_and_its_writer_saves_them(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    url = f"/portal/requests/{ticket.id}"

    client.post(f"{url}/messages", data={"body": "The log.", "files": files("vpn.log")})

    (id,) = db.session.scalars(select(Attachment.id))
    saved = client.get(f"{url}/files/{id}")
    assert saved.data == b"some bytes"
    assert saved.headers["Content-Disposition"] == "attachment; filename=vpn.log"
    assert "vpn.log" in client.get(url).text


def test_the_last_message_takes_files_along(client: FlaskClient, cast: Cast, ticket: Ticket):
    sign_in(client, cast.elke)

    client.post(
        f"/portal/requests/{ticket.id}/closing",
        data={"body": "It works again, see.", "files": files("works.png")},
    )

    assert sent_on(ticket.id) == ["works.png"]


def test_another_one_s_file_looks_like_one_that_never_was(
    app: Flask, client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    url = f"/portal/requests/{ticket.id}"
    client.post(f"{url}/messages", data={"body": "The log.", "files": files("vpn.log")})
    (id,) = db.session.scalars(select(Attachment.id))
    own = factories.open_request(cast.sigrid, cast.vpn_problem, at=NOW)
    other = app.test_client()
    sign_in(other, cast.sigrid)

    for path in (f"{url}/files/{id}", f"/portal/requests/{own.id}/files/{id}"):
        answer = other.get(path)
        never = other.get(f"/portal/requests/{own.id}/files/987654")
        assert (answer.status_code, answer.text) == (404, never.text)


def test_a_guest_sends_and_saves_files(client: FlaskClient, cast: Cast, ida: Person):
    ticket = factories.open_request(ida, cast.vpn_problem, at=NOW)
    link = guests.find_link(ticket.id, ida, at=NOW)
    assert link is not None
    url = f"/t/{guests.token_of(link)}"
    before = client.post(f"{url}/uploads", data={"files": files("a.log")})

    client.post(
        f"{url}/messages",
        data={"body": "See.", "file": id_in(before.text), "files": files("b.log")},
    )

    assert sent_on(ticket.id) == ["a.log", "b.log"]
    (id, _other) = db.session.scalars(select(Attachment.id).order_by(Attachment.id))
    assert client.get(f"{url}/files/{id}").data == b"some bytes"
    assert "b.log" in client.get(url).text


def test_what_waits_behind_one_link_is_nothing_to_another(
    client: FlaskClient, cast: Cast, ida: Person
):
    tickets = [factories.open_request(ida, cast.vpn_problem, at=NOW) for _ in range(2)]
    links = [guests.find_link(ticket.id, ida, at=NOW) for ticket in tickets]
    urls = [f"/t/{guests.token_of(link)}" for link in links if link]
    before = client.post(f"{urls[0]}/uploads", data={"files": files("a.log")})

    client.post(f"{urls[1]}/messages", data={"body": "See.", "file": id_in(before.text)})

    assert sent_on(tickets[1].id) == []
