"""What was one is two: a merge taken apart, a message that becomes a ticket of its own."""

from datetime import timedelta

import pytest

from app.catalogue.words import Priority
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.people import access
from app.tickets import conversation, lifecycle, merging, queries, splitting, unmerging
from app.tickets.conversation import Then
from app.tickets.models import Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


def merge(cast: Cast, source_id: int, into_id: int, *, minute: int = 20) -> None:
    with transaction():
        both = merging.for_both(source_id, into_id)
        merging.merge(*both, reason="Same gateway", by=cast.mara, at=NOW + minute * MINUTE)


def unmerge(
    cast: Cast, source_id: int, into_id: int, *, minute: int = 25, reason: str = "Two things"
) -> Ticket:
    with transaction():
        both = merging.for_both(source_id, into_id)
        unmerging.unmerge(*both, reason=reason, by=cast.mara, at=NOW + minute * MINUTE)
        return both[0]


def wrote(cast: Cast, ticket_id: int, body: str, *, minute: int) -> int:
    with transaction():
        return conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body=body,
            channel=Channel.PORTAL,
            at=NOW + minute * MINUTE,
        ).id


def test_both_promises_are_what_they_were_and_each_reads_its_own(cast, older, younger):
    merge(cast, older, younger)
    foreseen = unmerging.foresee(
        db.session.get_one(Ticket, older), db.session.get_one(Ticket, younger), at=NOW + 25 * MINUTE
    )
    source = unmerge(cast, older, younger)

    assert {one.measure: one.then.due_at for one in foreseen[1]}["first_response"] == clock(
        younger, "first_response"
    ).due_at
    assert clock(older, "first_response").due_at == NOW + 30 * MINUTE
    assert clock(younger, "first_response").due_at == NOW + 40 * MINUTE
    assert (source.status, source.merged_into_id) == (Status.NEW, None)
    assert queries.find_ticket(access.sight_of(cast.elke), younger) is None
    told = [(n.kind, n.person_id) for n in db.session.query(Notice)]
    assert ("ticket-unmerged", cast.elke.id) in told


def test_it_stands_where_it_stood_and_can_be_merged_again(cast, older, younger):
    with transaction():
        lifecycle.hold(
            for_change(older),
            by=cast.mara,
            until=NOW.date() + timedelta(days=3),
            reason="Part ordered",
            at=NOW + MINUTE,
        )
    merge(cast, older, younger)
    source = unmerge(cast, older, younger)
    assert (source.status, source.hold_until) == (Status.ON_HOLD, NOW.date() + timedelta(days=3))

    merge(cast, older, younger, minute=30)
    assert db.session.get_one(Ticket, older).merged_into_id == younger
    source = unmerge(cast, older, younger, minute=35)
    assert source.status is Status.ON_HOLD


def test_what_was_said_since_stays_with_the_other(cast, older, younger):
    merge(cast, older, younger)
    wrote(cast, younger, "Both of us, then.", minute=22)
    unmerge(cast, older, younger)

    def bodies(ticket_id: int) -> list[str]:
        ticket = db.session.get_one(Ticket, ticket_id)
        return [message.body for message in queries.messages_of(ticket, with_notes=False)]

    assert bodies(older) == ["Since half past three nobody in finance can connect."]
    assert bodies(younger) == ["Nor can I.", "Both of us, then."]


def test_it_is_refused_where_it_makes_no_sense(cast, older, younger):
    with pytest.raises(Refusal, match="is not merged into"):
        unmerge(cast, older, younger)
    merge(cast, older, younger)
    with pytest.raises(Refusal, match="why they are two"):
        unmerge(cast, older, younger, reason=" ")
    third = open_request(cast.elke, cast.vpn_problem, at=NOW + 11 * MINUTE).id
    merge(cast, third, younger, minute=21)
    with pytest.raises(Refusal, match="take that one out first"):
        unmerge(cast, older, younger)
    fourth = open_request(cast.elke, cast.vpn_problem, at=NOW + 12 * MINUTE).id
    merge(cast, younger, fourth, minute=22)
    with pytest.raises(Refusal, match="take that apart first"):
        unmerge(cast, third, younger)


