"""A rung adds watchers, starts plans, and calls whoever is on call."""

import pytest
from sqlalchemy import select

from app.agreements.reading import AgreementErrors
from app.catalogue import plans
from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering
from app.people.models import RotaShift
from app.tickets import planning
from app.tickets.models import Message, StartedPlan
from app.tickets.words import MessageKind
from tests.escalation.conftest import SECOND, Fate, answered, away, fire, hours, with_ladder


def rung(at, tell, *actions):
    return {"measure": "resolution", "at": at, "tell": [tell], "actions": list(actions)}


@pytest.fixture
def plan(cast):
    with transaction():
        return plans.add(
            "vpn-outage", title="VPN outage", service=None, steps=["Call the line", "Tell Brenner"]
        )


def test_a_watcher_is_told_of_every_later_rung(cast):
    watch = {"do": "watch", "to": f"person:{cast.nora.address}"}
    with_ladder(
        [rung("50 %", "assignee", watch), rung("75 %", "assignee"), rung("90 %", "manager")]
    )
    fate = Fate(answered(cast))

    fire(hours(2) + SECOND)
    assert fate.points(cast.nora) == []
    fire(hours(3) + SECOND)
    fire(hours(3.6) + SECOND)

    assert fate.points(cast.nora) == ["75 %", "90 %"]
    assert {notice.facts["role"] for notice in fate.notices(cast.nora)} == {"watcher"}
    assert any("watches it now" in said for said in fate.history())


def test_a_rung_starts_a_plan_once_per_ticket(cast, plan):
    start = {"do": "start_plan", "plan": "vpn-outage"}
    with_ladder([rung("50 %", "manager", start), rung("75 %", "manager", start)])
    fate = Fate(answered(cast))

    fire(hours(2) + SECOND)
    fire(hours(3) + SECOND)

    notes = list(
        db.session.scalars(
            select(Message.body).where(
                Message.ticket_id == fate.ticket.id, Message.kind == MessageKind.NOTE
            )
        )
    )
    (note,) = notes
    assert note.endswith("1. Call the line\n2. Tell Brenner")
    assert db.session.scalar(select(StartedPlan.because)) == (
        "the ladder at 50 % of resolution started it"
    )
    assert planning.to_start(fate.ticket) == []
    with transaction():
        gathering.gather(hours(4))
    letter = db.session.scalars(select(Letter).where(Letter.kind == "plan-started")).one()
    assert letter.to_address == cast.mara.address
    assert "2. Tell Brenner" in rendering.render(letter).text


def test_a_plan_out_of_use_is_named_and_not_started(cast, plan):
    with_ladder([rung("50 %", "manager", {"do": "start_plan", "plan": "vpn-outage"})])
    fate = Fate(answered(cast))
    with transaction():
        plans.change(plan, title="VPN", service=None, steps=["Call"], is_active=False)

    fire(hours(2) + SECOND)

    assert "the plan vpn-outage is not in use" in fate.told_in_history()[-1]


def test_an_agreement_names_only_plans_that_there_are(cast):
    with pytest.raises(AgreementErrors) as refused:
        with_ladder([rung("50 %", "manager", {"do": "start_plan", "plan": "vpn-outage"})])

    assert any('no contingency plan with the key "vpn-outage"' in m for m in refused.value.mistakes)


@pytest.fixture
def rota(cast):
    """Tomás is on call on Mondays from eight to noon in Berlin."""
    with_ladder([rung("50 %", "on_call"), rung("90 %", "on_call")])
    with transaction():
        db.session.add(
            RotaShift(
                team_id=cast.network.id,
                person_id=cast.tomas.id,
                weekday=0,
                starts="08:00",
                ends="12:00",
            )
        )


def test_who_is_on_call_is_told_and_in_a_gap_the_next_in_line(cast, rota):
    fate = Fate(answered(cast))

    fire(hours(2) + SECOND)
    fire(hours(3.6) + SECOND)

    assert fate.points(cast.tomas) == ["50 %"]
    assert fate.notices(cast.tomas)[0].facts["role"] == "person on call of Network"
    assert fate.points(cast.jens) == ["90 %"]
    assert "because there is no person on call" in fate.told_in_history()[-1]


def test_who_is_on_call_but_away_is_stood_in_for(cast, rota):
    away(cast.tomas, instead=cast.mara)
    fate = Fate(answered(cast))

    fire(hours(2) + SECOND)

    assert fate.points(cast.mara) == ["50 %"]
