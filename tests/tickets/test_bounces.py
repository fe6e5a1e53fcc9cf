"""An answer whose letter is refused or comes back does not count."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import jobs
from app.catalogue.words import Kind, Priority
from app.database import db, transaction
from app.errors import Refusal
from app.mail import outbox
from app.mail import queries as mail
from app.mail.models import Letter, LetterState
from app.notices import gathering
from app.notices.models import Notice
from app.tickets import conversation, opening, queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry, Message, Ticket
from app.tickets.words import Channel, Status
from tests.cast import NOW, sign_in
from tests.smtp_sink import smtp_sink as smtp_sink
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(config, smtp_sink):
    """Write and send what is told, to a server that refuses Elke."""
    smtp_sink.answer("550 no such mailbox", to="elke.sommer@brenner-voss.example")
    settings = replace(config, mail_server="127.0.0.1", mail_port=smtp_sink.port)
    return lambda at: jobs.firing.send(lambda: at, settings)


@pytest.fixture
def judge(config):
    return lambda at: jobs.tickets.judge_bounces(lambda: at, config)


def reply(ticket_id: int, by, at, then=Then.NOTHING, body="Try this."):
    with transaction():
        ticket = queries.for_change(ticket_id)
        return conversation.reply(ticket, by=by, body=body, at=at, then=then)


def write(ticket_id: int, by, at):
    with transaction():
        conversation.requester_message(
            queries.for_change(ticket_id), by=by, body="And?", channel=Channel.PORTAL, at=at
        )


def send_back(at, answered_at):
    """The letter of the last answer was taken by the server, and sent back at ``at``."""
    with transaction():
        gathering.gather(answered_at)
        letter = last_letter()
        letter.state, letter.sent_at, letter.answered_at = (
            LetterState.SENT,
            answered_at,
            answered_at,
        )
        outbox.came_back(letter, at=at, reason="User unknown")


def last_letter() -> Letter:
    kinds = ("ticket-replied", "ticket-resolved")
    return db.session.query(Letter).filter(Letter.kind.in_(kinds)).order_by(Letter.id.desc())[0]


def now_(ticket_id: int) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id)


def told() -> list[Notice]:
    return db.session.query(Notice).filter_by(kind="answer-came-back").all()


def test_a_first_answer_that_is_refused_leaves_its_clock_as_if_it_had_never_been(
    ticket_id, cast, post, judge
):
    due_at = clock(ticket_id, "first_response").due_at
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    post(NOW + 11 * MINUTE)

    assert judge(NOW + 12 * MINUTE) == jobs.Done("took back 1 answer")
    assert judge(NOW + 13 * MINUTE) == jobs.Done()

    first = clock(ticket_id, "first_response")
    assert (first.state, first.met_at, first.due_at) == ("running", None, due_at)
    letter = last_letter()
    assert letter.answered_at == letter.refused_at == NOW + 11 * MINUTE
    assert letter.judged_at == NOW + 12 * MINUTE
    message = db.session.query(Message).filter_by(is_response=True).one()
    assert (message.taken_back_because, now_(ticket_id).why) == (
        "came back",
        "The answer came back",
    )


def test_who_looks_after_it_is_told_with_the_servers_words(ticket_id, cast, post, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    with transaction():
        queries.for_change(ticket_id).assignee_id = cast.mara.id
    post(NOW + 11 * MINUTE)
    judge(NOW + 12 * MINUTE)

    (notice,) = told()
    assert notice.person_id == cast.mara.id
    assert notice.facts["reason"] == "The mail server answered 550: no such mailbox"
    assert notice.facts["still"] == ""
    history = db.session.query(HistoryEntry).filter_by(verb="taken-back").one()
    assert history.facts["reason"] == notice.facts["reason"]


def test_asking_back_in_vain_opens_the_ticket_and_the_span_counts_as_worked(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE, then=Then.WAIT)
    assert clock(ticket_id, "resolution").due_at is None
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)
    judge(NOW + 31 * MINUTE)

    ticket, resolution = now_(ticket_id), clock(ticket_id, "resolution")
    assert (ticket.status, ticket.waiting_until) == (Status.OPEN, None)
    assert resolution.due_at == NOW + timedelta(hours=18)


def test_a_solution_that_comes_back_leaves_the_ticket_resolved(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 5 * MINUTE)
    write(ticket_id, cast.elke, NOW + 8 * MINUTE)
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE, then=Then.RESOLVE)
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)
    judge(NOW + 31 * MINUTE)

    assert now_(ticket_id).status is Status.RESOLVED
    assert now_(ticket_id).resolved_at == NOW + 10 * MINUTE
    assert clock(ticket_id, "resolution").met_at == NOW + 10 * MINUTE
    assert clock(ticket_id, "next_response").cancelled_reason == "resolved"


def test_a_solution_that_was_the_first_answer_opens_the_ticket_again(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE, then=Then.RESOLVE)
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)
    judge(NOW + 31 * MINUTE)

    assert (now_(ticket_id).status, now_(ticket_id).resolved_at) == (Status.OPEN, None)
    assert clock(ticket_id, "first_response").state == "running"
    assert clock(ticket_id, "resolution").state == "running"


def test_an_agents_own_opening_message_that_comes_back_is_no_answer(cast, judge):
    with transaction():
        ticket = opening.open_ticket(
            requester=cast.elke,
            subject="Your certificate ends on Friday",
            body="Please sign in once before.",
            priority=Priority.HIGH,
            kind=Kind.INCIDENT,
            by=cast.mara,
            channel=Channel.DESK,
            at=NOW,
            how=opening.How.OURS,
        )
    assert clock(ticket.id, "first_response").met_at == NOW
    send_back(NOW + 30 * MINUTE, NOW + MINUTE)

    assert judge(NOW + 31 * MINUTE) == jobs.Done("took back 1 answer")
    first = clock(ticket.id, "first_response")
    assert (first.met_at, first.breached_at) == (None, NOW + 30 * MINUTE)


def test_what_the_requester_opened_counts(ticket_id, cast, judge):
    message = reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    with transaction():
        db.session.get_one(Message, message.id).opened_at = NOW + 12 * MINUTE
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)

    assert judge(NOW + 31 * MINUTE) == jobs.Done()
    assert clock(ticket_id, "first_response").state == "met"
    assert told()[0].facts["still"] == "the requester has opened it"


def test_what_the_requester_wrote_after_counts(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    write(ticket_id, cast.elke, NOW + 20 * MINUTE)
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)
    judge(NOW + 31 * MINUTE)

    assert clock(ticket_id, "first_response").state == "met"


def test_a_letter_that_comes_back_after_an_hour_takes_nothing_back(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    send_back(NOW + 72 * MINUTE, NOW + 11 * MINUTE)
    judge(NOW + 73 * MINUTE)

    assert clock(ticket_id, "first_response").state == "met"
    assert "more than an hour" in told()[0].facts["still"]


def test_the_hour_begins_with_the_servers_first_answer(ticket_id, cast, config, smtp_sink):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    smtp_sink.answer("451 try later", to="elke.sommer@brenner-voss.example")
    settings = replace(config, mail_server="127.0.0.1", mail_port=smtp_sink.port)
    jobs.firing.send(lambda: NOW + 11 * MINUTE, settings)
    smtp_sink.behave()
    jobs.firing.send(lambda: NOW + 20 * MINUTE, settings)

    letter = last_letter()
    assert (letter.answered_at, letter.sent_at) == (NOW + 11 * MINUTE, NOW + 20 * MINUTE)


def test_the_letter_of_somebody_in_copy_takes_nothing_back(ticket_id, cast, judge):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    with transaction():
        db.session.query(Notice).filter_by(kind="ticket-replied").update(
            {"person_id": cast.martin.id}
        )
    send_back(NOW + 30 * MINUTE, NOW + 11 * MINUTE)

    assert judge(NOW + 31 * MINUTE) == jobs.Done()
    assert clock(ticket_id, "first_response").state == "met"
    assert told() == []


def test_letters_of_a_ladder_are_left_to_the_ladder(ticket_id, cast, judge):
    with transaction():
        letter = outbox.queue(
            "escalation-digest",
            to=cast.petra,
            at=NOW,
            facts={"at": NOW.isoformat(), "breached": 0, "at_risk": 0, "items": []},
            key="a digest",
        )
        letter.state, letter.sent_at = LetterState.SENT, NOW
        outbox.came_back(letter, at=NOW, reason="Mailbox full")
    judge(NOW + MINUTE)

    assert mail.letter(letter.id).judged_at is None


def test_a_manager_says_on_its_page_that_a_letter_came_back(client, ticket_id, cast):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    with transaction():
        gathering.gather(NOW + 10 * MINUTE)
        letter = last_letter()
        letter.state, letter.sent_at = LetterState.SENT, NOW + 11 * MINUTE
    url = f"/manage/mail/{letter.id}"
    sign_in(client, cast.jens)

    assert "It came back" in client.get(url).text
    assert "Say why it came back" in client.post(f"{url}/return", data={"reason": ""}).text
    assert client.post(f"{url}/return", data={"reason": "User unknown"}).status_code == 303
    assert "User unknown" in client.get(url).text
    assert "It came back</button>" not in client.get(url).text
    assert last_letter().refused_at is not None


def test_only_a_letter_that_was_sent_can_come_back(ticket_id, cast):
    reply(ticket_id, cast.mara, NOW + 10 * MINUTE)
    with transaction():
        gathering.gather(NOW + 10 * MINUTE)

    with pytest.raises(Refusal, match="only one that was sent"):
        outbox.came_back(last_letter(), at=NOW, reason="x")
