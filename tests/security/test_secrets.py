"""Secrets that pass through stand in no log and on no page."""

import io
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.people.models import SignInSession
from tests import cast as stage
from tests.cast import sign_in
from tests.place import Place, rules, verbs
from tests.security.conftest import Visits

TYPED = "a password that nobody may read 7391"


@pytest.fixture
def log(app: Flask) -> io.StringIO:
    """All that the application logs, as it is written."""
    said = io.StringIO()
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    for handler in root.handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(said)
    return said


def test_a_typed_password_stands_in_no_log_and_on_no_page(
    client: FlaskClient, app: Flask, place: Place, log: io.StringIO
):
    forms = {
        field: TYPED
        for field in ("password", "new_password", "current_password", "again", "repeat", "current")
    }
    said = [client.post("/sign-in", data=forms | {"address": place.cast.mara.address}).text]
    sign_in(client, place.cast.mara)
    for rule in rules(app):
        if "POST" in verbs(rule) and rule.endpoint != "portal.sign_out":
            said.append(client.post(place.url(app, rule), data=forms).text)

    assert [text for text in (*said, log.getvalue()) if TYPED in text] == []


def test_a_crash_tells_nothing_of_the_request(
    client: FlaskClient, place: Place, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    def crash(*_args: object, **_values: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("app.portal.signing_in._let_in", crash)
    answer = client.post("/sign-in", data={"address": "a@b.example", "password": TYPED})

    assert answer.status_code == 500
    assert "the disk is full" not in answer.text
    assert "the disk is full" in log.getvalue()
    assert TYPED not in answer.text + log.getvalue()


def test_the_database_keeps_no_session_that_could_be_used(visit: Visits, place: Place):
    client = visit(place.cast.mara)
    client.get("/desk/views/all-open")
    cookie = client.get_cookie("pledge")

    assert cookie is not None
    row = db.session.scalars(select(SignInSession)).one()
    assert cookie.value not in {row.token_hash, row.user_agent, row.address}
    assert stage.PASSWORD not in (place.cast.mara.password_hash or "")
