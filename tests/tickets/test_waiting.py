"""Waiting for the requester: a letter asks after ten business days, five more and it is solved."""

from datetime import datetime, timedelta

import pytest

from app import jobs
from app.clocks import queries as clocks
from app.database import db, transaction
from app.notices.models import Notice
from app.tickets import conversation, lifecycle, queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.words import Channel, Status
from tests.cast import Cast
from tests.factories import open_request
from tests.tickets.promises import clock

ASKED = datetime.fromisoformat("2026-11-02T09:00:00+00:00")
"""Monday, 10:00 in Berlin; a business day is ten hours, from 08:00 to 18:00 there."""
TEN_DAYS = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
FIVE_MORE = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def waiting_id(cast: Cast) -> int:
    """Mara has asked Elke which gateway it is."""
    ticket = open_request(cast.elke, cast.vpn_problem, at=ASKED - HOUR)
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id), by=cast.mara, body="Which?", at=ASKED, then=Then.WAIT
        )
    return ticket.id


@pytest.fixture
def run(config):
    """Run the job at an instant."""
    return lambda at: jobs.tickets.lead_on_waiting(lambda: at, config)


def now_(ticket_id: int) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id)


def told(kind: str) -> list[Notice]:
    return db.session.query(Notice).filter_by(kind=kind).all()


def test_waiting_leads_on_after_ten_business_days_in_the_hours_of_the_resolution(waiting_id):
    ticket = now_(waiting_id)

    assert (ticket.waiting_since, ticket.waiting_until) == (ASKED, TEN_DAYS)


def test_then_a_letter_asks_and_no_clock_moves(waiting_id, cast, run):
    before = [(one.state, one.used_s) for one in clocks.clocks_of([waiting_id])[waiting_id]]
    asked_at = TEN_DAYS + timedelta(seconds=1)

    assert run(TEN_DAYS) == jobs.Done()
    assert run(asked_at) == jobs.Done("led on 1 waiting ticket")
    assert run(asked_at + HOUR) == jobs.Done()

    (notice,) = told("still-waiting")
    ticket = now_(waiting_id)
    assert (notice.person_id, notice.facts["last_words"]["text"]) == (cast.elke.id, "Which?")
    assert ticket.status is Status.WAITING_REQUESTER
    assert (ticket.asked_at, ticket.waiting_until) == (asked_at, FIVE_MORE + timedelta(seconds=1))
    assert [(one.state, one.used_s) for one in clocks.clocks_of([waiting_id])[waiting_id]] == before
    assert ticket.last_event_at == ASKED


def test_five_more_without_an_answer_and_it_is_resolved_however_late_the_job_runs(
    waiting_id, cast, run
):
    run(TEN_DAYS + timedelta(seconds=1))
    run(FIVE_MORE + timedelta(days=3))

    ticket, at = now_(waiting_id), FIVE_MORE + timedelta(seconds=1)
    assert (ticket.status, ticket.resolved_at) == (Status.RESOLVED, at)
    assert (ticket.resolved_because, ticket.waiting_until) == ("no answer", None)
    assert clock(waiting_id, "resolution").met_at == at
    (notice,) = told("resolved-unanswered")
    assert notice.facts["reopen_until"] == (at + timedelta(days=7)).isoformat()
    assert told("ticket-resolved") == []


def test_who_reads_german_is_told_in_german_why_it_ended(waiting_id, cast, run):
    with transaction():
        cast.elke.language = "de"
    run(TEN_DAYS + timedelta(seconds=1))
    run(FIVE_MORE + timedelta(days=3))

    last = queries.messages_of(now_(waiting_id), with_notes=False)[-1]
    assert last.body.startswith("Wir haben nichts mehr von Ihnen gehört")


def test_a_worker_that_was_down_for_weeks_still_leaves_five_days_to_answer(waiting_id, run):
    late = FIVE_MORE + timedelta(days=7)

    run(late)
    run(late + HOUR)

    assert now_(waiting_id).status is Status.WAITING_REQUESTER
    assert now_(waiting_id).waiting_until == late + timedelta(days=7)


