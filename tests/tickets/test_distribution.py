"""Who of a team gets a ticket: in turn, by load, past the absent and the full, with the reason."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db, transaction
from app.desk import story
from app.languages import speaking
from app.notices.models import Notice
from app.people import absences
from app.people.models import Assigning, Person, Team
from app.tickets import assignment, giving_later, lifecycle, queries
from app.tickets.history import page as history_of
from app.tickets.models import Ticket
from app.tickets.words import Status
from tests import factories
from tests.cast import NOW, Cast


def rule(team: Team, assigning: Assigning) -> None:
    with transaction():
        db.session.get_one(Team, team.id).assigning = assigning


def absent(person: Person) -> None:
    with transaction():
        absences.note(
            person,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=1),
            substitute=None,
            reason="",
            by=None,
            at=NOW,
        )


def opened(cast: Cast) -> Ticket:
    """A request of Elke's; the request type's team is Network."""
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    return queries.for_change(ticket.id)


def given(cast: Cast, count: int) -> list[str | None]:
    """To whom the next requests go, by first name."""
    names = [opened(cast).assignee for _ in range(count)]
    return [name.name.split()[0] if name else None for name in names]


def told_of(ticket: Ticket) -> list[str]:
    return [line.words for line in story.told(history_of(ticket))]


def test_by_hand_nobody_gets_it(cast: Cast):
    ticket = opened(cast)

    assert ticket.team_id == cast.network.id
    assert (ticket.assignee_id, ticket.status) == (None, Status.NEW)


def test_in_turn_each_gets_one_after_the_other(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)

    assert given(cast, 5) == ["Mara", "Tomás", "Mara", "Tomás", "Mara"]


def test_whoever_has_least_to_do_gets_it_and_the_history_says_so(cast: Cast):
    for _ in range(2):
        with transaction():
            assignment.take(opened(cast), by=cast.mara, at=NOW)
    rule(cast.network, Assigning.BY_LOAD)

    ticket = opened(cast)

    assert ticket.assignee_id == cast.tomas.id
    assert ticket.status is Status.OPEN
    assert "Pledge assigned it to Tomás Rivera: least loaded of 2" in told_of(ticket)
    assert ticket.why == "Assigned to Tomás Rivera: least loaded of 2"
    assert given(cast, 3) == ["Tomás", "Mara", "Tomás"]


def test_what_waits_for_somebody_else_is_no_load(cast: Cast):
    with transaction():
        waits = opened(cast)
        assignment.take(waits, by=cast.mara, at=NOW)
        lifecycle.wait_for_vendor(waits, by=cast.mara, reason="a spare part", at=NOW)
    rule(cast.network, Assigning.BY_LOAD)

    assert given(cast, 1) == ["Mara"]


def test_who_is_away_gets_none(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)
    absent(cast.mara)

    assert given(cast, 2) == ["Tomás", "Tomás"]
    assert "Pledge assigned it to Tomás Rivera: the only one free" in told_of(opened(cast))


def test_who_has_as_many_as_they_are_given_gets_none(cast: Cast):
    rule(cast.network, Assigning.BY_LOAD)
    with transaction():
        for person in (cast.mara, cast.tomas):
            db.session.get_one(Person, person.id).capacity = 1

    assert given(cast, 3) == ["Mara", "Tomás", None]
    ticket = opened(cast)
    assert ticket.status is Status.NEW
    assert "Nobody of the team was free: it is given to nobody" in told_of(ticket)


def test_who_left_gets_none(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)
    with transaction():
        db.session.get_one(Person, cast.mara.id).is_active = False

    assert given(cast, 1) == ["Tomás"]


def test_a_ticket_that_goes_to_a_team_is_given_out_there(cast: Cast):
    rule(cast.service_desk, Assigning.ROUND_ROBIN)
    ticket = opened(cast)

    with transaction():
        assignment.assign(
            queries.for_change(ticket.id),
            assignee=None,
            team=cast.service_desk,
            by=cast.tomas,
            at=NOW,
        )

    ticket = queries.for_change(ticket.id)
    assert (ticket.team_id, ticket.assignee_id) == (cast.service_desk.id, cast.mara.id)
    told = "Tomás Rivera assigned it to Mara Lindt, team Service desk: next in turn of 2"
    assert told in told_of(ticket)


def test_what_is_taken_from_somebody_stays_with_nobody_in_the_same_team(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)
    ticket = opened(cast)

    with transaction():
        assignment.assign(
            queries.for_change(ticket.id),
            assignee=None,
            team=cast.network,
            by=cast.jens,
            at=NOW,
        )

    assert queries.for_change(ticket.id).assignee_id is None


def test_why_it_was_their_turn_is_kept_in_english_whoever_asked(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)
    with speaking("de"):
        ticket = opened(cast)

    assert ticket.why == "Assigned to Mara Lindt: next in turn of 2"


def test_whose_turn_it_is_gets_a_letter(cast: Cast):
    rule(cast.network, Assigning.ROUND_ROBIN)
    ticket = opened(cast)

    told = db.session.scalars(
        select(Notice).where(Notice.ticket_id == ticket.id, Notice.kind == "assigned")
    ).one()
    assert told.person_id == cast.mara.id
    assert told.facts["by"] is None


def given_later(at: datetime) -> list[int]:
    """What the job gives out at ``at``."""
    gave = []
    for ticket_id in giving_later.to_give(at):
        with transaction():
            if giving_later.give(ticket_id, lambda: at):
                gave.append(ticket_id)
    return gave


def full(cast: Cast, capacity: int | None) -> None:
    with transaction():
        for person in (cast.mara, cast.tomas):
            db.session.get_one(Person, person.id).capacity = capacity


def test_what_nobody_was_free_for_is_given_to_the_first_who_is_free_again(cast: Cast):
    rule(cast.network, Assigning.BY_LOAD)
    full(cast, 1)
    theirs, _hers, first, second = (opened(cast) for _ in range(4))
    assert given_later(NOW) == []

    with transaction():
        lifecycle.resolve(queries.for_change(theirs.id), by=cast.mara, solution="Done.", at=NOW)

    assert given_later(NOW) == [first.id]
    assert "Pledge assigned it to Mara Lindt: the only one free" in told_of(first)
    assert given_later(NOW) == []
    full(cast, None)
    assert given_later(NOW) == [second.id]


def test_what_came_to_a_full_team_from_another_is_given_later_too(cast: Cast):
    rule(cast.network, Assigning.BY_LOAD)
    full(cast, 0)
    ticket = opened(cast)
    with transaction():
        for team in (cast.service_desk, cast.network):
            ticket = queries.for_change(ticket.id)
            assignment.assign(ticket, assignee=None, team=team, by=cast.petra, at=NOW)
    full(cast, None)

    assert given_later(NOW) == [ticket.id]


def test_what_somebody_gave_to_nobody_stays_with_nobody(cast: Cast):
    rule(cast.network, Assigning.BY_LOAD)
    full(cast, 0)
    ticket = opened(cast)
    with transaction():
        ticket = queries.for_change(ticket.id)
        assignment.take(ticket, by=cast.mara, at=NOW)
        assignment.assign(ticket, assignee=None, team=None, by=cast.mara, at=NOW)
    full(cast, None)

    assert given_later(NOW) == []
    assert given(cast, 1) != [None]
