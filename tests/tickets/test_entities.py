"""Rows made of columns, and the connection that a transaction keeps: as the ORM's own would be."""

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError, PendingRollbackError
from sqlalchemy.orm import aliased

from app.database import db
from app.entities import Entity
from app.people.models import Organisation, Person, Team
from app.statements import kept, rows
from tests.cast import Cast

LEAD = aliased(Person)
TEAM = Entity(Team, "name", "lead_id", lead=Entity(Person, "name", of=LEAD))
TEAMS = kept(TEAM.join(select(*TEAM.columns)).order_by(Team.id))
PERSON = Entity(Person)


@pytest.fixture(autouse=True)
def fresh(app: Flask, cast: Cast) -> None:
    """Nothing of the cast is held any more."""
    db.session.commit()
    db.session.expunge_all()


def read(name: str) -> Person:
    found = rows(select(*PERSON.columns).where(Person.name == name)).one()
    person, rest = PERSON.taken_from(found)
    assert person is not None
    assert tuple(rest) == ()
    return person


def test_a_row_is_the_sessions_own_however_it_was_read(cast: Cast):
    mara = read("Mara Lindt")

    assert db.session.get(Person, mara.id) is mara
    assert read("Mara Lindt") is mara
    assert mara not in db.session.dirty


def test_a_change_that_is_not_written_yet_is_not_read_over(cast: Cast):
    mara = read("Mara Lindt")
    mara.zone = "Asia/Tokyo"

    with db.session.no_autoflush:
        assert read("Mara Lindt").zone == "Asia/Tokyo"

    db.session.commit()
    assert db.session.scalar(select(Person.zone).where(Person.id == mara.id)) == "Asia/Tokyo"


def test_what_was_not_asked_for_is_read_when_somebody_looks_at_it(cast: Cast):
    found = [TEAM.taken_from(row)[0] for row in rows(TEAMS)]
    team = next(team for team in found if team is not None and team.lead is not None)

    assert team.lead is db.session.get(Person, team.lead_id)
    assert "address" not in team.lead.__dict__
    assert team.lead.address is not None
    with pytest.raises(InvalidRequestError):
        _ = team.lead.organisation


def test_what_a_held_row_lacks_is_added_and_who_is_not_there_is_none(cast: Cast):
    team = db.session.scalars(select(Team).where(Team.lead_id.is_(None))).first()
    if team is None:
        team = db.session.scalars(select(Team)).first()
        assert team is not None
        team.lead_id = None
        db.session.commit()
    found = [TEAM.taken_from(row)[0] for row in rows(TEAMS)]

    assert [each.lead for each in found if each is not None and each.id == team.id] == [None]
    short = Entity(Person, "name")
    row = rows(select(*short.columns).where(Person.name == "Mara Lindt")).one()
    mara, _rest = short.taken_from(row)
    assert mara is not None
    assert "address" not in mara.__dict__
    assert read("Mara Lindt") is mara
    assert "address" in mara.__dict__


def test_a_kept_connection_leaves_savepoints_what_they_undo(cast: Cast):
    name = text("SELECT name FROM organisation WHERE slug = 'halden'")
    rename = "UPDATE organisation SET name = :name WHERE slug = 'halden'"
    rows(name)
    db.session.connection().execute(text(rename), {"name": "Before"})

    with db.session.begin_nested() as savepoint:
        db.session.connection().execute(text(rename), {"name": "Within"})
        assert rows(name).scalar() == "Within"
        savepoint.rollback()

    assert rows(name).scalar() == "Before"


def test_a_kept_connection_is_none_after_a_write_that_failed(cast: Cast):
    rows(select(Person.id).limit(1)).all()
    mara = read("Mara Lindt")
    db.session.add(Person(name="Again", address=mara.address, role=mara.role, organisation_id=1))

    with pytest.raises(IntegrityError):
        db.session.flush()
    with pytest.raises(PendingRollbackError):
        rows(select(Organisation.id))

    db.session.rollback()
    assert rows(select(Person.id).limit(1)).all() != []


def test_a_kept_statement_is_asked_with_what_is_handed_over_each_time(cast: Cast):
    by_name = kept(select(Person.name).where(Person.name == bindparam("name")))

    for name in ("Mara Lindt", "Jens Adler", "Nobody"):
        assert rows(by_name, {"name": name}).scalar() in (name, None)
    assert rows(by_name.limit(0), {"name": "Mara Lindt"}).scalar() is None
