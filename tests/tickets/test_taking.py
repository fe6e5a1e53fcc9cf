"""Take next: whoever presses at the same time never gets the same ticket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, transaction
from app.errors import Refusal
from app.people import access
from app.people.models import Person
from app.tickets import assignment, queries, taking
from app.tickets.filters import Filter, Scope
from app.tickets.models import HistoryEntry
from tests.cast import NOW, Cast
from tests.factories import open_request

ROUNDS = 100


@pytest.mark.own_database
def test_two_agents_pressing_two_hundred_times_never_share_a_ticket(app: Flask, cast: Cast):
    for number in range(3):
        open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"No. {number}")
    ids = [cast.mara.id, cast.tomas.id]
    db.session.remove()
    together = Barrier(2)

    def press(person_id: int) -> list[int]:
        with app.app_context():
            return [_take_and_give_back(person_id, together) for _ in range(ROUNDS)]

    with ThreadPoolExecutor(2) as agents:
        mara, tomas = agents.map(press, ids)

    assert len(mara) == len(tomas) == ROUNDS
    assert [one for one, other in zip(mara, tomas, strict=True) if one == other] == []
    taken = [each for each in db.session.scalars(select(HistoryEntry)) if each.facts.get("to")]
    assert len(taken) == 2 * ROUNDS


def _take_and_give_back(person_id: int, together: Barrier) -> int:
    """Take the next ticket at the same time as the other agent; give it back when both have."""
    together.wait(60)
    with transaction():
        person = db.session.get_one(Person, person_id)
        sight = access.sight_of(person)
        taken = taking.take_next(sight, Filter(), by=person, now=lambda: NOW).id
    together.wait(60)
    with transaction():
        person = db.session.get_one(Person, person_id)
        ticket = queries.for_change(taken)
        assignment.assign(ticket, assignee=None, team=None, by=person, at=NOW)
    db.session.remove()
    return taken


def test_the_next_ticket_is_the_one_due_first_in_the_list_at_hand(cast):
    later = open_request(cast.elke, cast.vpn_problem, at=NOW + timedelta(minutes=5))
    first = open_request(cast.elke, cast.vpn_problem, at=NOW)
    sight = access.sight_of(cast.mara)

    def take(chosen: Filter) -> int:
        with transaction():
            return taking.take_next(sight, chosen, by=cast.mara, now=lambda: NOW).id

    with pytest.raises(Refusal, match="Nothing here is waiting"):
        take(Filter(Scope.WAITING_VENDOR))
    assert [take(Filter()), take(Filter())] == [first.id, later.id]
    with pytest.raises(Refusal, match="Nothing here is waiting"):
        take(Filter())
