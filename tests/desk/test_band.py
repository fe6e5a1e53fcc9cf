"""The band of promises: a cell per clock, and what the ladder does next, when, and to whom."""

from datetime import timedelta

from app import wallclock
from app.catalogue.words import Priority
from app.database import transaction
from app.desk import band
from app.escalation import firing
from app.tickets import assignment, classification, conversation, lifecycle, queries
from app.tickets.conversation import Then
from tests.cast import NOW

BERLIN = "Europe/Berlin"


def ladder(ticket_id: int, minutes: float):
    at = NOW + timedelta(minutes=minutes)
    with wallclock.frozen(at):
        return band.of(queries.for_change(ticket_id), zone=BERLIN, at=at).ladder


def test_it_names_the_next_rung_and_whom_it_would_tell(cast, ticket_id):
    with transaction():
        assignment.take(queries.for_change(ticket_id), by=cast.mara, at=NOW)

    assert ladder(ticket_id, 1).next == "Next at 14:42: Mara Lindt, assignee"
    assert ladder(ticket_id, 1).last == "Nobody told yet"


def test_what_fired_last_stands_beneath_and_the_next_one_follows(cast, ticket_id):
    with transaction():
        assignment.take(queries.for_change(ticket_id), by=cast.mara, at=NOW)
    at = NOW + timedelta(minutes=23)
    firing.fire_due(lambda: at)

    told = ladder(ticket_id, 24)
    assert told.next.startswith("Next at 14:47: ")
    assert told.last == "75 % told Mara Lindt 14:43 CET"


def test_who_was_told_of_what_a_change_left_behind_was_told_last(cast, ticket_id):
    at = NOW + timedelta(minutes=14)
    with transaction():
        one = queries.for_change(ticket_id)
        assignment.take(one, by=cast.mara, at=NOW)
        classification.prioritise(
            one, priority=Priority.URGENT, reason="Everybody", by=cast.tomas, at=at
        )
    firing.fire_due(lambda: at + timedelta(seconds=1))

    assert ladder(ticket_id, 15).last == "75 % told Mara Lindt 14:34 CET"


def test_while_we_wait_it_stands_still_and_after_the_end_there_is_none(cast, ticket_id):
    with transaction():
        conversation.reply(
            queries.for_change(ticket_id), by=cast.mara, body="Which?", at=NOW, then=Then.WAIT
        )
    assert ladder(ticket_id, 5).next == "Stands still while we wait"
    with transaction():
        lifecycle.resolve(queries.for_change(ticket_id), by=cast.mara, solution="Done.", at=NOW)

    assert ladder(ticket_id, 6) is None
