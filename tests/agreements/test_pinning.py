"""The version in force at contact stays with the ticket, whatever becomes of the agreement."""

import tomllib
from datetime import date, timedelta

import pytest

from app.agreements import choosing, loading
from app.agreements.models import AgreementVersion
from app.catalogue.words import Priority
from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import db, transaction
from app.tickets import classification, conversation, queries
from tests.cast import NOW, Cast, assemble
from tests.factories import open_request

DAY = timedelta(days=1)


@pytest.fixture
def cast(app) -> Cast:
    return assemble()


def resolution(ticket_id: int) -> Clock:
    db.session.expire_all()
    rows = clocks.clocks_of([ticket_id])[ticket_id]
    return [row for row in rows if row.measure == "resolution"][-1]


def end_workplace(cast: Cast, on: date) -> None:
    """The agreement with Brenner & Voss ends; no job has to run for that."""
    with transaction():
        db.session.get_one(AgreementVersion, cast.workplace.version.id).effective_until = on


def test_a_ticket_keeps_the_version_of_its_contact_when_the_agreement_ends(cast):
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    before = resolution(ticket.id).due_at
    end_workplace(cast, NOW.date())

    with transaction():
        conversation.reply(
            queries.for_change(ticket.id), by=cast.mara, body="On it.", at=NOW + DAY / 24
        )
        terms = queries.terms_of(queries.for_change(ticket.id))

    assert terms.version_id == ticket.version_id == cast.workplace.version.id
    assert resolution(ticket.id).due_at == before


def test_a_target_chosen_after_the_end_is_still_of_the_pinned_version(cast):
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    end_workplace(cast, NOW.date())
    with transaction():
        classification.prioritise(
            queries.for_change(ticket.id),
            priority=Priority.URGENT,
            reason="",
            by=cast.mara,
            at=NOW + 2 * DAY,
        )

    assert resolution(ticket.id).version_id == cast.workplace.version.id


def test_a_request_after_the_end_goes_to_the_house(cast):
    end_workplace(cast, NOW.date())

    last = open_request(cast.elke, cast.vpn_problem, at=NOW + DAY / 3)
    first = open_request(cast.elke, cast.vpn_problem, at=NOW + DAY / 2)

    assert last.version_id == cast.workplace.version.id  # 22:20 in Berlin
    assert first.version_id == cast.house.version.id  # 02:20 of the day after


def test_a_version_that_begins_while_a_ticket_is_open_leaves_it_alone(cast):
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    values = tomllib.loads((loading.PRESETS / "managed-workplace.toml").read_text("utf-8"))
    values["agreement"]["effective_from"] = (NOW + DAY).date()
    with transaction():
        after = loading.load(values, at=NOW).version

    with transaction():
        terms = queries.terms_of(queries.for_change(ticket.id))
    newer = open_request(cast.elke, cast.vpn_problem, at=NOW + DAY)

    assert terms.version_id == cast.workplace.version.id
    assert newer.version_id == after.id
    assert next(held.number for held in choosing.in_force(cast.brenner.id, NOW + DAY)) == 2
