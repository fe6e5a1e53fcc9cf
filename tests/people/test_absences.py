"""Noting absences, choosing who stands in, ending them early."""

from datetime import timedelta

import pytest

from app.errors import Forbidden, NotFound, Refusal
from app.people import absences, joining, queries
from tests.people.conftest import AT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def away(person, substitute=None, *, by, starts_at=AT - HOUR, ends_at=AT + DAY):
    return absences.note(
        person,
        starts_at=starts_at,
        ends_at=ends_at,
        substitute=substitute,
        reason="ill",
        by=by,
        at=AT,
    )


def test_an_agent_notes_the_own_absence_and_a_manager_anybodys(mara, petra):
    away(mara, petra, by=mara)
    away(mara, petra, by=petra)

    assert queries.stand_in(mara, AT) is petra
    with pytest.raises(Forbidden):
        away(petra, by=mara)


def test_an_absence_that_cannot_be_is_refused_at_its_field(mara, petra, elke, session, halden):
    gone = joining.add_person("Jens Adler", organisation=halden, at=AT)
    joining.disable(gone)
    cases = [
        ("substitute", {"substitute": mara}),
        ("substitute", {"substitute": elke}),
        ("substitute", {"substitute": gone}),
        ("ends", {"starts_at": AT + DAY}),
        ("ends", {"starts_at": AT - DAY, "ends_at": AT}),
    ]

    for field, changes in cases:
        with pytest.raises(Refusal) as refused:
            away(mara, by=mara, **changes)
        assert refused.value.field == field
    with pytest.raises(Refusal, match="Elke Sommer works no tickets here"):
        away(elke, by=petra)


def test_coming_back_early_ends_the_absence_now(mara, petra, session):
    absence = away(mara, petra, by=mara)

    absences.end(absence, by=mara, at=AT)

    assert queries.present(mara, AT)
    assert not queries.present(mara, AT - HOUR)
    with pytest.raises(Refusal, match="over"):
        absences.end(absence, by=mara, at=AT)


def test_an_absence_that_has_not_begun_is_taken_back(mara):
    absence = away(mara, by=mara, starts_at=AT + HOUR)

    absences.end(absence, by=mara, at=AT)

    assert absences.current_and_coming(at=AT) == []


def test_another_stands_in_from_now_on(mara, petra, halden):
    jens = joining.add_person(
        "Jens Adler", organisation=halden, at=AT, role=petra.role, address="jens@halden.example"
    )
    absence = away(mara, petra, by=mara)

    absences.appoint(absence, substitute=jens, by=petra, at=AT)

    assert queries.stand_in(mara, AT) is jens
    with pytest.raises(Refusal, match="Nobody stands in for themselves"):
        absences.appoint(absence, substitute=mara, by=petra, at=AT)


def test_nobody_but_managers_sees_the_absence_of_another(mara, petra):
    absence = away(petra, by=petra)

    with pytest.raises(NotFound):
        absences.absence(absence.id, seen_by=mara)
    assert absences.absence(absence.id, seen_by=petra) is absence


def test_current_and_coming_absences_are_listed_the_earliest_first(mara, petra):
    later = away(mara, by=mara, starts_at=AT + HOUR)
    now = away(petra, by=petra)

    assert absences.current_and_coming(at=AT) == [now, later]
    assert absences.current_and_coming(at=AT, person_id=mara.id) == [later]
    assert absences.current_and_coming(at=AT + DAY) == []
