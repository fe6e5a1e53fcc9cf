"""A letter that was refused or came back told nobody: the next responsible is told, once."""

from sqlalchemy import select

from app.database import db, transaction
from app.escalation import acknowledging, refusals
from app.mail.models import Letter
from app.notices import gathering
from app.tickets import queries
from app.tickets.conversation import Then
from tests.escalation.conftest import SECOND, Fate, answered, fire, hear, hours, reply


def refuse(person, at):
    """Everything written to a person so far comes back, and is judged."""
    with transaction():
        gathering.gather(at)
        query = select(Letter).where(
            Letter.to_address == person.address, Letter.kind.in_(refusals.OURS)
        )
        for letter in db.session.scalars(query):
            letter.refused_at, letter.reason = at, "550 no such mailbox"
    done = []
    for letter_id in refusals.refused(at):
        with transaction():
            done.append(refusals.judge(letter_id, lambda: at))
    return done


def test_the_next_rungs_people_are_told_in_place_of_who_was_not_reached(fate, cast):
    fire(hours(3) + SECOND)

    assert refuse(cast.mara, hours(3.1)) == [True]
    fire(hours(3.1) + SECOND)
    fire(hours(3.2))

    (passed,) = fate.notices(cast.jens)
    assert passed.facts["point"] == "75 %"
    assert passed.facts["passed_on"] == "the letter to Mara Lindt came back"
    assert "The letter of the ladder to Mara Lindt came back" in fate.history()
    assert refuse(cast.mara, hours(3.3)) == []


def test_a_letter_that_came_back_from_the_next_one_leads_on(fate, cast):
    """Jens leads the team and manages, so after him only the administrator is left."""
    fire(hours(3) + SECOND)
    refuse(cast.mara, hours(3.1))
    fire(hours(3.1) + SECOND)
    assert refuse(cast.jens, hours(3.2)) == [True]
    fire(hours(3.2) + SECOND)

    assert fate.points(cast.nora) == ["75 %"]
    assert fate.notices(cast.nora)[0].facts["passed_on"] == (
        "the letter to Mara Lindt and Jens Adler came back"
    )


def test_somebody_who_is_on_it_is_enough(fate, cast):
    fire(hours(3) + SECOND)
    with transaction():
        acknowledging.acknowledge(
            queries.for_change(fate.ticket.id), fate.clock, by=cast.tomas, at=hours(3.05)
        )

    assert refuse(cast.mara, hours(3.1)) == [False]
    fire(hours(3.2))

    assert fate.notices(cast.jens) == []
    assert fate.history()[-1].endswith("nobody else is told: Tomás Rivera is on it")


def test_on_a_paused_clock_the_next_are_told_once_it_runs(fate, cast):
    fire(hours(3) + SECOND)
    reply(fate.ticket, cast.mara, hours(3.1), Then.WAIT)
    refuse(cast.mara, hours(3.2))
    assert fire(hours(3.5)).rungs == 0
    hear(fate.ticket, cast.elke, hours(4))
    fire(hours(4) + SECOND)

    resolution = [n for n in fate.notices(cast.jens) if n.facts["measure"] == "resolution"]
    assert [notice.facts["point"] for notice in resolution] == ["75 %"]


def test_a_digest_that_came_back_passes_on_every_rung_in_it(cast):
    fates = [Fate(answered(cast, subject=f"Number {number}")) for number in range(6)]
    fire(hours(3) + SECOND)

    assert refuse(cast.mara, hours(3.1)) == [True]
    fire(hours(3.1) + SECOND)

    assert [fate.points(cast.jens) for fate in fates] == [["75 %"]] * 6


def test_after_the_promise_has_ended_nobody_else_is_told(fate, cast):
    fire(hours(3) + SECOND)
    with transaction():
        gathering.gather(hours(3.05))
    reply(fate.ticket, cast.mara, hours(3.1), Then.RESOLVE)

    assert refuse(cast.mara, hours(3.2)) == [False]
    assert fire(hours(3.3)).rungs == 0
    assert fate.notices(cast.jens) == []
