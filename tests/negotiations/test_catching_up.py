"""A draft whose agreement got another version: each piece comes from the side that changed it."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app import wallclock
from app.agreements import loading
from app.agreements.models import Agreement
from app.database import db, transaction
from app.negotiations import catching_up, starting
from tests import cast as stage
from tests.cast import NOW, Cast


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


BEFORE = {
    "agreement": {"title": "A", "zone": "UTC"},
    "text": [{"title": "One", "clauses": ["a"]}, {"title": "Two", "clauses": ["b"]}],
    "tiers": [{"key": "gold", "day": "8 h"}, {"key": "silver", "day": "8 h"}],
}


def changed(**tops):
    return {**copy.deepcopy(BEFORE), **tops}


def test_what_either_side_changed_is_there_afterwards():
    mine = changed(text=[{"title": "One", "clauses": ["mine"]}, BEFORE["text"][1]])
    theirs = changed(tiers=[{"key": "gold", "day": "9 h"}, BEFORE["tiers"][1]])

    made, both = catching_up.brought_together(BEFORE, mine, theirs)

    assert both == []
    assert made["text"][0]["clauses"] == ["mine"]
    assert made["tiers"][0]["day"] == "9 h"
    assert made["agreement"] == BEFORE["agreement"]


def test_what_both_changed_stays_mine_and_is_named():
    mine = changed(agreement={"title": "Mine", "zone": "UTC"})
    theirs = changed(agreement={"title": "Theirs", "zone": "UTC"}, tiers=BEFORE["tiers"][:1])

    made, both = catching_up.brought_together(BEFORE, mine, theirs)

    assert both == ["agreement title"]
    assert made["agreement"]["title"] == "Mine"
    assert [tier["key"] for tier in made["tiers"]] == ["gold"]


def test_a_draft_behind_its_agreement_is_brought_up_to_date(cast: Cast):
    with transaction():
        agreement = db.session.get_one(Agreement, cast.workplace.agreement.id)
        draft = starting.from_version(agreement, by=cast.jens, at=NOW)
        draft.values = {**draft.values, "coverage": draft.values["coverage"][:1]}
        assert catching_up.newer(draft) is None
        values = copy.deepcopy(cast.workplace.version.source)
        first = date.fromisoformat(values["agreement"]["effective_from"])
        values["agreement"]["effective_from"] = first + timedelta(days=400)
        for key, day in values["agreement"].items():
            if key == "effective_until":
                values["agreement"][key] = date.fromisoformat(day)
        values["text"][0]["title"] = "Purpose, better said"
        values["signatures"] = {
            "provider": {"name": "Jens Adler", "on": first},
            "client": {"name": "Martin Voss", "on": first},
        }
        loaded = loading.load(values, at=NOW, with_catalogue=False)
        newer = catching_up.newer(draft)
        assert newer is not None and newer.id == loaded.version.id

        both = catching_up.catch_up(draft, by=cast.jens, at=NOW)

    assert both == ["agreement effective_from"]
    assert draft.values["text"][0]["title"] == "Purpose, better said"
    assert len(draft.values["coverage"]) == 1
    assert draft.base_version_id == loaded.version.id
