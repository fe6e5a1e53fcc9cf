"""Who writes and signs for whom: given by administrators, kept in the history."""

import pytest

from app.database import transaction
from app.errors import Forbidden, Refusal
from app.people import grants
from app.people.models import GrantKind, Person, Role
from tests import cast as stage
from tests.cast import NOW, Cast

EDITOR, SIGNATORY = GrantKind.AGREEMENT_EDITOR, GrantKind.SIGNATORY


@pytest.fixture
def cast(app) -> Cast:
    return stage.assemble()


def give(cast: Cast, person: Person, kind: GrantKind = SIGNATORY, **instead) -> None:
    organisation = instead.get("organisation", cast.brenner)
    with transaction():
        grants.give(person, organisation, kind, by=instead.get("by", cast.nora), at=NOW)


def test_what_is_given_holds_until_it_is_taken(cast: Cast):
    give(cast, cast.elke, EDITOR)
    assert grants.holds(cast.elke, cast.brenner.id, EDITOR)
    assert not grants.holds(cast.elke, cast.brenner.id, SIGNATORY)
    assert grants.holders(cast.brenner.id, EDITOR, SIGNATORY) == [cast.elke, cast.martin]

    with transaction():
        grants.take(cast.elke, cast.brenner, EDITOR, by=cast.nora, at=NOW)

    assert not grants.holds(cast.elke, cast.brenner.id, EDITOR)
    kept = [(event.given, whose.name, by.name) for event, whose, by in grants.page(cast.brenner.id)]
    assert kept == [(False, "Elke Sommer", "Nora Falk"), (True, "Elke Sommer", "Nora Falk")]


def test_a_grant_lasts_no_longer_than_its_holder_belongs_there(cast: Cast):
    with transaction():
        cast.martin.is_active = False

    assert not grants.holds(cast.martin, cast.brenner.id, SIGNATORY)
    assert cast.martin not in grants.holders(cast.brenner.id, SIGNATORY)


def test_only_administrators_give_and_take(cast: Cast):
    for by in (cast.jens, cast.mara, cast.martin):
        with pytest.raises(Forbidden):
            give(cast, cast.elke, by=by)
        with pytest.raises(Forbidden):
            grants.take(cast.martin, cast.brenner, SIGNATORY, by=by, at=NOW)


def test_who_manages_and_writes_for_the_provider_passes_on_writing_but_never_signing(cast: Cast):
    with transaction():
        cast.petra.role = Role.MANAGER
    assert grants.givers(cast.halden, EDITOR) == [cast.nora, cast.jens]

    give(cast, cast.petra, EDITOR, organisation=cast.halden, by=cast.jens)

    assert grants.givers(cast.halden, EDITOR) == [cast.nora, cast.jens, cast.petra]
    assert grants.givers(cast.halden, SIGNATORY) == [cast.nora]
    with pytest.raises(Forbidden):
        give(cast, cast.petra, SIGNATORY, organisation=cast.halden, by=cast.jens)


def test_nobody_signs_for_an_organisation_of_others(cast: Cast):
    with pytest.raises(Refusal, match="does not belong"):
        give(cast, cast.sigrid)
    with pytest.raises(Refusal, match="managers"):
        give(cast, cast.mara, organisation=cast.halden)
    with pytest.raises(Refusal, match="already"):
        give(cast, cast.martin)
    with pytest.raises(Refusal, match="no such grant"):
        grants.take(cast.elke, cast.brenner, SIGNATORY, by=cast.nora, at=NOW)
