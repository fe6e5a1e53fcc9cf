"""Who sees which tickets: the one layer that decides it, for every kind of person."""

from sqlalchemy import select

from app.database import db, transaction
from app.people import access
from app.people.models import Organisation, Person, Team
from app.tickets import merging, queries
from app.tickets.models import Participant, Ticket, Watcher
from tests import factories
from tests.cast import NOW, Cast


def seen_by(person: Person) -> set[int]:
    return ids_of(access.sight_of(person))


def ids_of(sight: access.Sight) -> set[int]:
    return {ticket.id for ticket in db.session.scalars(queries.visible_to(sight))}


def asked(cast: Cast, who: Person, *, team: Team | None = None) -> int:
    ticket = factories.open_request(who, cast.vpn_problem, at=NOW)
    with transaction():
        db.session.get_one(Ticket, ticket.id).team_id = team.id if team else None
    return ticket.id


def limit(person: Person) -> None:
    with transaction():
        db.session.get_one(Person, person.id).is_limited = True


def share(organisation: Organisation) -> None:
    with transaction():
        db.session.get_one(Organisation, organisation.id).shares_requests = True


def put_in_copy(ticket_id: int, person: Person, *, by: Person) -> None:
    with transaction():
        db.session.add(
            Participant(ticket_id=ticket_id, person_id=person.id, since_at=NOW, added_by_id=by.id)
        )


def test_an_agent_limited_to_teams_sees_what_is_theirs_given_to_them_or_watched(cast: Cast):
    theirs = asked(cast, cast.elke, team=cast.network)
    given, watched = (asked(cast, cast.elke, team=cast.service_desk) for _ in range(2))
    other, nobodys = asked(cast, cast.elke, team=cast.service_desk), asked(cast, cast.elke)
    limit(cast.tomas)
    with transaction():
        db.session.get_one(Ticket, given).assignee_id = cast.tomas.id
        db.session.add(
            Watcher(ticket_id=watched, person_id=cast.tomas.id, since_at=NOW, because="knows it")
        )

    assert seen_by(cast.tomas) == {theirs, given, watched}
    assert seen_by(cast.mara) == {theirs, given, watched, other, nobodys}


def test_the_lead_of_a_team_sees_its_tickets_without_being_a_member(cast: Cast):
    ticket = asked(cast, cast.elke, team=cast.network)
    limit(cast.petra)
    assert seen_by(cast.petra) == set()

    with transaction():
        db.session.get_one(Team, cast.network.id).lead_id = cast.petra.id

    assert seen_by(cast.petra) == {ticket}


def test_managers_are_never_limited(cast: Cast):
    ticket = asked(cast, cast.elke)
    limit(cast.jens)

    assert seen_by(cast.jens) == {ticket}


def test_colleagues_read_each_others_requests_where_their_organisation_shares(cast: Cast):
    hers, foreign = asked(cast, cast.elke), asked(cast, cast.sigrid)
    assert seen_by(cast.martin) == set()

    share(cast.brenner)

    assert (seen_by(cast.martin), seen_by(cast.sigrid)) == ({hers}, {foreign})
    ticket = db.session.scalars(select(Ticket).where(Ticket.id == hers)).one()
    assert queries.takes_part(ticket, cast.elke)
    assert not queries.takes_part(ticket, cast.martin)
    sight = access.sight_of(cast.martin)
    assert queries.requests_of(sight, open_only=False) == []
    found = queries.requests_of(sight, open_only=False, of_organisation=True)
    assert [ticket.id for ticket in found] == [hers]


def test_who_is_in_copy_sees_the_request_and_that_into_which_it_was_merged(cast: Cast):
    older, younger = asked(cast, cast.elke), asked(cast, cast.elke)
    put_in_copy(younger, cast.sigrid, by=cast.elke)
    assert seen_by(cast.sigrid) == {younger}

    with transaction():
        merging.merge(*merging.for_both(younger, older), reason="The same", by=cast.mara, at=NOW)

    assert seen_by(cast.sigrid) == {younger, older}
    assert queries.takes_part(db.session.get_one(Ticket, older), cast.sigrid)


def test_a_guest_sees_the_one_ticket_of_the_link_as_long_as_they_take_part(cast: Cast):
    linked, hers = asked(cast, cast.elke), asked(cast, cast.elke)
    foreign = asked(cast, cast.sigrid)
    share(cast.brenner)

    assert ids_of(access.guest_sight(cast.elke, linked)) == {linked}
    assert ids_of(access.guest_sight(cast.elke, foreign)) == set()
    with transaction():
        merging.merge(*merging.for_both(linked, hers), reason="The same", by=cast.mara, at=NOW)
    assert ids_of(access.guest_sight(cast.elke, linked)) == {linked, hers}


def test_in_the_portal_staff_see_no_more_than_any_requester(cast: Cast):
    own, other = asked(cast, cast.mara), asked(cast, cast.elke)

    assert seen_by(cast.mara) == {own, other}
    assert ids_of(access.sight_of(cast.mara).as_requester()) == {own}


def test_other_tickets_of_a_requester_stay_within_sight(cast: Cast):
    here = asked(cast, cast.elke, team=cast.network)
    there = asked(cast, cast.elke, team=cast.service_desk)
    limit(cast.tomas)

    def others(who: Person) -> list[int]:
        besides = db.session.get_one(Ticket, here)
        found = queries.open_of(access.sight_of(who), cast.elke, besides=besides)
        return [ticket.id for ticket in found]

    assert (others(cast.tomas), others(cast.mara)) == ([], [there])
