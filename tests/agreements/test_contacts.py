"""Contacts of an agreement are told in turn, until somebody is reached."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import contacts, history, next_contact, timetables
from app.agreements.contacts import Matter
from app.agreements.models import Agreement, AgreementVersion, ContactTurn
from app.database import db, transaction
from app.errors import NotFound
from app.mail import rendering
from app.mail.models import Letter, LetterState
from app.notices import gathering
from app.notices.models import Notice
from app.people import queries as people
from tests import cast as stage
from tests.agreements import bank as papers
from tests.cast import Cast

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = {
    "what": "end",
    "on": "2026-12-31",
    "days": 30,
    "until": "",
    "clause": "",
    "quote": "",
}
END = Matter("end:1", "agreement-date", FACTS)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return stage.assemble()


@pytest.fixture
def bank(cast: Cast) -> AgreementVersion:
    """Signed; of the client two contacts, the first of whom has a day to acknowledge."""
    return papers.signed(
        contacts=[
            papers.contact("provider", "jens.adler@halden.example"),
            papers.contact("client", "sigrid.moe@fjordbank.example", within="24 h"),
            papers.contact("client", "nils.aune@fjordbank.example"),
        ]
    )


def tell(version: AgreementVersion, matter: Matter = END) -> None:
    with transaction():
        agreement = db.session.get_one(Agreement, version.agreement_id)
        contacts.tell(agreement, timetables.of(version), matter, at=AT)


def told() -> list[str]:
    """Whom notices name, in the order in which they were told."""
    ids = db.session.scalars(select(Notice.person_id).order_by(Notice.id)).all()
    return [people.person(id).name for id in ids]


def turn_of(name: str) -> ContactTurn:
    query = select(ContactTurn).order_by(ContactTurn.id)
    return next(
        turn for turn in db.session.scalars(query) if people.person(turn.person_id).name == name
    )


def test_the_first_contact_of_each_party_is_told_and_once(bank: AgreementVersion):
    tell(bank)
    tell(bank)

    assert told() == ["Jens Adler", "Sigrid Moe"]


def test_who_does_not_acknowledge_in_time_is_followed_by_the_next(bank: AgreementVersion):
    tell(bank)
    a_day_later = AT + timedelta(hours=24)

    assert next_contact.late(a_day_later - timedelta(seconds=1)) == []
    for _again in range(2):
        for turn_id in next_contact.late(a_day_later):
            with transaction():
                next_contact.pass_on_late(turn_id, lambda: a_day_later)

    assert told() == ["Jens Adler", "Sigrid Moe", "Nils Aune"]
    assert turn_of("Sigrid Moe").passed_on_because == next_contact.SILENT
    assert (
        history.page(db.session.get_one(Agreement, bank.agreement_id))[0].event.facts["next"]
        == "Nils Aune"
    )


def test_who_acknowledges_is_the_last_to_be_told(bank: AgreementVersion, cast: Cast):
    tell(bank)
    with transaction():
        contacts.acknowledge(turn_of("Sigrid Moe").id, by=cast.sigrid, at=AT)
        contacts.acknowledge(turn_of("Sigrid Moe").id, by=cast.sigrid, at=AT + timedelta(hours=1))

    assert next_contact.late(AT + timedelta(days=9)) == []
    assert turn_of("Sigrid Moe").acknowledged_at == AT


def test_nobody_acknowledges_for_somebody_else(bank: AgreementVersion, cast: Cast):
    tell(bank)

    with pytest.raises(NotFound), transaction():
        contacts.acknowledge(turn_of("Sigrid Moe").id, by=cast.martin, at=AT)


def test_a_letter_leads_to_the_pages_only_those_who_may_open_them(bank: AgreementVersion):
    tell(bank)
    with transaction():
        gathering.gather(AT)

    letters = db.session.scalars(select(Letter).where(Letter.kind == "agreement-date"))
    texts = {one.to_name: rendering.render(one).text for one in letters}

    assert "/agreements/fjordbank/dates" in texts["Jens Adler"]
    assert "/agreements/" not in texts["Sigrid Moe"], "she holds no grant"
    assert "I have read this" in texts["Sigrid Moe"]


def test_a_letter_that_came_back_goes_to_the_next(bank: AgreementVersion):
    tell(bank)
    refuse("sigrid.moe@fjordbank.example")

    for _again in range(2):
        for letter_id in next_contact.came_back(AT):
            with transaction():
                next_contact.judge(letter_id, lambda: AT)

    assert told() == ["Jens Adler", "Sigrid Moe", "Nils Aune"]
    assert turn_of("Sigrid Moe").passed_on_because == next_contact.CAME_BACK


def test_when_nobody_is_left_the_providers_managers_learn_of_it(bank: AgreementVersion):
    tell(bank)
    for address in ("sigrid.moe@fjordbank.example", "nils.aune@fjordbank.example"):
        refuse(address)
        for letter_id in next_contact.came_back(AT):
            with transaction():
                next_contact.judge(letter_id, lambda: AT)

    last = db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert last is not None
    assert (last.kind, last.facts["name"]) == ("contact-unreached", "Nils Aune")
    assert people.person(last.person_id).name == "Jens Adler"


def test_a_party_that_names_no_contact_is_told_by_whoever_speaks_for_it(cast: Cast):
    version = papers.signed(contacts=[])

    tell(version)

    assert told() == ["Jens Adler"]
    assert db.session.scalars(select(ContactTurn)).all() == []


def test_a_contact_whom_nobody_knew_joins_their_party_when_told(bank: AgreementVersion, cast: Cast):
    assert people.find_person_by_address("nils.aune@fjordbank.example") is None
    tell(bank)
    refuse("sigrid.moe@fjordbank.example")
    with transaction():
        next_contact.judge(next_contact.came_back(AT)[0], lambda: AT)

    nils = people.find_person_by_address("nils.aune@fjordbank.example")
    assert nils is not None
    assert (nils.organisation_id, nils.password_hash) == (cast.fjordbank.id, None)


def refuse(address: str) -> None:
    """The letters to an address are written, and the server refuses them."""
    with transaction():
        gathering.gather(AT)
        for letter in db.session.scalars(select(Letter).where(Letter.to_address == address)):
            letter.state, letter.refused_at = LetterState.PARKED, AT
