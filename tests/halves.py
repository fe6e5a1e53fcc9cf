"""Which tests PostgreSQL need not see again, and why.

On PostgreSQL runs whatever may come out differently there: locks, claims and firing, faults,
search, order and paging, JSON, constraints, migrations, and nearly every statement once (what was
left out was chosen by the statements that no other test asks). A new test runs on both until its
module is named here or it is marked ``any_database``.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

SQLITE_ALONE = {
    "without a database, or with a browser on SQLite": ("browser", "unit"),
    "pages: each is opened on both by test_access.py, its verbs have tests of their own": (
        "account",
        "agenda/test_acknowledging.py",
        "agenda/test_feeds.py",
        "desk/test_band.py",
        "desk/test_composer.py",
        "desk/test_corrections.py",
        "desk/test_deeds.py",
        "desk/test_desk.py",
        "desk/test_files.py",
        "desk/test_search.py",
        "desk/test_together.py",
        "desk/test_undo.py",
        "editor",
        "escalation/test_letters_page.py",
        "escalation/test_stuck_page.py",
        "manage",
        "portal/test_asking.py",
        "portal/test_copies.py",
        "portal/test_files.py",
        "portal/test_guests.py",
        "portal/test_joining.py",
        "portal/test_new_requests.py",
        "portal/test_rating.py",
        "portal/test_requests.py",
        "portal/test_signing_in.py",
        "portal/test_why.py",
        "proposals",
        "test_languages.py",
    ),
    "who may see and do what is decided before the database is asked": (
        "security/test_changes.py",
        "security/test_headers.py",
        "security/test_secrets.py",
        "security/test_signed.py",
    ),
    "rules whose statements other tests of the same package ask on both": (
        "agreements/test_amending.py",
        "agreements/test_docs.py",
        "agreements/test_published.py",
        "agreements/test_standing.py",
        "clocks/test_cases_that_failed_elsewhere.py",
        "clocks/test_foreseeing.py",
        "escalation/test_ladder_rules.py",
        "escalation/test_preview.py",
        "importing/test_mapping.py",
        "importing/test_told.py",
        "mail/test_enclosing.py",
        "mail/test_rendering.py",
        "negotiations/test_copies.py",
        "notices/test_choices.py",
        "people/test_absences.py",
        "people/test_cli.py",
        "people/test_rota.py",
        "tickets/test_calls.py",
        "tickets/test_classification.py",
        "tickets/test_macros.py",
        "tickets/test_on_behalf.py",
        "tickets/test_reopening.py",
        "tickets/test_unanswered.py",
    ),
    "it tests the checker of the faults, which reads what both databases say": (
        "faults/test_checker.py",
        "faults/test_planted.py",
    ),
}

_ALONE = {TESTS / place for places in SQLITE_ALONE.values() for place in places}


def is_left_out(path: Path) -> bool:
    """Whether PostgreSQL need not see the tests of ``path``."""
    return not _ALONE.isdisjoint((path, *path.parents))


def needs_postgresql(item: pytest.Item) -> bool:
    """Whether a test may come out differently on PostgreSQL."""
    marks = {mark.name for mark in item.iter_markers()}
    return "database" in marks and "any_database" not in marks
