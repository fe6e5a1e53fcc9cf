"""The rules of ladders as they work live: where rungs lie, what a change does to them, and why.

Gold resolves high priority in four hours, urgent in two, around the clock; its ladder stands at
75, 90 and 100 % and an hour after due (`test_firing`).
"""

from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue.words import Priority
from app.clocks.models import EscalationState
from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering
from app.notices.models import Notice
from app.tickets import classification, queries
from app.tickets.conversation import Then
from tests import factories
from tests.escalation.conftest import (
    MONDAY,
    SECOND,
    Fate,
    answered,
    fire,
    hours,
    reply,
    with_ladder,
)


def prioritise(fate, priority, by, at, reason="It can wait"):
    with transaction():
        ticket = queries.for_change(fate.ticket.id)
        classification.prioritise(ticket, priority=priority, reason=reason, by=by, at=at)


def rung(at, tell="assignee", **more):
    return {"measure": "resolution", "at": at, "tell": [tell], **more}


def drawn(person):
    with transaction():
        gathering.gather(hours(30))
    query = select(Letter).where(Letter.to_address == person.address, Letter.kind == "escalation")
    return rendering.render(db.session.scalars(query.order_by(Letter.id.desc())).first()).text


def test_a_rung_that_fired_and_lies_ahead_again_says_again_and_why(fate, cast):
    fire(hours(3) + SECOND)
    prioritise(fate, Priority.LOW, cast.mara, hours(3.1), reason="One desk only")

    fire(fate.clock.next_at + SECOND)

    assert [row.generation for row in fate.rows] == [1, 2]
    assert fate.points(cast.mara) == ["75 %", "75 %"]
    why = "because the priority was lowered to low by Mara Lindt: “One desk only”"
    assert f"again, {why}" in fate.told_in_history()[-1]
    assert f"Again:        {why}" in drawn(cast.mara)


def test_what_a_change_left_behind_is_one_notice_to_the_assignee_and_the_highest(fate, cast):
    with_half = [rung("25 %"), rung("50 %", "service_owner"), rung("75 %", "manager")]
    with_ladder(with_half)
    fate = Fate(answered(cast, subject="Another"))
    fire(hours(1) + SECOND)
    prioritise(fate, Priority.URGENT, cast.tomas, hours(1.8), reason="All of finance")

    assert fate.clock.next_at == hours(1.8)
    fire(hours(1.8) + SECOND)
    fire(hours(1.8) + 60 * SECOND)

    assert fate.points(cast.mara) == ["25 %", "75 %"]
    assert fate.points(cast.jens) == ["75 %"]
    assert [row.state.value for row in fate.rows] == ["fired", "covered", "covered"]
    why = "because the priority was raised to urgent by Tomás Rivera: “All of finance”"
    assert f"75 % and 50 % passed over {why}" in fate.told_in_history()[-1]
    assert f"Passed over:  {why}" in drawn(cast.jens)


def test_a_covered_rung_that_lies_ahead_again_is_armed_again(fate, cast):
    prioritise(fate, Priority.URGENT, cast.tomas, hours(1.8), reason="All of finance")
    fire(hours(1.8) + SECOND)
    assert [row.state for row in fate.rows] == [EscalationState.COVERED]
    left_behind = len(fate.notices(cast.mara))
    prioritise(fate, Priority.HIGH, cast.mara, hours(1.9))
    fire(hours(2.5))
    assert fate.rows == []

    fire(hours(3) + SECOND)

    assert [(row.state, row.generation) for row in fate.rows] == [(EscalationState.FIRED, 1)]
    assert fate.notices(cast.mara)[-1].facts["again"] is None
    told = [note.facts["point"] for note in fate.notices(cast.mara)[left_behind:]]
    assert told == ["75 %"], "what was told of the change does not silence the rung"


def test_due_itself_is_never_covered(cast):
    """After three hours and more nothing is left of two: due at once, and told as ever."""
    with_ladder([rung("90 %"), rung("100 %", "manager")], floor_percent=0)
    fate = Fate(answered(cast))
    prioritise(fate, Priority.URGENT, cast.tomas, hours(3.5), reason="All of finance")

    fire(hours(3.5) + SECOND)

    assert [row.state.value for row in fate.rows] == ["covered", "fired"]
    assert fate.points(cast.mara) == ["90 %"]
    assert fate.points(cast.jens) == ["100 %"]
    assert fate.clock.breached_at == hours(3.5)


def test_a_point_in_closed_hours_comes_at_the_next_opening_before_due(cast):
    """Asked at three: three of four hours are over at six in the evening, due is on Tuesday."""
    with_ladder([rung("1 h before due", "manager"), rung("9 h before due", "service_owner")])
    fate = Fate(factories.open_request(cast.elke, cast.vpn_problem, at=hours(6)))

    fire(hours(6) + SECOND)
    assert [row.instant_at for row in fate.rows] == [hours(6)], "before the start: at the start"
    assert fire(hours(22.9)).rungs == 0
    fire(hours(23) + SECOND)

    assert [row.instant_at for row in fate.rows] == [hours(6), hours(23)]
    assert fate.clock.due_at == hours(24)


def test_an_agreement_that_ends_goes_on_escalating_what_it_promised(cast):
    with_ladder(
        [rung("90 %", "manager"), rung("1 h after due", "manager")], until=date(2026, 11, 16)
    )
    fate = Fate(answered(cast))

    fire(hours(3.6) + SECOND)
    fire(MONDAY + timedelta(days=3))

    assert fate.points(cast.jens) == ["90 %", "1 h after due"]


def test_two_promises_broken_on_one_day_are_both_told(cast):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=MONDAY)
    fire(hours(9))

    broken = db.session.scalars(
        select(Notice).where(
            Notice.ticket_id == ticket.id,
            Notice.person_id == cast.jens.id,
            Notice.facts["point"].as_string() == "100 %",
        )
    ).all()
    assert {notice.facts["measure"] for notice in broken} == {"first_response", "resolution"}
    with transaction():
        gathering.gather(hours(9))
    letters = {notice.letter_id for notice in broken}
    assert len(letters) == 2


def test_what_the_answer_came_before_is_named_by_its_point(cast):
    repeat = {"every": "30 min", "times": 1}
    with_ladder([rung("1 h before due", repeat=repeat)])
    fate = Fate(answered(cast))

    reply(fate.ticket, cast.mara, hours(3.6), Then.RESOLVE)

    assert fate.told_in_history() == [
        "1 h before due of resolution not told: resolve came first",
        "1 h before due, reminder 1 of resolution not told: resolve came first",
    ]
