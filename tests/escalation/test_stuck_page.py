"""/manage/system: parked tickets with their error, tried again or dropped by a person."""

import pytest

from app import claims
from app.clocks.models import EscalationState
from app.clocksource import set_test_clock
from app.database import db, transaction
from app.errors import Refusal
from app.escalation import dropping, parking
from app.escalation.models import EscalationTrouble
from app.notices.models import Notice
from app.tickets import queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry
from tests.cast import sign_in
from tests.escalation.conftest import fire, hours, reply


def stand_at(instant):
    with transaction():
        set_test_clock(instant)


@pytest.fixture
def stuck(fate):
    """The request parked at half past eleven, an hour before it is due."""
    stand_at(hours(4))
    with transaction():
        for _ in range(parking.MOST_TRIES):
            parking.set_back(fate.ticket.id, ValueError("no such team"), at=hours(3.5))
    return fate


def test_a_parked_ticket_stands_there_with_its_error_until_it_is_tried_again(client, stuck, cast):
    sign_in(client, cast.jens)
    ref = stuck.ticket.id

    page = client.get("/manage/system").text
    assert "ValueError: no such team" in page
    assert f"Try #{ref} again" in page
    assert f"Drop #{ref}" not in page, "that is for administrators"
    assert fire(hours(4)).rungs == 0

    assert client.post(f"/manage/system/tickets/{ref}/trying").status_code == 303
    assert "Nothing is stuck." in client.get("/manage/system").text
    assert fire(hours(4.1)).rungs == 3


def test_what_is_due_is_dropped_with_a_reason_and_told_to_nobody(client, stuck, cast):
    sign_in(client, cast.nora)
    ref = stuck.ticket.id
    url = f"/manage/system/tickets/{ref}/dropping"
    stand_at(hours(5))

    page = client.get(url).text
    assert "75 % of resolution, 12:00 CET" in page
    assert "100 % of resolution, 13:00 CET" in page
    assert "Say why this is dropped" in client.post(url, data={"reason": " "}).text
    assert client.post(url, data={"reason": "Solved on the phone"}).status_code == 303

    db.session.rollback()
    assert {row.state for row in stuck.rows} == {EscalationState.COVERED}
    assert {(row.dropped_because, *row.told) for row in stuck.rows} == {("Solved on the phone",)}
    assert db.session.query(Notice).filter(Notice.kind == "escalation").count() == 0
    assert stuck.clock.breached_at is not None, "a broken promise stays broken"
    (entry,) = db.session.query(HistoryEntry).filter_by(verb="escalation-dropped")
    assert (entry.actor_id, entry.facts["reason"]) == (cast.nora.id, "Solved on the phone")
    history = client.get(f"/desk/tickets/{ref}/history").text
    assert "gave up 75 % of resolution" in history
    assert "Solved on the phone" in history
    assert "Nothing is stuck." in client.get("/manage/system").text
    assert fire(hours(5)).rungs == 0


def test_what_is_still_ahead_comes_at_its_own_time(stuck, cast):
    with transaction():
        dropping.drop(
            queries.for_change(stuck.ticket.id), by=cast.nora, reason="Known", at=hours(3.6)
        )

    fire(hours(4.1))

    assert [row.state.value for row in stuck.rows] == ["covered", "fired", "fired"]


def test_a_wait_that_is_over_is_dropped_too(fate, cast):
    fire(hours(3.1))
    with transaction():
        fate.rows[0].acknowledge_until = hours(3.2)
        fate.clock.next_at = hours(3.2)
        for _ in range(parking.MOST_TRIES):
            parking.set_back(fate.ticket.id, ValueError("nobody"), at=hours(3.3))

    with transaction():
        dropped = dropping.drop(
            queries.for_change(fate.ticket.id), by=cast.nora, reason="Known", at=hours(3.4)
        )

    assert [due.words for due in dropped] == ["the wait after 75 % of resolution"]
    assert fate.rows[0].passed_on_at == hours(3.4)
    assert fire(hours(3.5)).rungs == 0


def test_only_a_parked_ticket_can_be_dropped(fate, cast, client):
    with pytest.raises(Refusal, match="not stuck"), transaction():
        dropping.drop(queries.for_change(fate.ticket.id), by=cast.nora, reason="Known", at=hours(4))
    sign_in(client, cast.nora)
    assert client.get(f"/manage/system/tickets/{fate.ticket.id}/dropping").status_code == 409


def test_what_cannot_be_worked_out_stays_parked_and_says_why(stuck, cast, client, monkeypatch):
    def poison(*_args, **_kwargs):
        raise LookupError("no calendar 9")

    monkeypatch.setattr(dropping.coming, "come_due", poison)
    sign_in(client, cast.nora)
    url = f"/manage/system/tickets/{stuck.ticket.id}/dropping"

    assert "cannot be worked out (LookupError: no calendar 9)" in client.get(url).text
    assert "cannot be worked out" in client.post(url, data={"reason": "Away"}).text
    db.session.rollback()
    assert parking.count_parked() == 1


def test_a_stuck_ticket_that_was_resolved_meanwhile_is_nobodys_work(stuck, cast):
    reply(stuck.ticket, cast.mara, hours(3.7), Then.RESOLVE)
    assert parking.parked() == []

    with transaction():
        assert parking.forget_moot() == 1
    assert db.session.query(EscalationTrouble).count() == 0


def test_jobs_that_fail_and_the_workers_stand_there(client, fate, cast):
    stand_at(hours(2))
    with transaction():
        claims.beat("firing", at=hours(2))
        claims.beat("sending", at=hours(2))
        claims.beat("worker:deck:17", at=hours(2), detail={"step_s": 7200, "is_held": True})
        claims.beat("job:close-resolved", at=hours(1), detail={"error": "KeyError: 3", "tries": 2})
    sign_in(client, cast.jens)

    page = client.get("/manage/system").text

    assert "deck:17" in page
    assert "KeyError: 3" in page
    assert "The clock stepped forward by 2 h; nothing fires until that has lasted a minute." in page
    assert "known until 31 December" in page
