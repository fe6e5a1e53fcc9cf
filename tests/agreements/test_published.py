"""Published agreements of others, as files of ours: what they promise is what a request gets.

Each file in ``published/`` says in its head where its facts come from, and what of them has no
place in the format; why not stands in docs/decisions/0009.
"""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.agreements import choosing, loading, stored, toml_text
from app.agreements.models import Agreement
from app.businesstime import Calendar
from app.catalogue.models import Service
from app.database import db, transaction
from app.negotiations import outline
from app.people.models import Team

FOLDER = Path(__file__).parent / "published"
FILES = sorted(FOLDER.glob("*.toml"))
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


def values_of(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def test_there_are_twenty_seven():
    assert len(FILES) == 27


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_is_an_agreement_without_a_mistake(file: Path):
    values = tomllib.loads(file.read_text("utf-8"))

    document = stored.document_from(values, {})

    assert any(tier.targets for tier in document.tiers)
    assert file.read_text("utf-8").splitlines()[1].startswith("# http")
    assert tomllib.loads(toml_text.text(values)) == values


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_can_be_shown_in_the_editor_and_saved_unchanged(file: Path):
    values = json.loads(json.dumps(tomllib.loads(file.read_text("utf-8")), default=str))

    saved = values
    for part in list(outline.parts(values)):
        saved = outline.with_typed(saved, part.key, part.typed)

    assert saved == values


def test_each_is_loaded_and_the_same_again_changes_nothing(app):
    with transaction():
        made = [loading.load_file(file, at=NOW) for file in FILES]
        again = [loading.load_file(file, at=NOW) for file in FILES]

    assert all(one.created for one in made)
    assert not any(one.created for one in again)


@pytest.mark.parametrize(
    ("name", "tier", "measure", "priority", "about", "expected"),
    [
        ("cvtc", "campus", "resolution", "normal", "team Network operations", "40 h"),
        ("cvtc", "campus", "resolution", "urgent", "team Enterprise applications", "24 h"),
        (
            "cvtc",
            "campus",
            "resolution",
            "normal",
            "team Enterprise applications",
            "20 business days",
        ),
        ("westernu", "campus", "resolution", "low", "projects", "450 h"),
        ("its-matrix", "low", "resolution", "low", "archive", "10 business days"),
        ("its-matrix", "medium", "first_response", "normal", "", "2 h"),
        ("mmu", "critical", "resolution", "urgent", "core", "2 h"),
        ("auth0", "basic", "first_response", "high", "", "12 h"),
        ("ektasi", "managed", "update", "urgent", "", "1 h"),
    ],
)
def test_a_request_gets_what_the_page_says(
    app, name: str, tier: str, measure: str, priority: str, about: str, expected: str
):
    """``about`` is a service by its key, or "team" and its name."""
    with transaction():
        loaded = loading.load(values_of(name), at=NOW)
    team = db.session.scalar(select(Team.id).where(Team.name == about.removeprefix("team ")))
    service = db.session.scalar(select(Service.id).where(Service.key == about))
    agreement = db.session.get_one(Agreement, loaded.agreement.id)

    terms = choosing.terms_of(
        loaded.version.id,
        organisation_id=agreement.client_id,
        service_id=service,
        priority=priority,
        kind="incident",
        team_id=team,
    )

    assert terms.tier_name.lower().startswith(tier.split("-")[0])
    assert terms.targets[measure].words == expected


def test_the_one_published_example_comes_out_to_the_minute():
    """Truman State University: P3, reported on Friday at 16:00, is answered by Monday at 15:00."""
    document = stored.document_from(values_of("truman"), {})
    [tier] = document.tiers
    [calendar] = document.calendars
    target = next(one for one in tier.targets if one.priority == "normal")
    friday = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("America/Chicago"))

    due = Calendar.from_dict(calendar.definition).add(friday, target.seconds)

    assert due.astimezone(friday.tzinfo) == datetime(2026, 11, 23, 15, tzinfo=friday.tzinfo)


def test_nine_hours_are_exactly_one_business_day_of_eight_to_five():
    document = stored.document_from(values_of("smu"), {})
    [tier] = document.tiers

    high = next(one for one in tier.targets if one.priority == "high")

    assert high.seconds == tier.day_s


def test_a_small_sample_has_a_rule_of_its_own():
    [goal] = stored.document_from(values_of("framework-incident"), {}).objectives

    assert (goal.goal, goal.up_to, goal.allowed_misses) == (95, 39, 2)


def test_availability_counts_in_hours_that_include_bank_holidays_or_not():
    goals = stored.document_from(values_of("mkip"), {}).objectives

    assert {goal.calendar for goal in goals} == {"service", "websites"}


def test_why_something_has_no_place_is_decided_and_written_down():
    decision = (ROOT / "docs" / "decisions" / "0009-published-agreements.md").read_text("utf-8")

    assert [file.stem for file in FILES if f"`{file.stem}`" not in decision] == []
