"""What a ladder writes is said in the language of whoever gets it, every word; history is English.

In a language in which only what was translated looks translated (`tests.pseudo`).
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.catalogue import plans
from app.catalogue.words import Priority
from app.clocks.models import Escalation
from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering
from app.people.models import Person
from app.tickets import classification, queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry
from tests import factories, pseudo
from tests.cast import Cast
from tests.escalation.conftest import (
    MONDAY,
    SECOND,
    Fate,
    answered,
    away,
    fire,
    hear,
    hours,
    reply,
    with_ladder,
)
from tests.escalation.test_refusals import refuse
from tests.test_languages_whole import known

pytestmark = pytest.mark.any_database

WRITTEN = {"One desk only", "Room", "VPN outage", "Call the line", "Number"}
ROLES = ("assignee", "team_lead", "on_call", "service_owner", "manager", "client_contact")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo.teach(monkeypatch)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    with transaction():
        for person in db.session.scalars(select(Person)):
            person.language = pseudo.TAG
    return cast


def rung(at: str, *tell: str, **more: object) -> dict[str, object]:
    return {"measure": "resolution", "at": at, "tell": list(tell), **more}


def prioritise(fate: Fate, priority: Priority, by: Person, hour: float) -> None:
    with transaction():
        ticket = queries.for_change(fate.ticket.id)
        at, reason = hours(hour), "One desk only"
        classification.prioritise(ticket, priority=priority, reason=reason, by=by, at=at)


def the_whole_ladder(cast: Cast) -> None:
    ticket = answered(cast)
    hear(ticket, cast.elke, hours(0.2))
    for hour in (3.1, 3.7, 4.1, 5.1):
        fire(hours(hour))


def every_role(cast: Cast) -> None:
    with_ladder([rung(f"{at} %", *ROLES) for at in (50, 60, 70)])
    answered(cast)
    fire(hours(2) + SECOND)


def each_role_by_itself(cast: Cast) -> None:
    with_ladder([rung(f"{50 + 5 * n} %", role) for n, role in enumerate(ROLES)])
    answered(cast)
    fire(hours(2) + SECOND)
    fire(hours(2.5))


def nobody_is_on_it(cast: Cast) -> None:
    wants = {"acknowledge_within": "30 min", "repeat": {"every": "20 min", "times": 2}}
    with_ladder([rung("50 %", "assignee", **wants), rung("90 %", "team_lead", **wants)])
    answered(cast)
    for minute in range(119, 280, 5):
        fire(MONDAY + minute * MINUTE + SECOND)


def letters_come_back(cast: Cast) -> None:
    answered(cast)
    fire(hours(3) + SECOND)
    refuse(cast.mara, hours(3.1))
    fire(hours(3.1) + SECOND)
    refuse(cast.jens, hours(3.2))
    fire(hours(3.2) + SECOND)


def told_again(cast: Cast) -> None:
    fate = Fate(answered(cast))
    fire(hours(3) + SECOND)
    prioritise(fate, Priority.LOW, cast.mara, 3.1)
    fire(fate.clock.next_at + SECOND)


def passed_over(cast: Cast) -> None:
    with_ladder([rung("25 %", "assignee"), rung("50 %", "manager"), rung("75 %", "manager")])
    fate = Fate(answered(cast))
    fire(hours(1) + SECOND)
    prioritise(fate, Priority.URGENT, cast.tomas, 1.8)
    fire(hours(1.8) + SECOND)


def opened_again(cast: Cast) -> None:
    ticket = answered(cast)
    fire(hours(3) + SECOND)
    reply(ticket, cast.mara, hours(3.1), Then.RESOLVE)
    hear(ticket, cast.elke, hours(3.2))
    fire(hours(30))


def others_stand_in(cast: Cast) -> None:
    away(cast.mara, instead=cast.petra)
    away(cast.jens)
    the_whole_ladder(cast)


def nobody_has_it(cast: Cast) -> None:
    with_ladder([rung("50 %", "person:nobody@halden.example"), rung("1 h before due", "on_call")])
    factories.open_request(cast.elke, cast.vpn_problem, at=MONDAY)
    fire(hours(3) + SECOND)


def a_plan_starts(cast: Cast) -> None:
    with transaction():
        plans.add("vpn-outage", title="VPN outage", service=None, steps=["Call the line"])
    with_ladder([rung("50 %", "manager", actions=[{"do": "start_plan", "plan": "vpn-outage"}])])
    answered(cast)
    fire(hours(2) + SECOND)


def many_at_once(cast: Cast) -> None:
    for number in range(6):
        answered(cast, subject=f"Number {number}")
    fire(hours(9))


def english_in(letter: Letter, said: set[str]) -> list[str]:
    """What is left of English in a letter's subject, text and HTML."""
    drawn = rendering.render(letter)
    parts = (drawn.subject, drawn.text, drawn.html)
    return [rest for part in parts for rest in pseudo.english(part, known=said)]


STORIES = [
    the_whole_ladder,
    every_role,
    each_role_by_itself,
    nobody_is_on_it,
    letters_come_back,
    told_again,
    passed_over,
    opened_again,
    others_stand_in,
    nobody_has_it,
    a_plan_starts,
    many_at_once,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_letter_of_a_ladder_is_english_to_who_reads_another_language(
    cast: Cast, story: Callable[[Cast], None]
):
    story(cast)
    with transaction():
        gathering.gather(hours(31))

    letters = db.session.scalars(select(Letter)).all()
    assert {letter.kind for letter in letters} & {"escalation", "escalation-digest"}
    said = known() | WRITTEN | {name.split()[0] for name in db.session.scalars(select(Person.name))}
    assert [rest for letter in letters for rest in english_in(letter, said)] == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_what_is_kept_of_a_ladder_is_english_whatever_language_is_read(
    cast: Cast, story: Callable[[Cast], None]
):
    story(cast)

    facts = [str(row.facts) for row in db.session.scalars(select(HistoryEntry))]
    told = [str(row.told) for row in db.session.scalars(select(Escalation))]
    assert not [said for said in facts + told if pseudo.is_wide(said)]
