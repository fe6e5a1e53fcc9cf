"""The fallback chain in words says what a ladder does."""

from datetime import timedelta

import pytest

from app.database import transaction
from app.escalation import chain, responsible
from app.people import absences
from tests import cast as stage
from tests import factories
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def cast(app) -> Cast:
    return stage.assemble()


def away(person, substitute=None):
    with transaction():
        return absences.note(
            person,
            starts_at=NOW - DAY,
            ends_at=NOW + DAY,
            substitute=substitute,
            reason="",
            by=None,
            at=NOW,
        )


def words(person) -> str:
    return chain.chain_of(person, at=NOW).words


def test_whoever_is_here_is_told(cast: Cast):
    assert words(cast.mara) == "A ladder that calls Mara reaches Mara: nobody stands in."


def test_the_substitute_of_the_substitute_is_told(cast: Cast):
    away(cast.mara, cast.petra)
    away(cast.petra, cast.tomas)

    assert words(cast.mara) == ("If a ladder calls Mara now, Tomás Rivera is told, who stands in.")


def test_with_nobody_standing_in_the_next_in_line_is_told_by_team(cast: Cast):
    away(cast.mara)

    assert words(cast.mara) == (
        "If a ladder calls Mara now, nobody stands in: Petra Weiss is told about tickets of"
        " Service desk, Jens Adler is told about all others."
    )


def test_while_the_managers_are_away_an_administrator_is_told(cast: Cast):
    away(cast.tomas)
    away(cast.jens)

    assert words(cast.tomas).endswith("nobody stands in: Nora Falk is told.")


def test_even_with_everybody_away_somebody_is_told(cast: Cast):
    for person in (cast.mara, cast.petra, cast.tomas, cast.jens, cast.nora):
        away(person)

    assert words(cast.mara).endswith("the last administrator is told all the same.")


def test_the_words_name_whom_a_ladder_tells(cast: Cast):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    role = f"person:{cast.mara.address}"
    told = []
    for one in (None, cast.mara, cast.jens):
        if one:
            away(one)
        [answer] = responsible.people_for([role], ticket, at=NOW)
        said = chain.chain_of(cast.mara, at=NOW)
        told.append(answer.person.name)
        by_team = {each.team.id if each.team else None: each for each in said.next_in_line}
        other = by_team.get(ticket.team_id) or by_team.get(None)
        assert answer.person == (said.stand_in or (other and other.person))
    assert told == ["Mara Lindt", "Jens Adler", "Nora Falk"]


def test_a_substitute_who_is_away_too_is_warned_of(cast: Cast):
    away(cast.petra)
    alone = away(cast.mara, cast.petra)
    away(cast.jens, cast.tomas)
    helped = away(cast.nora, cast.jens)
    away(cast.tomas, cast.nora)

    assert chain.doubts(alone) == [
        "Petra Weiss is away in that time, too, without a substitute: then the next in line is"
        " told."
    ]
    assert "then Tomás Rivera stands in" in chain.doubts(helped)[0]


def test_two_who_name_each_other_are_warned_of(cast: Cast):
    away(cast.petra, cast.mara)

    [doubt] = chain.doubts(away(cast.mara, cast.petra))

    assert "named Mara Lindt as substitute" in doubt
