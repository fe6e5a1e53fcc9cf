"""Rungs fire exactly once, in order, never early, and never after the answer came first.

Named after the invariants of escalation.md. Gold resolves in four hours: 75 % the assignee,
90 % the team's lead, 100 % the manager and the client's contact, an hour later the manager.
"""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from app import jobs
from app.clocks.models import Escalation, EscalationState
from app.database import db, transaction
from app.escalation import firing, parking
from app.notices.models import Notice
from app.people.models import Team
from app.tickets import queries
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from tests.escalation.conftest import SECOND, answered, away, fire, hear, hours, reply

LADDER = ["75 %", "90 %", "100 %", "1 h after due"]


def test_e1_each_rung_fires_exactly_once_at_its_point(fate, cast):
    for quarter in range(6 * 4 + 1):
        fire(hours(quarter / 4) + SECOND)
        fire(hours(quarter / 4) + SECOND)

    assert fate.points(cast.mara) == ["75 %"]
    assert fate.points(cast.jens) == ["90 %", "100 %", "1 h after due"]
    assert [row.instant_at for row in fate.rows] == [hours(3), hours(3.6), hours(4), hours(5)]
    assert {row.state for row in fate.rows} == {EscalationState.FIRED}


def test_e3_never_early(fate):
    assert fire(hours(3)).rungs == 0
    assert fate.rows == []

    assert fire(hours(3) + SECOND).rungs == 1


def test_e4_none_after_the_answer_came_first_and_the_history_says_so(fate, cast):
    reply(fate.ticket, cast.mara, hours(4.5), Then.RESOLVE)

    assert fire(hours(9)).rungs == 0
    assert fate.notices(cast.jens) == []
    assert fate.clock.breached_at == hours(4)
    assert "100 % of resolution not told: resolve came first" in fate.told_in_history()


def test_e4_a_pause_before_the_lock_keeps_the_rung_until_the_clock_runs_again(fate, cast):
    reply(fate.ticket, cast.mara, hours(3.2), Then.WAIT)
    assert fire(hours(4)).rungs == 0

    hear(fate.ticket, cast.elke, hours(4))
    fire(hours(4) + SECOND)

    assert fate.points(cast.mara) == ["75 %"]


def test_e5_down_over_the_due_time_all_missed_rungs_fire_late_and_rising(fate, cast):
    fire(hours(26))

    assert [row.late_by_s for row in fate.rows] == [
        int((hours(26) - row.instant_at).total_seconds()) for row in fate.rows
    ]
    assert fate.points(cast.jens) == LADDER[1:]
    assert fate.notices(cast.jens)[-1].facts["late_s"] == 21 * 3600
    assert fate.clock.breached_at == hours(4)


def test_an_absent_assignee_is_replaced_by_the_substitute(fate, cast):
    away(cast.mara, instead=cast.tomas)

    fire(hours(3.1))

    assert fate.notices(cast.mara) == []
    assert fate.notices(cast.tomas)[0].facts["role"] == (
        "assignee's substitute for Mara Lindt, who is away"
    )


def test_without_a_substitute_the_lead_is_told_and_without_a_lead_the_manager(fate, cast):
    away(cast.mara)
    with transaction():
        db.session.execute(
            update(Team).where(Team.id == fate.ticket.team_id).values(lead_id=cast.petra.id)
        )
    fire(hours(3.1))
    with transaction():
        db.session.execute(update(Team).where(Team.id == fate.ticket.team_id).values(lead_id=None))
    fire(hours(3.7))

    assert fate.points(cast.petra) == ["75 %"]
    assert fate.points(cast.jens) == ["90 %"]
    assert "because there is no team lead" in fate.told_in_history()[-1]


def test_nobody_is_impossible(fate, cast):
    for person in (cast.mara, cast.jens, cast.nora):
        away(person)

    fire(hours(3.1))

    assert fate.points(cast.nora) == ["75 %"]
    assert "nobody is present" in fate.told_in_history()[-1]


def test_e7_a_batch_that_rolls_back_leaves_neither_rung_nor_notice(fate, cast, monkeypatch):
    def cut(*_args, **_kwargs):
        raise ConnectionError("the line was cut")

    monkeypatch.setattr(db.session, "commit", cut)
    with pytest.raises(ConnectionError):
        fire(hours(3.1))
    monkeypatch.undo()

    assert fate.rows == []
    assert fate.notices(cast.mara) == []
    assert fire(hours(3.1)).rungs == 1


