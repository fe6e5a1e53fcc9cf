"""Macros: words with allow-listed variables, and changes that go with them."""

from datetime import timedelta

import pytest

from app.catalogue.words import Priority
from app.clocks.models import Clock
from app.database import db, transaction
from app.errors import Forbidden, NotFound, Refusal
from app.people.access import sight_of
from app.tickets import (
    conversation,
    drafts,
    macro_changes,
    macros,
    queries,
    stands,
    tagging,
    undoing,
    wording,
)
from app.tickets.conversation import Then
from app.tickets.desk_models import Macro
from app.tickets.history import page as history_of
from app.tickets.macro_changes import Changes
from app.tickets.macros import Content
from app.tickets.models import HistoryEntry, Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import MessageKind, Status
from tests.cast import NOW

LATER = NOW + timedelta(minutes=5)


def content(**facts) -> Content:
    given = {"name": "Ask for the log", "body": "Please send the log.", "is_own": False}
    return Content(**given | {"is_note": False, "changes": Changes()} | facts)


def write(by, **facts) -> Macro:
    with transaction():
        return macros.add(content(**facts), by=by, at=NOW)


def clocks_of(ticket_id: int) -> list[Clock]:
    return db.session.query(Clock).filter_by(ticket_id=ticket_id).all()


def names(person) -> list[str]:
    return [macro.name for macro in macros.offered_to(person)]


def test_everybody_is_offered_their_own_their_teams_and_what_is_shared(cast):
    write(cast.jens, name="Shared")
    write(cast.petra, name="Of the service desk", team=cast.service_desk)
    write(cast.mara, name="Mara's", is_own=True)
    write(cast.jens, name="Of the network", team=cast.network)
    write(cast.jens, name="Put away", is_active=False)

    assert names(cast.mara) == ["Mara's", "Of the network", "Of the service desk", "Shared"]
    assert names(cast.tomas) == ["Of the network", "Shared"]
    assert names(cast.petra) == ["Of the service desk", "Shared"]


def test_a_macro_is_changed_by_its_owner_the_teams_lead_or_a_manager(cast):
    own = write(cast.mara, is_own=True)
    teams = write(cast.petra, team=cast.service_desk)
    shared = write(cast.jens)

    assert macros.may_change(own, cast.mara)
    assert macros.may_change(teams, cast.petra)
    assert macros.may_change(teams, cast.jens)
    for found, by in ((teams, cast.mara), (shared, cast.petra)):
        with pytest.raises(Forbidden):
            macros.change(found, content(), by=by, at=NOW)
    with pytest.raises(NotFound):
        macros.macro(own.id, by=cast.jens)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "  "}, "Give it a name"),
        ({"body": " "}, "Write the words"),
        ({"body": "Dear {{ requester.phone }}"}, r"There is no \{\{ requester.phone \}\}"),
        ({"body": "{{ 7*7 }}"}, r"There is no \{\{ 7\*7 \}\}"),
        ({"is_note": True, "changes": Changes(status="resolve")}, "reaches no requester"),
        ({}, "Only managers"),
    ],
)
def test_a_macro_that_cannot_be_is_refused_with_a_sentence(cast, facts, sentence):
    with pytest.raises(Refusal, match=sentence):
        write(cast.mara, **facts)


def test_only_a_lead_writes_for_the_team(cast):
    with pytest.raises(Refusal, match="Only the team's lead"):
        write(cast.mara, team=cast.service_desk)


def test_variables_are_filled_in_once_and_nothing_is_computed(cast, ticket):
    ticket = queries.find_ticket(sight_of(cast.mara), ticket.id)
    ticket.subject = "{{agent.name}} *now* https://evil.example"
    facts = wording.facts_of(ticket, organisation=cast.brenner, agent=cast.mara, house="Halden")

    said = wording.filled(
        "Dear {{requester.first_name}}, {{ ticket.ref }}: {{ticket.subject}} {{x.y}} {{7*7}}", facts
    )

    assert said == (
        f"Dear Elke, #{ticket.id}: {{{{agent\\.name}}}} \\*now\\* "
        "https\\:\\/\\/evil\\.example {{x.y}} {{7*7}}"
    )


def test_its_changes_come_first_so_that_the_answer_counts_under_the_new_priority(cast, ticket):
    macro = write(
        cast.jens,
        name="Major outage",
        changes=Changes(
            priority=Priority.URGENT,
            tags=("outage",),
            team_id=cast.network.id,
            assignee="me",
            status="wait",
        ),
    )
    with transaction():
        one = for_change(ticket.id)
        macro_changes.apply(one, macro, by=cast.mara, at=LATER)
        conversation.reply(one, by=cast.mara, body="On it.", at=LATER, then=Then.WAIT)

    one = db.session.get_one(Ticket, ticket.id)
    assert (one.priority, one.team_id, one.assignee_id) == (
        Priority.URGENT,
        cast.network.id,
        cast.mara.id,
    )
    assert one.status is Status.WAITING_REQUESTER
    assert tagging.tags_of([one.id])[one.id] == ["outage"]
    verbs = [entry.verb for entry in history_of(one)]
    assert verbs.index("replied") < verbs.index("priority") < verbs.index("macro")