def test_resolving_for_want_of_an_answer_answers_nothing(waiting_id, cast, run):
    """A question that nobody answered is no kept promise because of the system's text."""
    with transaction():
        ticket = queries.for_change(waiting_id)
        conversation.requester_message(
            ticket, by=cast.elke, body="This one.", channel=Channel.PORTAL, at=ASKED + HOUR
        )
        lifecycle.hold(
            ticket,
            by=cast.mara,
            until=(ASKED + timedelta(days=3)).date(),
            reason="x",
            at=ASKED + 2 * HOUR,
        )
        conversation.reply(ticket, by=cast.mara, body="And?", at=ASKED + 3 * HOUR, then=Then.WAIT)
    met_at = clock(waiting_id, "next_response").met_at
    run(TEN_DAYS + 5 * HOUR)
    run(FIVE_MORE + timedelta(days=3))

    assert now_(waiting_id).status is Status.RESOLVED
    assert met_at == clock(waiting_id, "next_response").met_at == ASKED + 3 * HOUR


def test_an_answer_ends_the_waiting_and_asking_back_begins_it_anew(waiting_id, cast, run):
    with transaction():
        conversation.requester_message(
            queries.for_change(waiting_id),
            by=cast.elke,
            body="This one.",
            channel=Channel.PORTAL,
            at=TEN_DAYS - HOUR,
        )
    assert now_(waiting_id).waiting_until is None
    assert run(TEN_DAYS + HOUR) == jobs.Done()

    with transaction():
        ticket = queries.for_change(waiting_id)
        conversation.reply(
            ticket, by=cast.mara, body="Which one?", at=TEN_DAYS + HOUR, then=Then.WAIT
        )
    assert now_(waiting_id).waiting_since == TEN_DAYS + HOUR


def test_who_never_had_an_answer_is_not_resolved_but_the_assignee_is_told(waiting_id, cast, run):
    with transaction():  # as after a call that reached nobody
        first = clock(waiting_id, "first_response")
        first.state, first.met_at, first.stopped_at = "running", None, None
        first.running_since = ASKED
        queries.for_change(waiting_id).assignee_id = cast.mara.id
    run(TEN_DAYS + timedelta(seconds=1))
    run(FIVE_MORE + HOUR)
    run(FIVE_MORE + 2 * HOUR)

    assert now_(waiting_id).status is Status.WAITING_REQUESTER
    assert [notice.person_id for notice in told("waiting-in-vain")] == [cast.mara.id]
    assert told("resolved-unanswered") == []


def test_the_requester_who_answers_after_all_opens_it_again_with_the_grant(waiting_id, cast, run):
    run(TEN_DAYS + timedelta(seconds=1))
    run(FIVE_MORE + HOUR)
    with transaction():
        conversation.requester_message(
            queries.for_change(waiting_id),
            by=cast.elke,
            body="I was away.",
            channel=Channel.PORTAL,
            at=FIVE_MORE + timedelta(days=1),
        )

    ticket = now_(waiting_id)
    assert (ticket.status, ticket.resolved_because) == (Status.OPEN, None)
    assert clock(waiting_id, "resolution").state == "running"


def test_a_note_written_since_does_not_move_the_end_of_waiting(waiting_id, cast, run):
    run(TEN_DAYS + timedelta(seconds=1))
    with transaction():
        conversation.note(
            queries.for_change(waiting_id), by=cast.mara, body="Hm.", at=FIVE_MORE + 2 * HOUR
        )
    run(FIVE_MORE + 3 * HOUR)

    assert now_(waiting_id).resolved_at == FIVE_MORE + timedelta(seconds=1)


def test_the_history_tells_both(waiting_id, run):
    run(TEN_DAYS + timedelta(seconds=1))
    run(FIVE_MORE + HOUR)

    entries = db.session.query(HistoryEntry).order_by(HistoryEntry.id).all()
    assert [entry.verb for entry in entries][-2:] == ["asked-again", "resolved"]
    assert entries[-1].facts["reason"] == "No answer from the requester"
