"""What stands beside a conversation, and what became of each letter."""

from datetime import datetime, timedelta

from sqlalchemy import event, select

from app.database import db, transaction
from app.mail import outbox
from app.mail.models import Letter, LetterState
from app.notices import gathering
from app.people import access
from app.people.access import Sight
from app.tickets import (
    agreeing,
    beside,
    conversation,
    lifecycle,
    linking,
    merging,
    presence,
    queries,
    rating,
    tagging,
    watching,
)
from app.tickets.delivery import Way
from app.tickets.linking import Relation
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from app.tickets.words import Writing
from tests.cast import NOW, Cast
from tests.factories import open_request

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def seen(cast: Cast, ticket_id: int) -> beside.Beside:
    return at_its_page(ticket_id, access.sight_of(cast.mara), NOW + MINUTE)


def at_its_page(ticket_id: int, sight: Sight, at: datetime) -> beside.Beside:
    ticket = queries.find_ticket(sight, ticket_id)
    assert ticket is not None
    return beside.of(ticket, sight=sight, at=at)


def test_a_bare_ticket_has_nothing_beside_it(cast, ticket_id):
    shown = seen(cast, ticket_id)

    assert (list(shown.watchers), list(shown.tags), list(shown.links)) == ([], [], [])
    assert (shown.agreed, shown.rated, shown.split_from) == (None, None, None)
    assert (list(shown.files), list(shown.sources), list(shown.drafts)) == ([], [], [])
    assert (list(shown.others), shown.other_count, list(shown.here)) == ([], 0, [])


def test_everything_beside_it_is_read_in_one_statement(cast, ticket_id):
    other = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Monitor").id
    done = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Printer").id
    with transaction():
        ticket = for_change(ticket_id)
        watching.watch(ticket, who=cast.petra, because="asked", by=cast.mara, at=NOW)
        tagging.tag(ticket, "vpn", by=cast.mara, at=NOW)
        tagging.tag(ticket, "finance", by=cast.mara, at=NOW)
        agreeing.agree(
            ticket,
            due_at=NOW + timedelta(days=2),
            reason="Spare part",
            accepted_by="Elke",
            by=cast.mara,
            at=NOW,
        )
        presence.seen(ticket_id, who=cast.tomas, writing=Writing.ANSWERING, at=NOW)
        presence.seen(ticket_id, who=cast.mara, writing=Writing.LOOKING, at=NOW)
    with transaction():
        linking.link(*merging.for_both(ticket_id, other), Relation.PARENT, by=cast.mara, at=NOW)
        linking.link(*merging.for_both(done, ticket_id), Relation.RELATED, by=cast.mara, at=NOW)
    with transaction():
        lifecycle.resolve(for_change(done), by=cast.mara, solution="Paper.", at=NOW + MINUTE)
    sight = access.sight_of(cast.mara)
    ticket = queries.find_ticket(sight, ticket_id)
    assert ticket is not None
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    shown = beside.of(ticket, sight=sight, at=NOW + timedelta(seconds=20))

    assert len(statements) == 1
    assert [one.name for one in shown.watchers] == ["Petra Weiss"]
    assert shown.tags == ["finance", "vpn"]
    assert [(relation, one.ref) for relation, one in shown.links] == [
        (Relation.PARENT, f"#{other}"),
        (Relation.RELATED, f"#{done}"),
    ]
    assert shown.agreed is not None
    assert (shown.agreed.due_at, shown.agreed.accepted_by) == (NOW + timedelta(days=2), "Elke")
    assert [(one.name, one.is_answering) for one in shown.here] == [("Tomás Rivera", True)]
    assert [(one.id, one.status) for one in shown.others] == [(other, "new"), (done, "resolved")]
    assert shown.other_count == 2


def test_what_the_reader_may_not_see_is_not_beside_it(cast, ticket_id):
    other = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        linking.link(*merging.for_both(ticket_id, other), Relation.RELATED, by=cast.mara, at=NOW)
    ticket = queries.find_ticket(access.sight_of(cast.mara), ticket_id)
    assert ticket is not None
    shown = beside.of(ticket, sight=access.sight_of(cast.sigrid), at=NOW)

    assert list(shown.links) == [] and list(shown.others) == []


def test_a_rating_stands_beside_what_was_rated(cast, ticket_id):
    with transaction():
        lifecycle.resolve(for_change(ticket_id), by=cast.mara, solution="Done.", at=NOW)
    with transaction():
        rating.rate(for_change(ticket_id), score=4, comment="Quick.", by=cast.elke, at=NOW)
    rated = seen(cast, ticket_id).rated

    assert rated is not None and (rated.score, rated.comment) == (4, "Quick.")


def test_each_letter_of_a_message_says_how_far_it_came(cast, ticket_id):
    with transaction():
        answer = conversation.reply(
            for_change(ticket_id), by=cast.mara, body="On it.", at=NOW, undo_s=10
        ).id

    sight = access.sight_of(cast.mara)

    def ways() -> list[tuple[str, Way]]:
        found = at_its_page(ticket_id, sight, NOW + SECOND).letters.get(answer, ())
        return [(one.name, one.way) for one in found]

    assert ways() == [("Elke Sommer", Way.HELD)]
    with transaction():
        gathering.gather(NOW + MINUTE)
    assert ways() == [("Elke Sommer", Way.WAITING)]
    with transaction():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "ticket-replied")).one()
        letter.state, letter.sent_at = LetterState.SENT, NOW + MINUTE
    assert ways() == [("Elke Sommer", Way.ACCEPTED)]
    with transaction():
        outbox.came_back(
            db.session.scalars(select(Letter).where(Letter.kind == "ticket-replied")).one(),
            at=NOW + 2 * MINUTE,
            reason="mailbox full",
        )
    found = at_its_page(ticket_id, sight, NOW).letters[answer][0]
    assert (found.way, found.reason, found.at) == (
        Way.CAME_BACK,
        "mailbox full",
        NOW + 2 * MINUTE,
    )
    assert queries.messages_of(db.session.get_one(Ticket, ticket_id), with_notes=True)
