"""A rung that wants an answer waits for it; "I am on it" ends waits and reminders."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import wallclock
from app.catalogue.words import Priority
from app.database import db, transaction
from app.errors import Refusal
from app.escalation import acknowledging
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering
from app.tickets import classification, queries
from app.tickets.conversation import Then
from tests.cast import sign_in
from tests.escalation.conftest import (
    MONDAY,
    SECOND,
    Fate,
    answered,
    fire,
    hear,
    hours,
    reply,
    with_ladder,
)

UNLESS = "Unless somebody says “I am on it”: the team lead is told."
MINUTE = timedelta(minutes=1)
LADDER = [
    {
        "measure": "resolution",
        "at": "50 %",
        "tell": ["assignee"],
        "acknowledge_within": "30 min",
        "repeat": {"every": "20 min", "times": 4},
    },
    {"measure": "resolution", "at": "90 %", "tell": ["team_lead"], "acknowledge_within": "10 min"},
    {"measure": "resolution", "at": "100 %", "tell": ["client_contact", "manager"]},
]
"""Of four hours: 11:00, 12:36 and 13:00."""


@pytest.fixture
def fate(cast) -> Fate:
    with_ladder(LADDER)
    return Fate(answered(cast))


def say(fate, by, at):
    with transaction():
        ticket = queries.for_change(fate.ticket.id)
        return acknowledging.acknowledge(ticket, fate.clock, by=by, at=at)


def told(fate, person):
    """When a person was told, in minutes since nine, and at which point."""
    return [
        (round((note.at - MONDAY).total_seconds() / 60), note.facts["point"])
        for note in fate.notices(person)
    ]


def run(since_min, until_min):
    """The worker, a second past every minute, so waits that begin then end at the next."""
    for minute in range(since_min, until_min + 1):
        fire(MONDAY + minute * MINUTE + SECOND)


def test_nobody_says_so_and_the_next_rungs_people_are_told_once_and_again_at_their_point(
    fate, cast
):
    run(119, 240)

    assert told(fate, cast.mara) == [
        (120, "50 %"),
        (140, "50 %, reminder 1"),
        (160, "50 %, reminder 2"),
        (180, "50 %, reminder 3"),
        (200, "50 %, reminder 4"),
    ]
    assert told(fate, cast.jens)[:2] == [(151, "50 %"), (216, "90 %")]
    passed = fate.notices(cast.jens)[0]
    assert passed.facts["passed_on"] == "Mara Lindt did not say “I am on it” within 30 m"
    assert passed.event.endswith(":passed")


def test_the_wait_is_over_strictly_after_its_instant(fate):
    fire(hours(2) + SECOND)

    assert fate.clock.next_at == hours(2) + 20 * MINUTE
    assert fate.rows[0].acknowledge_until == hours(2.5) + SECOND
    fire(hours(2.5) + SECOND)
    assert fate.rows[0].passed_on_at is None
    fire(hours(2.5) + 2 * SECOND)
    assert fate.rows[0].passed_on_at == hours(2.5) + 2 * SECOND


def test_i_am_on_it_ends_waits_and_reminders_but_no_later_rung(fate, cast):
    fire(hours(2) + SECOND)

    said = say(fate, cast.mara, hours(2.2))
    run(133, 241)

    assert (said.by, said.is_new) == (cast.mara, True)
    assert told(fate, cast.mara) == [(120, "50 %")]
    assert next(at for at, _ in told(fate, cast.jens)) == 216
    assert fate.rows[0].passed_on_at is None
    assert fate.told_in_history()[-1].startswith("Ladder 100 %")


def test_a_rung_that_lies_ahead_again_asks_anew(fate, cast):
    fire(hours(2) + SECOND)
    say(fate, cast.mara, hours(2.1))
    with transaction():
        classification.prioritise(
            queries.for_change(fate.ticket.id),
            priority=Priority.LOW,
            reason="One desk only",
            by=cast.mara,
            at=hours(2.2),
        )

    fire(fate.clock.next_at + SECOND)

    again = fate.rows[-1]
    assert (again.generation, again.acknowledged_at) == (2, None)
    assert again.acknowledge_until is not None
    assert fate.clock.next_at > again.fired_at


def test_under_another_agreement_the_ladder_of_before_waits_for_nobody(fate, cast):
    fire(hours(2) + SECOND)
    with transaction():
        classification.correct_requester(
            queries.for_change(fate.ticket.id),
            requester=cast.sigrid,
            reason="She called for herself",
            by=cast.mara,
            at=hours(2.2),
        )

    done = fire(hours(2.6))
    again = fire(hours(2.6) + SECOND)

    assert (done.troubled, again.troubled) == (0, 0)
    assert fate.rows[0].passed_on_at is None


def test_said_twice_the_first_stands(fate, cast):
    fire(hours(2) + SECOND)
    say(fate, cast.tomas, hours(2.2))

    said = say(fate, cast.mara, hours(2.3))

    assert (said.by, said.at, said.is_new) == (cast.tomas, hours(2.2), False)


def test_only_agents_and_those_who_were_told_may_say_so_and_only_of_something(fate, cast):
    with pytest.raises(Refusal, match="Nobody was told"):
        say(fate, cast.mara, hours(1))
    fire(hours(2) + SECOND)
    with pytest.raises(Refusal, match="Only those who were told"):
        say(fate, cast.elke, hours(2.1))


def test_waits_and_reminders_stand_still_with_the_clock(fate, cast):
    """Ten minutes after the rung a question to the requester, answered an hour later."""
    fire(hours(2) + SECOND)
    reply(fate.ticket, cast.mara, hours(2) + 10 * MINUTE, Then.WAIT)
    run(131, 189)
    hear(fate.ticket, cast.elke, hours(3) + 10 * MINUTE)
    run(190, 215)

    assert [at for at, _ in told(fate, cast.mara)] == [120, 200]
    resolution = [n for n in fate.notices(cast.jens) if n.facts["measure"] == "resolution"]
    assert [round((n.at - MONDAY).total_seconds() / 60) for n in resolution] == [211]


def test_waits_end_with_the_clock(fate, cast):
    fire(hours(2) + SECOND)
    reply(fate.ticket, cast.mara, hours(2.2), Then.RESOLVE)
    run(133, 200)

    assert fate.clock.next_at is None
    assert told(fate, cast.jens) == []
    with pytest.raises(Refusal, match="ended"):
        say(fate, cast.mara, hours(4))


def test_of_several_missed_reminders_only_the_latest_is_told(fate, cast):
    fire(hours(2) + 65 * MINUTE)

    assert [point for _, point in told(fate, cast.mara)] == ["50 %", "50 %, reminder 3"]
    assert [row.state.value for row in fate.rows] == ["fired", "covered", "covered", "fired"]
    assert "Ladder 50 %, reminder 1 of resolution covered" in " ".join(fate.history())


def test_after_the_last_rung_the_fallback_chain_is_told_without_those_who_were(cast):
    last = {**LADDER[1], "tell": ["assignee", "team_lead"], "acknowledge_within": "5 min"}
    with_ladder([last])
    fate = Fate(answered(cast))

    run(216, 222)

    assert told(fate, cast.jens) == [(216, "90 %")]
    assert told(fate, cast.nora) == [(222, "90 %")]


def test_opening_the_page_changes_nothing_and_its_button_says_so(fate, cast, client):
    fire(hours(2) + SECOND)
    wallclock.use(lambda: hours(2.1))
    sign_in(client, cast.jens)
    address = f"/desk/tickets/{fate.ticket.id}/acknowledgement"

    page = client.get(address)
    before = fate.rows[0].acknowledged_at
    posted = client.post(address)
    again = client.get(address)

    assert "50 % told Mara Lindt" in " ".join(page.text.split())
    assert (before, posted.status_code) == (None, 303)
    db.session.expire_all()
    assert fate.rows[0].acknowledged_by_id == cast.jens.id
    assert "Jens Adler is on it" in again.text
    assert "<form" not in again.text.split("<main")[1]


def test_the_letter_and_the_ticket_lead_to_the_page(fate, cast, client):
    fire(hours(2) + SECOND)
    with transaction():
        gathering.gather(hours(3))
    wallclock.use(lambda: hours(2.1))
    sign_in(client, cast.mara)

    letter = db.session.scalars(select(Letter).where(Letter.kind == "escalation")).one()
    page = client.get(f"/desk/tickets/{fate.ticket.id}").text

    address = f"/desk/tickets/{fate.ticket.id}/acknowledgement"
    assert address in rendering.render(letter).text
    assert {"at": (hours(2.5) + SECOND).isoformat(), "words": UNLESS} in letter.facts["next"]
    assert address in page