def test_what_is_so_already_is_not_changed_again(cast, ticket):
    macro = write(cast.jens, changes=Changes(priority=Priority.HIGH, team_id=ticket.team_id))
    before = db.session.query(HistoryEntry).filter_by(ticket_id=ticket.id).count()

    with transaction():
        macro_changes.apply(for_change(ticket.id), macro, by=cast.mara, at=LATER)

    assert db.session.query(HistoryEntry).filter_by(ticket_id=ticket.id).count() == before + 1


def test_a_ticket_that_goes_to_another_team_leaves_whoever_is_not_in_it(cast, ticket):
    macro = write(cast.jens, changes=Changes(team_id=cast.network.id))
    for assignee, keeps in ((cast.petra, False), (cast.mara, True)):
        with transaction():
            one = for_change(ticket.id)
            one.team_id, one.assignee_id = cast.service_desk.id, assignee.id
            macro_changes.apply(one, macro, by=cast.jens, at=LATER)

        one = db.session.get_one(Ticket, ticket.id)
        assert one.team_id == cast.network.id
        assert (one.assignee_id == assignee.id) is keeps


def test_a_macro_lets_the_ticket_wait_for_a_vendor_once_its_words_are_sent(cast, ticket):
    macro = write(cast.jens, name="Ask the vendor", changes=Changes(status="waiting_vendor"))

    with transaction():
        one = for_change(ticket.id)
        sent = conversation.reply(one, by=cast.mara, body="We asked the vendor.", at=LATER)
        macro_changes.wait_for_vendor(one, macro, by=cast.mara, at=LATER, sent=sent)

    assert db.session.get_one(Ticket, ticket.id).status is Status.WAITING_VENDOR


def test_undo_of_the_answer_puts_back_what_its_macro_changed(cast, ticket):
    changes = Changes(
        status="waiting_vendor",
        priority=Priority.URGENT,
        tags=("vendor",),
        team_id=cast.network.id,
        assignee="me",
    )
    macro = write(cast.jens, name="Ask the vendor", changes=changes)
    before = stands.stand(ticket), {clock.measure: clock.due_at for clock in clocks_of(ticket.id)}
    with transaction():
        one = for_change(ticket.id)
        macro_changes.apply(one, macro, by=cast.mara, at=LATER)
        sent = conversation.reply(one, by=cast.mara, body="We asked.", at=LATER, undo_s=10)
        macro_changes.wait_for_vendor(one, macro, by=cast.mara, at=LATER, sent=sent)

    with transaction():
        one, sent = for_change(ticket.id), db.session.get_one(Message, sent.id)
        undoing.undo(one, sent, by=cast.mara, at=LATER + timedelta(seconds=5))

    one = db.session.get_one(Ticket, ticket.id)
    after = {clock.measure: clock.due_at for clock in clocks_of(ticket.id) if clock.is_open}
    assert (stands.stand(one), after, one.status) == (*before, Status.NEW)
    typed = drafts.drafts_of(one, cast.mara)[MessageKind.MESSAGE]
    assert (typed.body, typed.macro_id) == ("We asked.", macro.id)


def test_undo_leaves_what_somebody_changed_since_the_macro(cast, ticket):
    macro = write(cast.jens, changes=Changes(priority=Priority.URGENT, tags=("vendor",)))
    with transaction():
        one = for_change(ticket.id)
        macro_changes.apply(one, macro, by=cast.mara, at=LATER)
        sent = conversation.reply(one, by=cast.mara, body="We asked.", at=LATER, undo_s=10)
        tagging.tag(one, "printer", by=cast.jens, at=LATER)

    with transaction():
        one, sent = for_change(ticket.id), db.session.get_one(Message, sent.id)
        undoing.undo(one, sent, by=cast.mara, at=LATER + timedelta(seconds=5))

    one = db.session.get_one(Ticket, ticket.id)
    assert one.priority is Priority.URGENT
    assert tagging.tags_of([one.id])[one.id] == ["printer", "vendor"]


def test_the_changes_are_said_in_words(cast):
    changes = Changes(
        status="resolve",
        priority=Priority.LOW,
        tags=("vpn",),
        team_id=cast.network.id,
        assignee=str(cast.tomas.id),
    )

    assert macro_changes.said(changes) == [
        "resolves",
        "priority Low",
        "tag vpn",
        "team Network",
        "assigned to Tomás Rivera",
    ]
