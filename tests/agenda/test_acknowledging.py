"""A contact says by the link in their letter that they have read it."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from app.agreements import contacts, timetables
from app.agreements.contacts import Matter
from app.agreements.models import AgreementVersion, ContactTurn
from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering
from tests.agenda.conftest import AT, Scene

FACTS = {"what": "end", "on": "2026-12-31", "days": 30, "until": "", "clause": "", "quote": ""}


def link_of(scene: Scene) -> str:
    """The path of the link in Sigrid's letter."""
    version = db.session.get_one(AgreementVersion, scene.version.id)
    matter = Matter("end:1", "agreement-date", FACTS)
    with transaction():
        contacts.tell(scene.agreement, timetables.of(version), matter, at=AT)
        gathering.gather(AT)
    query = select(Letter).where(Letter.to_address == scene.cast.sigrid.address)
    text = rendering.render(db.session.scalars(query).one(), to_send=True).text
    found = re.search(r"https?://[^/]+(/contact/\S+)", text)
    assert found is not None
    return found[1]


def test_it_takes_a_press_of_a_button_and_no_account(client: FlaskClient, scene: Scene):
    link = link_of(scene)

    looked = client.get(link)
    assert "Have you read it?" in looked.text
    assert db.session.scalars(select(ContactTurn.acknowledged_at)).all() == [None, None]
    client.post(link)

    db.session.expire_all()
    turn = db.session.scalars(
        select(ContactTurn).where(ContactTurn.acknowledged_at.is_not(None))
    ).one()
    assert turn.person_id == scene.cast.sigrid.id
    assert "You have read it." in client.get(link).text


def test_a_link_that_was_touched_is_worth_nothing(client: FlaskClient, scene: Scene):
    link = link_of(scene)

    assert client.get(link[:-1] + "x").status_code == 404
    assert client.get("/contact/1").status_code == 404
