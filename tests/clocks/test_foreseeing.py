"""What is foreseen is what happens, whatever became of the hours meanwhile."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.agreements import exceptions
from app.agreements.models import AgreementVersion
from app.calendars.models import CalendarVersion
from app.catalogue.words import Priority
from app.clocks import queries
from app.clocks.foreseeing import Foreseen
from app.database import db, transaction
from app.tickets import classification, merging
from app.tickets.queries import for_change
from tests import cast, factories
from tests.unit.clocks.cast import Story

MONDAY = datetime.fromisoformat("2026-11-16T15:00:00+00:00")
"""16:00 in Berlin, where hours are 08:00 to 18:00: two of a promise's four hours are left."""
TUESDAY_NOON = MONDAY + timedelta(hours=20)
"""Broken at ten, unless the day is a holiday."""


@pytest.fixture
def people(app):
    return cast.assemble()


@pytest.fixture
def ticket_id(people):
    """A ticket that has not followed yet: its Tuesday was made a holiday on Monday."""
    found = factories.open_request(people.elke, people.vpn_problem, at=MONDAY).id
    clock = resolution(found)
    with transaction():
        exceptions.except_day(
            db.session.get_one(AgreementVersion, clock.version_id),
            db.session.get_one(CalendarVersion, clock.calendar_version_id),
            on=date(2026, 11, 17),
            windows=(),
            name="Works outing",
            reason="The house is away.",
            by=people.jens,
            at=MONDAY + timedelta(hours=1),
        )
    return found


def resolution(ticket_id):
    db.session.expire_all()
    found = queries.clocks_of([ticket_id])[ticket_id]
    return next(clock for clock in found if clock.measure == "resolution")


def of_resolution(foreseen):
    return next(one for one in foreseen if one.measure == "resolution")


def test_a_change_of_priority_is_foreseen_under_the_newest_hours(ticket_id, people):
    with transaction():
        ticket = for_change(ticket_id)
        wanted = replace(classification.class_of(ticket), priority=Priority.LOW)
        foreseen = of_resolution(classification.foresee(ticket, wanted, at=TUESDAY_NOON))
        classification.prioritise(
            ticket, priority=Priority.LOW, reason="It can wait.", by=people.mara, at=TUESDAY_NOON
        )

    now = resolution(ticket_id)
    assert now.breached_at is None
    assert (foreseen.then.due_at, foreseen.then.breached_at) == (now.due_at, None)
    assert foreseen.now.due_at == MONDAY + timedelta(hours=42)  # Wednesday at ten
    assert foreseen.moves_out


def test_a_merge_is_foreseen_under_the_newest_hours(ticket_id, people):
    into = factories.open_request(people.elke, people.vpn_problem, at=TUESDAY_NOON).id
    with transaction():
        both = merging.for_both(ticket_id, into)
        _, foreseen = merging.foresee(*both, at=TUESDAY_NOON)
        merging.merge(*both, reason="The same.", by=people.mara, at=TUESDAY_NOON)

    then = of_resolution(foreseen).then
    assert (then.due_at, then.breached_at) == (resolution(into).due_at, None)


def test_the_next_question_is_a_promise_of_its_own_and_moves_none_out():
    clock = Story().clock()
    later = replace(clock, sequence=2, due_at=clock.due_at + timedelta(hours=1))

    assert not Foreseen("next_response", clock, later, clock.started_at).moves_out
    assert Foreseen("next_response", clock, replace(later, sequence=1), clock.started_at).moves_out
