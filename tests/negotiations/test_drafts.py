"""Drafts: begun, written part by part by two people at once, and read by nobody else."""

import json
import tomllib
from collections.abc import Iterator

import pytest

from app import wallclock
from app.agreements import toml_text
from app.database import db, transaction
from app.errors import Conflict, Forbidden, NotFound, Refusal
from app.negotiations import checking, drafts, outline, starting
from app.negotiations.checking import Weight
from app.people.models import GrantKind, SignatoryGrant
from tests import cast as stage
from tests.cast import NOW, Cast
from tests.unit.agreements.papers import house


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


def begun(cast: Cast, preset: str = "1-managed-workplace", client=None):
    with transaction():
        return starting.from_preset(preset, client=client or cast.fjordbank, by=cast.jens, at=NOW)


def grant(person, organisation, kind: GrantKind) -> None:
    with transaction():
        db.session.add(
            SignatoryGrant(person_id=person.id, organisation_id=organisation.id, kind=kind)
        )


def typed(draft, key: str) -> dict:
    return outline.part(draft.values, key).typed


@pytest.mark.parametrize("preset", [one.key for one in starting.presets()])
def test_every_preset_is_complete_but_for_people(cast: Cast, preset: str):
    draft = begun(cast, preset)

    found = checking.checked(draft, at=NOW)

    mistakes = [one for one in found if one.weight is Weight.MISTAKE]
    assert {one.place.part for one in mistakes} <= {"contacts"}, mistakes
    assert draft.values["agreement"]["client"] == "Fjordbank"
    assert draft.values["agreement"]["zone"] == "Europe/Oslo"


def test_a_draft_goes_out_as_a_file_and_in_again_unchanged(cast: Cast):
    draft = begun(cast)

    parsed = tomllib.loads(toml_text.text(draft.values))

    assert drafts.plain(parsed) == draft.values


def test_a_part_shown_and_saved_again_changes_nothing(cast: Cast):
    with transaction():
        draft = starting.from_version(cast.workplace.agreement, by=cast.jens, at=NOW)
        before = json.dumps(draft.values)
        for part in list(outline.parts(draft.values)):
            drafts.save(draft, part.key, part.typed, base=part.typed, by=cast.jens, at=NOW)

    assert json.dumps(draft.values) == before
    assert draft.revision == 1


def test_what_is_typed_is_understood_or_kept_as_it_is(cast: Cast):
    draft = begun(cast)
    base = typed(draft, "tiers.gold")

    with transaction():
        wanted = {**base, "targets.1.high": "90m", "targets.1.low": "soon", "day": "9h"}
        drafts.save(draft, "tiers.gold", wanted, base=base, by=cast.jens, at=NOW)

    now = typed(draft, "tiers.gold")
    assert (now["targets.1.high"], now["day"]) == ("90 min", "9 h")
    assert now["targets.1.low"] == "soon"
    wrong = [one for one in checking.checked(draft, at=NOW) if one.place.part == "tiers.gold"]
    assert wrong[0].place.field == "targets.1.low"
    assert "soon" in wrong[0].words


def test_two_people_in_one_part_keep_what_each_wrote(cast: Cast):
    draft = begun(cast)
    base = typed(draft, "text.0")

    with transaction():
        jens = {**base, "clauses.0": "Jens writes the first clause."}
        drafts.save(draft, "text.0", jens, base=base, by=cast.jens, at=NOW)
        nora = {**base, "clauses.1": "Nora writes the second."}
        saved = drafts.save(draft, "text.0", nora, base=base, by=cast.nora, at=NOW)

    assert not saved.clashes
    assert draft.values["text"][0]["clauses"] == [
        "Jens writes the first clause.",
        "Nora writes the second.",
    ]


def test_where_both_wrote_the_same_place_nothing_is_lost(cast: Cast):
    draft = begun(cast)
    base = typed(draft, "text.0")

    with transaction():
        jens = {**base, "clauses.0": "As Jens says it."}
        drafts.save(draft, "text.0", jens, base=base, by=cast.jens, at=NOW)
        nora = {**base, "clauses.0": "As Nora says it.", "clauses.1": "And only Nora here."}
        saved = drafts.save(draft, "text.0", nora, base=base, by=cast.nora, at=NOW)

    assert saved.clashes == {"clauses.0": "As Jens says it."}
    assert saved.mine["clauses.0"] == "As Nora says it."
    assert draft.values["text"][0]["clauses"] == ["As Jens says it.", "And only Nora here."]


def test_rows_that_came_meanwhile_let_nothing_typed_fall(cast: Cast):
    draft = begun(cast)
    base = typed(draft, "text.0")

    with transaction():
        drafts.change_rows(draft, "text.0", "add", "clauses", None, by=cast.jens, at=NOW)
        nora = {**base, "clauses.1": "Nora typed this."}
        saved = drafts.save(draft, "text.0", nora, base=base, by=cast.nora, at=NOW)

    assert saved.mine["clauses.1"] == "Nora typed this."
    assert "clauses.1" in saved.clashes
    assert len(draft.values["text"][0]["clauses"]) == 3