def split(cast: Cast, ticket_id: int, *ids: int, minute: int = 60) -> Ticket:
    with transaction():
        ticket = for_change(ticket_id)
        chosen = [db.session.get_one(Message, id_) for id_ in ids]
        return splitting.split(
            ticket,
            chosen,
            subject=" A new  monitor ",
            priority=Priority.NORMAL,
            by=cast.mara,
            at=NOW + minute * MINUTE,
        )


def test_a_message_becomes_a_ticket_whose_contact_is_its_own(cast, older):
    with transaction():
        conversation.reply(for_change(older), by=cast.mara, body="On it.", at=NOW + 5 * MINUTE)
    asked = wrote(cast, older, "By the way, my monitor flickers.", minute=15)
    chosen = [db.session.get_one(Message, asked)]
    ticket = db.session.get_one(Ticket, older)
    foreseen = splitting.foresee(ticket, chosen, priority=Priority.NORMAL, at=NOW + 60 * MINUTE)
    new = split(cast, older, asked)

    assert (new.subject, new.requester_id, new.split_from_id, new.status) == (
        "A new monitor",
        cast.elke.id,
        older,
        Status.NEW,
    )
    assert new.contact_at == NOW + 15 * MINUTE
    assert clock(new.id, "first_response").started_at == NOW + 15 * MINUTE
    assert {one.measure: one.then.due_at for one in foreseen} == {
        measure: clock(new.id, measure).due_at for measure in ("first_response", "resolution")
    }
    copy = queries.messages_of(new, with_notes=True)[0]
    assert (copy.body, copy.copied_from_id) == ("By the way, my monitor flickers.", asked)
    assert new.split_from_id == ticket.id
    assert queries.messages_of(ticket, with_notes=True)[-1].id == asked
    told = [(n.kind, n.ticket_id) for n in db.session.query(Notice)]
    assert ("ticket-opened", new.id) in told


def test_an_answer_since_then_has_met_its_first_response(cast, older):
    asked = wrote(cast, older, "And my monitor flickers.", minute=15)
    with transaction():
        conversation.reply(
            for_change(older), by=cast.mara, body="Both?", then=Then.WAIT, at=NOW + 20 * MINUTE
        )
    new = split(cast, older, asked)

    first = clock(new.id, "first_response")
    assert (first.state, first.met_at) == ("met", NOW + 20 * MINUTE)
    assert new.status is Status.OPEN
    with transaction():
        lifecycle.resolve(for_change(new.id), by=cast.mara, solution="Cable.", at=NOW + 61 * MINUTE)
    assert clock(new.id, "resolution").state == "met"


def test_only_what_the_requester_wrote_later_is_split_off(cast, older, younger):
    with transaction():
        answer = conversation.reply(
            for_change(older), by=cast.mara, body="On it.", at=NOW + 5 * MINUTE
        ).id
    first = queries.messages_of(db.session.get_one(Ticket, older), with_notes=True)[0].id
    other = queries.messages_of(db.session.get_one(Ticket, younger), with_notes=True)[0].id
    for ids, words in (((), "Choose what"), ((first,), "after the first"), ((answer,), "after")):
        with pytest.raises(Refusal, match=words):
            split(cast, older, *ids)
    with pytest.raises(Refusal, match="after the first"):
        split(cast, older, other)
    asked = wrote(cast, older, "And?", minute=15)
    with transaction():
        lifecycle.resolve(for_change(older), by=cast.mara, solution="Done", at=NOW + 30 * MINUTE)
    with pytest.raises(Refusal, match="only an open ticket"):
        split(cast, older, asked)
