"""Who belongs where, who is here, and who stands in."""

from datetime import timedelta

import pytest

from app.errors import NotFound, Refusal
from app.people import access, joining, queries
from app.people.models import Absence, GrantKind, Role, SignatoryGrant
from tests.people.conftest import AT

HOUR = timedelta(hours=1)


def away(session, person, substitute=None, *, starts=AT, ends=AT + HOUR):
    session.add(
        Absence(
            person_id=person.id,
            starts_at=starts,
            ends_at=ends,
            substitute_id=substitute.id if substitute else None,
        )
    )
    session.flush()


def test_an_address_is_found_in_any_case(elke):
    assert queries.find_person_by_address(" ELKE.Sommer@brenner.example") is elke
    assert queries.find_person_by_address("elke@elsewhere.example") is None


def test_a_mail_domain_names_the_organisation(brenner):
    assert queries.organisation_of_address("anybody@BRENNER.example") is brenner
    assert queries.organisation_of_address("anybody@notbrenner.example") is None


def test_whoever_is_present_stands_in_for_themselves(mara, session):
    away(session, mara, starts=AT - HOUR, ends=AT)

    assert queries.present(mara, AT)
    assert queries.stand_in(mara, AT) is mara


def test_a_substitute_of_a_substitute_stands_in(mara, petra, elke, session):
    away(session, mara, petra)
    away(session, petra, elke)

    assert not queries.present(mara, AT)
    assert queries.stand_in(mara, AT) is elke


def test_a_circle_of_substitutes_has_nobody(mara, petra, session):
    away(session, mara, petra)
    away(session, petra, mara)

    assert queries.stand_in(mara, AT) is None


def test_a_disabled_substitute_is_nobody(mara, petra, session):
    away(session, mara, petra)

    joining.disable(petra)

    assert queries.stand_in(mara, AT) is None


def test_teams_know_their_active_members(mara, petra):
    team = joining.add_team("Service desk", zone="Europe/Berlin", lead=petra, members=[mara])

    assert queries.team_members(team.id) == [mara, petra]
    assert queries.team_ids_of(mara.id) == {team.id}
    joining.disable(mara)
    assert queries.team_members(team.id) == [petra]


def test_requesters_are_no_agents(mara, petra, elke):
    assert queries.agents() == [mara, petra]
    assert queries.managers() == [petra]
    assert not access.sight_of(elke).is_agent


def test_a_client_is_reached_by_its_contact_else_its_signatory(brenner, elke, session):
    voss = joining.add_person("Martin Voss", organisation=brenner, at=AT)
    for person, kind in ((voss, GrantKind.SIGNATORY), (elke, GrantKind.CONTACT)):
        session.add(SignatoryGrant(person_id=person.id, organisation_id=brenner.id, kind=kind))
    session.flush()

    assert queries.contacts_of(brenner.id) == [elke]
    joining.disable(elke)
    assert queries.contacts_of(brenner.id) == [voss]


def test_an_unknown_person_is_not_found(session):
    with pytest.raises(NotFound):
        queries.person(4711)


@pytest.mark.any_database
@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "Eve\r\nBcc: all@halden.example",
        "Eve \u202egnp",
        "x" * 121,
        "Click http://evil.example",
        "WWW.evil.example",
        "Eve <boss@halden.example>",
    ],
)
def test_a_name_that_could_mislead_is_refused(brenner, name):
    with pytest.raises(Refusal) as refusal:
        joining.add_person(name, organisation=brenner, at=AT)

    assert refusal.value.field == "name"


@pytest.mark.any_database
@pytest.mark.parametrize(
    "address",
    [
        "elke",
        "elke@",
        "@brenner.example",
        "a@b@c",
        "elke sommer@brenner.example",
        "elke@brenner.example\r\nBcc: all@halden.example",
        "élke@brenner.example",
        "elke@brenner..example",
        "elke@" + "a" * 250,
    ],
)
def test_what_is_no_address_is_refused(brenner, address):
    with pytest.raises(Refusal) as refusal:
        joining.add_person("Elke", organisation=brenner, at=AT, address=address)

    assert refusal.value.field == "address"


def test_an_international_domain_is_kept_as_the_wire_has_it(brenner):
    person = joining.add_person("Jörg", organisation=brenner, at=AT, address="J@Käse.example")

    assert person.address == "j@xn--kse-qla.example"


def test_an_address_belongs_to_one_person(elke, brenner):
    with pytest.raises(Refusal):
        joining.add_person("Eve", organisation=brenner, at=AT, address=elke.address.upper())


def test_organisations_of_one_slug_get_a_number(session):
    names = ["Käse & Co", "Kase Co", "株式会社"]

    slugs = [joining.add_organisation(name, zone="UTC", at=AT).slug for name in names]

    assert slugs == ["kase-co", "kase-co-2", "x"]


def test_roles_decide_what_a_person_may(mara, petra, elke):
    assert (elke.is_agent, mara.is_agent, petra.is_agent) == (False, True, True)
    assert (mara.may_manage, petra.may_manage) == (False, True)
    assert petra.role is Role.MANAGER
    assert not petra.is_admin
    assert elke.zone_or("Europe/Oslo") == "Europe/Oslo"