def test_e11_a_poisoned_ticket_parks_alone(fate, cast, monkeypatch):
    good = answered(cast, subject="Printer on fire")
    whole = firing.saying.tell

    def tell(batch, ticket, *args, **kwargs):
        if ticket.id == fate.ticket.id:
            raise ValueError("poison")
        return whole(batch, ticket, *args, **kwargs)

    monkeypatch.setattr(firing.saying, "tell", tell)
    at = hours(3.1)
    first = fire(at)
    for _ in range(parking.MOST_TRIES):
        at += timedelta(hours=1)
        fire(at)

    assert (first.tickets, first.troubled) == (1, 1)
    assert [trouble.ticket_id for trouble in parking.parked()] == [fate.ticket.id]
    assert fate.rows == []
    assert len(rows_of(good)) == len(LADDER)
    assert fire(at + timedelta(days=1)).troubled == 0

    monkeypatch.undo()
    with transaction():
        parking.try_again(fate.ticket.id, at=at)
    fire(at)
    assert len(fate.rows) == len(LADDER)


def rows_of(ticket):
    return list(
        db.session.scalars(
            select(Escalation).where(
                Escalation.clock_id.in_(
                    select(Notice.facts["clock_id"].as_integer()).where(
                        Notice.ticket_id == ticket.id, Notice.kind == "escalation"
                    )
                )
            )
        )
    )


def test_e12_the_oldest_comes_first(cast):
    late = [answered(cast, subject=f"Number {number}") for number in range(3)]
    reply(late[0], cast.mara, hours(1), Then.WAIT)
    hear(late[0], cast.elke, hours(2))

    firing.fire_due(lambda: hours(8), most=2, budget_s=60)
    told = set(db.session.scalars(select(Notice.ticket_id).where(Notice.kind == "escalation")))

    assert late[0].id in told, "its next response was due before the others' resolution"
    assert len(told) == 2


def test_e15_two_workers_at_once_fire_each_once(app, cast):
    tickets = [answered(cast, subject=f"Number {number}") for number in range(12)]
    db.session.remove()
    ready, failed = threading.Barrier(2), []

    def work():
        with app.app_context():
            try:
                ready.wait(10)
                for _ in range(8):
                    jobs.firing.fire(lambda: hours(9), app.extensions["pledge.config"])
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert failed == []
    assert _count(Escalation.id) == len(tickets) * len(LADDER)
    assert _count(Notice.id, Notice.kind == "client-promise") == len(tickets)
    assert parking.parked() == []
    assert _count(parking.EscalationTrouble.ticket_id) == 0


def _count(column, *conditions):
    return db.session.scalar(select(func.count(column)).where(*conditions))


def while_locked(app, ticket_id, lock):
    """What firing does while another connection holds the ticket by ``lock()``."""
    held, done = threading.Event(), threading.Event()

    def hold():
        with app.app_context():
            with transaction():
                lock()
                held.set()
                done.wait(20)
            db.session.remove()

    db.session.rollback()
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        return fire(hours(3.1))
    finally:
        done.set()
        holder.join(20)


def only_on_postgresql():
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def test_a_ticket_that_another_worker_holds_is_left_to_it(app, fate):
    only_on_postgresql()
    ticket_id = fate.ticket.id

    left = while_locked(app, ticket_id, lambda: queries.for_change(ticket_id))

    assert (left.tickets, left.more) == (0, False)
    assert fire(hours(3.1)).tickets == 1
    assert db.session.get_one(Ticket, ticket_id).why == "Ladder at 75 %; Mara Lindt told"


def test_letters_being_written_about_a_ticket_keep_no_rung_waiting(app, fate):
    """A row that names the ticket locks its key: the gatherer's letters did, for all at once."""
    only_on_postgresql()
    ticket_id = fate.ticket.id
    key = text("SELECT id FROM ticket WHERE id = :id FOR KEY SHARE")

    fired = while_locked(app, ticket_id, lambda: db.session.execute(key, {"id": ticket_id}))

    assert fired.rungs == 1
