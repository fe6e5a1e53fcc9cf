"""Two tickets about one thing: the smaller remainder counts, and everybody finds the way."""

from datetime import timedelta

import pytest

from app.clocks import queries as clocks
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.people import access
from app.tickets import conversation, lifecycle, merging, queries
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


def merge(cast: Cast, source_id: int, into_id: int, *, reason: str = "Same gateway") -> Ticket:
    with transaction():
        source, into = merging.for_both(source_id, into_id)
        merging.merge(source, into, reason=reason, by=cast.mara, at=NOW + 20 * MINUTE)
        return into


def test_the_older_ones_smaller_remainder_counts_in_the_younger(cast, older, younger):
    foreseen = {
        one.measure: one.then and one.then.due_at
        for one in merging.foresee(for_change(older), for_change(younger), at=NOW + 20 * MINUTE)[1]
    }

    into = merge(cast, older, younger)

    assert clock(younger, "first_response").due_at == NOW + 30 * MINUTE
    assert foreseen["first_response"] == NOW + 30 * MINUTE
    assert {c.state for c in clocks.clocks_of([older])[older]} == {"cancelled"}
    source = db.session.get_one(Ticket, older)
    assert (source.status, source.merged_into_id, source.stands) == (
        Status.MERGED,
        into.id,
        f"merged into {into.ref}",
    )


def test_both_conversations_are_read_together_by_both_requesters(cast, older, younger):
    into = merge(cast, older, younger)

    bodies = [message.body for message in queries.messages_of(into, with_notes=False)]
    assert bodies == ["Since half past three nobody in finance can connect.", "Nor can I."]
    for person in (cast.elke, cast.martin):
        assert queries.find_ticket(access.sight_of(person), younger) is not None
    assert queries.find_ticket(access.sight_of(cast.martin), older) is None
    assert queries.find_ticket(access.sight_of(cast.sigrid), younger) is None


def test_the_requester_is_told_and_gets_the_answers_from_then_on(cast, older, younger):
    merge(cast, older, younger)
    with transaction():
        conversation.reply(for_change(younger), by=cast.mara, body="Fixed.", at=NOW + 25 * MINUTE)

    told = [(n.kind, n.person_id) for n in db.session.query(Notice) if n.kind != "ticket-opened"]
    assert ("ticket-merged", cast.elke.id) in told
    assert {person for kind, person in told if kind == "ticket-replied"} == {
        cast.elke.id,
        cast.martin.id,
    }


def test_a_merged_ticket_takes_nothing_more_and_says_where_it_went(cast, older, younger):
    merge(cast, older, younger)

    for deed in (
        lambda t: conversation.reply(t, by=cast.mara, body="Hello", at=NOW + 30 * MINUTE),
        lambda t: lifecycle.resolve(t, by=cast.mara, solution="Done", at=NOW + 30 * MINUTE),
        lambda t: conversation.requester_message(
            t, by=cast.elke, body="And?", channel=Channel.PORTAL, at=NOW + 30 * MINUTE
        ),
        lambda t: lifecycle.reopen(t, by=cast.mara, reason="So", at=NOW + 30 * MINUTE),
    ):
        with pytest.raises(Refusal, match=f"merged into #{younger}"), transaction():
            deed(for_change(older))


def test_it_goes_into_an_open_ticket_of_the_same_organisation_only(cast, older, younger):
    foreign = open_request(cast.sigrid, cast.vpn_problem, at=NOW).id
    with pytest.raises(Refusal, match="another organisation"):
        merge(cast, older, foreign)
    with pytest.raises(Refusal, match="into itself"):
        merge(cast, older, older)
    with pytest.raises(Refusal, match="why they are one"):
        merge(cast, older, younger, reason="")
    with transaction():
        lifecycle.resolve(for_change(younger), by=cast.mara, solution="Done", at=NOW + 15 * MINUTE)
    with pytest.raises(Refusal, match="an open one only"):
        merge(cast, older, younger)


def test_what_went_on_twice_is_still_found(cast, older, younger):
    last = open_request(cast.martin, cast.vpn_problem, at=NOW + 15 * MINUTE).id
    merge(cast, older, younger)
    merge(cast, younger, last)

    assert queries.find_ticket(access.sight_of(cast.elke), last) is not None
    assert [source.id for source in queries.sources_of(last)] == [older, younger]
