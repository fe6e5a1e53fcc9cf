"""From an upload to a message, and what becomes of uploads that nobody sent."""

import io
import os
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app import jobs
from app.database import db, transaction
from app.errors import Refusal
from app.files import attaching, cleaning, receiving, storage
from app.files.models import Attachment
from app.tickets.models import Message, Ticket
from config import Config
from tests import cast as stage
from tests import factories
from tests.cast import NOW, Cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    return stage.assemble()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def upload(key: str = "k", *, at: datetime = NOW, name: str = "error.png") -> Attachment:
    received = receiving.receive(io.BytesIO(b"some bytes"), name=name)
    with transaction():
        return attaching.add(received, upload_key=key, by_id=None, at=at)


def message_of(ticket: Ticket) -> int:
    return db.session.query(Message.id).where(Message.ticket_id == ticket.id).scalar()


def test_a_file_waits_under_its_own_key_alone(app: Flask):
    file = upload("hers")

    assert attaching.waiting(["hers", "his"]) == {"hers": [file], "his": []}
    assert attaching.waiting(["his"], ids=[file.id]) == {"his": []}
    assert not attaching.remove(file.id, upload_key="his")
    assert attaching.remove(file.id, upload_key="hers")
    assert attaching.waiting(["hers"]) == {"hers": []}


def test_a_file_goes_with_one_message_only(ticket: Ticket):
    file, message_id = upload(), message_of(ticket)

    with transaction():
        attaching.bind([file], ticket_id=ticket.id, message_id=message_id)

    assert attaching.waiting(["k"]) == {"k": []}
    assert (file.ticket_id, file.message_id) == (ticket.id, message_id)
    with pytest.raises(Refusal, match="choose it again"):
        attaching.bind([file], ticket_id=ticket.id, message_id=message_id)


def test_too_many_files_and_too_much_in_all_are_refused(app: Flask, monkeypatch):
    monkeypatch.setattr(attaching, "MOST", 2)
    upload(), upload()
    with pytest.raises(Refusal, match="2 files at most"):
        upload()

    monkeypatch.setattr(attaching, "MOST_BYTES", 15)
    upload("another")
    with pytest.raises(Refusal, match="100 MB"):
        upload("another")


def test_nobody_fills_the_disk_with_forms_that_are_never_sent(cast: Cast, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_WAITING", 15)
    received = [receiving.receive(io.BytesIO(b"some bytes"), name="log.txt") for _ in range(3)]
    with transaction():
        attaching.add(received[0], upload_key="a form", by_id=cast.elke.id, at=NOW)

        with pytest.raises(Refusal, match="not sent"):
            attaching.add(received[1], upload_key="another", by_id=cast.elke.id, at=NOW)
        attaching.add(received[2], upload_key="a third", by_id=cast.mara.id, at=NOW)


def test_what_was_taken_back_waits_again(ticket: Ticket):
    file, message_id = upload(), message_of(ticket)
    with transaction():
        attaching.bind([file], ticket_id=ticket.id, message_id=message_id)
        attaching.give_back(message_id, upload_key="again", at=NOW)

    assert attaching.waiting(["again"]) == {"again": [file]}


def test_uploads_that_nobody_sent_go_after_a_day(ticket: Ticket, config: Config):
    sent, abandoned, fresh = upload("a"), upload("b"), upload("c", at=NOW + timedelta(hours=20))
    with transaction():
        attaching.bind([sent], ticket_id=ticket.id, message_id=message_of(ticket))
    gone = abandoned.storage_key

    done = jobs.tickets.clean_files(lambda: NOW + timedelta(days=1, seconds=1), config)

    assert "removed" in str(done.said)
    assert not storage.path_of(gone).exists()
    assert {one.id for one in db.session.query(Attachment)} == {sent.id, fresh.id}


def test_the_sweep_takes_only_old_bytes_that_no_row_knows(app: Flask):
    known, lost = upload(), receiving.receive(io.BytesIO(b"lost"), name="lost.txt")
    young = receiving.receive(io.BytesIO(b"young"), name="young.txt")
    unfinished = storage.path_of(known.storage_key).with_suffix(".part")
    unfinished.write_bytes(b"half")
    old = NOW - timedelta(days=2)
    for path in (storage.path_of(lost.key), storage.path_of(known.storage_key), unfinished):
        os.utime(path, (old.timestamp(), old.timestamp()))
    os.utime(storage.path_of(young.key), (NOW.timestamp(), NOW.timestamp()))

    assert cleaning.sweep(NOW, stopping=lambda: False) == 2

    assert storage.path_of(known.storage_key).exists()
    assert storage.path_of(young.key).exists()
    assert not storage.path_of(lost.key).exists()
    assert not unfinished.exists()
