"""The self-check: a row that differs from its events is found, named and, if asked, rewritten."""

import pytest
from sqlalchemy import delete, text, update

from app import jobs
from app.clocks import checking, queries
from app.clocks.models import Clock, ClockEvent, Deadline
from app.database import db, transaction
from app.tickets import conversation, refolding
from app.tickets import queries as tickets
from app.tickets.history import page as history_of
from tests import cast as stage
from tests import factories
from tests.cast import NOW, sign_in


@pytest.fixture
def people(app):
    return stage.assemble()


@pytest.fixture
def ticket(people):
    found = factories.open_request(people.elke, people.vpn_problem, at=NOW)
    with transaction():
        conversation.reply(
            tickets.for_change(found.id),
            by=people.mara,
            body="Which gateway?",
            at=NOW,
            then=conversation.Then.WAIT,
        )
    return found


@pytest.fixture
def other(people):
    return factories.open_request(people.sigrid, people.vpn_problem, at=NOW, subject="No sound")


def clock_of(ticket, measure="resolution"):
    found = queries.clocks_of([ticket.id])[ticket.id]
    return next(clock for clock in found if clock.measure == measure)


def plant(clock_id, column, value):
    with transaction():
        db.session.execute(
            text(f"UPDATE clock SET {column} = :value WHERE id = :id"),
            {"value": value, "id": clock_id},
        )


def check():
    report = refolding.check(lambda: NOW, stopping=lambda: False)
    assert report == checking.last_report()
    return report


def found(report):
    return [
        (drift.ticket_id, drift.measure, [each.column for each in drift.differences])
        for drift in report.drifts
    ]


def test_rows_as_the_verbs_leave_them_are_what_their_events_say(ticket, other):
    report = check()

    assert (report.tickets, report.clocks, report.drifting) == (2, 4, 0)


def test_a_planted_budget_and_a_lost_look_ahead_are_found_and_named(ticket, other):
    plant(clock_of(ticket).id, "budget_s", 7)
    plant(clock_of(other, "first_response").id, "next_at", None)

    report = check()

    assert found(report) == [
        (ticket.id, "resolution", ["budget_s"]),
        (other.id, "first_response", ["next_at"]),
    ]
    assert report.drifts[0].differences[0].stored == "7"
    assert report.drifts[0].differences[0].folded == "14400"


def test_a_planted_due_time_is_found_and_the_events_are_the_truth(ticket, other):
    clock = clock_of(other)
    right, clock_id = clock.due_at, clock.id
    with transaction():
        db.session.execute(update(Clock).where(Clock.id == clock_id).values(due_at=NOW))

    (drift,) = check().drifts
    assert (drift.clock_id, drift.differences[0].column) == (clock_id, "due_at")
    assert drift.differences[0].folded == right.isoformat()
    with transaction():
        refolding.repair(other.id, by=None, now=lambda: NOW)

    assert check().drifting == 0
    assert clock_of(other).due_at == right
    history = [entry.facts.get("words", "") for entry in history_of(other)]
    assert any("due_at was 2026-11-18T13:20:00+00:00" in words for words in history)


def test_a_wrong_place_in_the_queue_is_found(ticket):
    with transaction():
        db.session.execute(delete(Deadline))

    assert found(check()) == [
        (ticket.id, "deadline", ["clock_id", "measure", "breached", "order_at"])
    ]


def test_events_that_make_no_clock_are_told_and_not_rewritten(app, other):
    clock = clock_of(other)
    with transaction():
        db.session.execute(delete(ClockEvent).where(ClockEvent.clock_id == clock.id))

    (drift,) = check().drifts
    assert "cannot be folded" in drift.differences[0].folded
    result = app.test_cli_runner().invoke(args=["clocks", "check", "--repair"])
    assert result.exit_code == 1
    assert "make no clock" in result.output


def test_pages_of_one_ticket_say_the_same(ticket, other):
    plant(clock_of(ticket).id, "used_s", 99)
    pages = list(checking.pages(refolding.terms_of_all, size=1))

    assert [page.tickets for page in pages] == [1, 1]
    assert [len(page.drifts) for page in pages] == [1, 0]


def test_the_command_prints_each_and_exits_with_1_until_it_is_repaired(app, ticket):
    runner = app.test_cli_runner()
    clean = runner.invoke(args=["clocks", "check"])
    clock_id = clock_of(ticket).id
    plant(clock_id, "budget_s", 7)
    dirty = runner.invoke(args=["clocks", "check"])
    repaired = runner.invoke(args=["clocks", "check", "--repair"])
    again = runner.invoke(args=["clocks", "check"])

    assert (clean.exit_code, dirty.exit_code, repaired.exit_code, again.exit_code) == (0, 1, 0, 0)
    assert f"#{ticket.id} clock {clock_id}, resolution 1" in dirty.output
    assert "budget_s: the row says 7, its events 14400" in dirty.output
    assert "2 clocks on 1 tickets, 1 drifting." in dirty.output


def test_the_job_keeps_a_report_and_leaves_a_fresh_one_alone(app, ticket):
    first = jobs.tickets.check_clocks(lambda: NOW, app.extensions["pledge.config"])
    second = jobs.tickets.check_clocks(lambda: NOW, app.extensions["pledge.config"])

    assert first.said == "checked 2 clocks: 0 drifting"
    assert second.said is None


def test_the_system_page_names_what_drifts(client, people, ticket):
    plant(clock_of(ticket).id, "budget_s", 7)
    check()
    sign_in(client, people.jens)

    page = client.get("/manage/system").text
    assert "1 of 2 clocks differ from their events" in page
    assert "budget_s" in page