def test_what_cites_a_clause_follows_it_when_the_text_is_rearranged(cast: Cast):
    draft = begun(cast)
    before = draft.values["tiers"][0]["targets"][0]["clause"]
    assert before == "4.1"

    with transaction():
        drafts.change_part(draft, "text.3", "up", base=None, by=cast.jens, at=NOW)
        drafts.change_rows(draft, "text.2", "up", "clauses", 1, by=cast.jens, at=NOW)

    assert draft.values["text"][2]["title"] == "Targets"
    assert draft.values["tiers"][0]["targets"][0]["clause"] == "3.2"
    assert draft.values["agreement"]["exceptions_clause"] == "4.4"


def test_a_section_that_somebody_changed_is_not_taken_out_unseen(cast: Cast):
    draft = begun(cast)
    seen = typed(draft, "text.9")

    with transaction():
        wanted = {**seen, "title": "The end"}
        drafts.save(draft, "text.9", wanted, base=seen, by=cast.nora, at=NOW)
        with pytest.raises(Conflict):
            drafts.change_part(draft, "text.9", "remove", base=seen, by=cast.jens, at=NOW)


def test_a_draft_is_its_partys_own(cast: Cast):
    draft = begun(cast, client=cast.brenner)
    grant(cast.sigrid, cast.fjordbank, GrantKind.AGREEMENT_EDITOR)

    for person in (cast.martin, cast.sigrid, cast.elke, cast.mara):
        with pytest.raises(NotFound):
            drafts.draft(draft.id, seen_by=person)
    with pytest.raises(Forbidden):
        drafts.listed(cast.elke)
    assert drafts.draft(draft.id, seen_by=cast.jens).id == draft.id


def test_a_client_writes_a_change_of_its_own_agreement_and_of_no_other(cast: Cast):
    grant(cast.sigrid, cast.fjordbank, GrantKind.AGREEMENT_EDITOR)

    with transaction():
        draft = starting.from_version(cast.workplace.agreement, by=cast.martin, at=NOW)
        with pytest.raises(Forbidden):
            starting.from_version(cast.workplace.agreement, by=cast.sigrid, at=NOW)

    assert draft.base_version_id == cast.workplace.version.id
    assert draft.values["agreement"]["effective_from"] == "2027-01-01"
    assert drafts.values_of(draft)["agreement"]["effective_from"].isoformat() == "2027-01-01"


def test_a_clients_file_tells_it_nothing_of_others(cast: Cast):
    grant(cast.sigrid, cast.fjordbank, GrantKind.AGREEMENT_EDITOR)
    text = toml_text.text(cast.workplace.version.source)

    with transaction():
        draft = starting.from_file(text, by=cast.sigrid, at=NOW)

    head = draft.values["agreement"]
    assert (head["client"], head["provider"]) == ("Fjordbank", "Halden")
    assert draft.agreement_id is None
    assert head["key"] != cast.workplace.agreement.key
    drafted = drafts.values_of(draft)
    assert drafted["agreement"]["client"] == "Fjordbank"
    known = checking.known(draft, at=NOW)
    assert known.organisations == {"Halden", "Fjordbank"}
    assert known.agreements == {}


def test_a_file_that_is_none_is_refused_with_its_line(cast: Cast):
    with pytest.raises(Refusal, match="line 2"):
        starting.from_file("[agreement]\nkey = = 1", by=cast.jens, at=NOW)


@pytest.mark.parametrize(
    "text", ['[agreement]\ntitle = "a\\u0000b"', "[credits]\nfee = nan", "[credits]\nfee = inf"]
)
def test_what_no_database_keeps_is_refused(cast: Cast, text: str):
    with pytest.raises(Refusal):
        starting.from_file(text, by=cast.jens, at=NOW)


def test_a_backslash_before_u0000_is_no_nul(cast: Cast):
    with transaction():
        draft = starting.from_file("[agreement]\ntitle = 'say \\u0000'", by=cast.jens, at=NOW)

    assert draft.values["agreement"]["title"] == "say \\u0000"


def test_a_dropped_draft_does_not_change(cast: Cast):
    draft = begun(cast)
    with transaction():
        drafts.drop(draft, at=NOW)

    assert drafts.listed(cast.jens) == []
    with pytest.raises(Refusal):
        drafts.for_change(draft.id, by=cast.jens)


def test_a_time_of_day_and_a_team_are_typed_into_the_grid_and_come_back():
    values = house()
    tier = values["tiers"][0]
    tier["targets"] = [
        {
            "measure": "resolution",
            "team": "Network",
            "within": {"high": "1 business day", "low": "2 business days"},
            "by": "16:00",
            "clause": "1.1",
        }
    ]
    part = f"tiers.{tier['key']}"
    shown = outline.part(values, part).typed
    assert (shown["targets.0.high"], shown["targets.0.low"]) == ("1 day", "2 days")
    assert (shown["targets.0.team"], shown["targets.0.by"]) == ("Network", "16:00")
    assert outline.with_typed(values, part, shown)["tiers"][0]["targets"] == tier["targets"]

    typed = {**shown, "targets.0.by": "9:00", "targets.0.low": ""}
    (row,) = outline.with_typed(values, part, typed)["tiers"][0]["targets"]
    assert (row["priority"], row["within"], row["by"]) == ("high", "1 business day", "09:00")
    typed = {**shown, "targets.0.high": "1 bd by 9:00", "targets.0.low": "", "targets.0.by": ""}
    (row,) = outline.with_typed(values, part, typed)["tiers"][0]["targets"]
    assert (row["within"], row["team"]) == ("1 business day by 09:00", "Network")
    assert "by" not in row
