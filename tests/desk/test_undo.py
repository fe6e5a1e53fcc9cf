"""Undo of Send through the pages: the toast, the words in the composer, the read mark."""

import re
from datetime import timedelta

from app import wallclock
from app.database import db
from app.tickets.models import Message, Ticket
from app.tickets.words import Status
from tests.cast import NOW, sign_in


def sent(client, cast, ticket_id: int) -> int:
    sign_in(client, cast.mara)
    form = {"body": "Wrong window, sorry.", "then": "resolve"}
    client.post(f"/desk/tickets/{ticket_id}/replies", data=form)
    return db.session.query(Message.id).filter_by(body=form["body"]).scalar()


def test_the_toast_undoes_and_the_words_come_back_into_the_composer(client, cast, ticket_id):
    message_id = sent(client, cast, ticket_id)
    url = re.search(r'action="([^"]+/undoing)"', client.get(f"/desk/tickets/{ticket_id}").text)[1]

    answer = client.post(url)

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Taken back: the requester never sees it." in page
    assert re.search(r'id="reply-body"[^>]*>\s*Wrong window, sorry.', page)
    assert f'id="m{message_id}"' in page
    assert db.session.get_one(Ticket, ticket_id).status is Status.NEW
    sign_in(client, cast.elke)
    assert "Wrong window" not in client.get(f"/portal/requests/{ticket_id}").text


def test_after_its_time_the_undo_is_refused_with_a_sentence(client, cast, ticket_id):
    message_id = sent(client, cast, ticket_id)
    wallclock.use(lambda: NOW + timedelta(seconds=11))
    url = f"/desk/tickets/{ticket_id}"

    client.post(f"{url}/messages/{message_id}/undoing")

    assert "It is too late: the answer is on its way" in client.get(url).text
    assert "/undoing" not in client.get(url).text


def test_the_requesters_page_tells_that_an_answer_was_opened(client, cast, ticket_id):
    message_id = sent(client, cast, ticket_id)
    sign_in(client, cast.elke)
    page = client.get(f"/portal/requests/{ticket_id}").text
    assert f'name="upto" value="{message_id}"' in page

    mark = client.post(f"/portal/requests/{ticket_id}/reading", data={"upto": message_id})

    assert mark.status_code == 204
    assert "data-reading" not in client.get(f"/portal/requests/{ticket_id}").text
    sign_in(client, cast.mara)
    client.post(f"/desk/tickets/{ticket_id}/messages/{message_id}/undoing")
    page = client.get(f"/desk/tickets/{ticket_id}").text
    assert "The requester has opened it already" in page
    assert "Opened" in page
