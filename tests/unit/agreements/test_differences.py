"""Two versions compared: clauses by their words, targets as they hold."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.agreements import differences, documents
from app.agreements.differences import Change, Run
from app.agreements.parts import Document, Known
from app.catalogue.words import Kind, Priority
from tests.unit.agreements.papers import house, targets

NOTHING = Known(date(2026, 1, 1), {}, frozenset(), {}, {})


def document(**changed: Any) -> Document:
    return documents.read(house() | changed, known=NOTHING)


def text(*clauses: str) -> list[dict[str, Any]]:
    return [{"title": "Targets", "clauses": list(clauses)}]


def shown(before: Document, after: Document) -> list[tuple[str, str]]:
    return [
        (one.change.value, one.number)
        for one in differences.clauses(before, after)
        if not one.is_title
    ]


def with_targets(*rows: str) -> Document:
    values = house()
    values["tiers"][0]["targets"] = targets(*rows)
    return documents.read(values, known=NOTHING)


def test_a_version_does_not_differ_from_itself():
    one = document()

    assert {found.change for found in differences.clauses(one, one)} == {Change.SAME}
    assert differences.targets(one, one) == []


def test_a_clause_put_in_before_others_changes_none_of_them():
    before = document(text=text("Incidents are resolved in time.", "Questions are answered."))
    after = document(
        text=text("Words mean this.", "Incidents are resolved in time.", "Questions are answered.")
    )

    assert shown(before, after) == [("added", "1.1"), ("same", "1.2"), ("same", "1.3")]


def test_what_changed_in_a_clause_stands_beside_what_did_not():
    words = differences.redline(
        "Service hours are Monday to Friday, 09:00 to 17:00 in Berlin.",
        "Service hours are Monday to Friday, 08:00 to 18:00 in Berlin.",
    )

    assert words == (
        Run(Change.SAME, "Service hours are Monday to Friday, "),
        Run(Change.REMOVED, "09:00 to 17:00 "),
        Run(Change.ADDED, "08:00 to 18:00 "),
        Run(Change.SAME, "in Berlin."),
    )


@given(st.text("ab .", max_size=30), st.text("ab .", max_size=30))
def test_a_redline_holds_the_words_of_both(before: str, after: str):
    runs = differences.redline(before, after)

    def words(*left_out: Change) -> list[str]:
        return "".join(run.text + " " for run in runs if run.change not in left_out).split()

    assert words(Change.REMOVED) == after.split()
    assert words(Change.ADDED) == before.split()


def test_a_target_in_another_row_is_the_same_target():
    before = with_targets('measure = "resolution"; within = "8 h"')
    after = with_targets(
        'measure = "resolution"; kind = "incident"; within = "8 h"',
        'measure = "resolution"; within = "1 business day"',
    )

    assert differences.targets(before, after) == []


def test_targets_that_change_alike_are_told_as_one():
    before = with_targets('measure = "resolution"; within = "8 h"')
    after = with_targets(
        'measure = "resolution"; kind = "incident"; priority = "urgent"; within = "2 h"',
        'measure = "resolution"; kind = "incident"; priority = "high"; within = "2 h"',
        'measure = "resolution"; within = "8 h"',
    )

    (found,) = differences.targets(before, after)

    assert (found.priorities, found.kinds) == ((Priority.URGENT, Priority.HIGH), (Kind.INCIDENT,))
    assert (found.before and found.before.words, found.after and found.after.words) == (
        "8 h",
        "2 h",
    )


def test_a_promise_that_is_given_up_has_nothing_after_it():
    before = with_targets(
        'measure = "resolution"; within = "8 h"', 'measure = "first_response"; within = "1 h"'
    )
    after = with_targets('measure = "resolution"; within = "8 h"')

    (found,) = differences.targets(before, after)

    assert (found.measure, found.after) == ("first_response", None)
    assert (found.priorities, found.kinds) == ((), ())


def test_a_service_with_a_target_of_its_own_is_told_by_name():
    before = with_targets('measure = "resolution"; within = "8 h"')
    after = with_targets(
        'measure = "resolution"; service = "vpn"; within = "4 h"',
        'measure = "resolution"; within = "8 h"',
    )

    (found,) = differences.targets(before, after)

    assert (found.service, found.after and found.after.words) == ("vpn", "4 h")


def test_another_time_of_day_and_another_team_are_told():
    before = with_targets(
        'measure = "resolution"; team = "Network"; within = "1 business day by 16:00"',
        'measure = "resolution"; within = "1 business day"',
    )
    after = with_targets(
        'measure = "resolution"; team = "Network"; within = "1 business day by 12:00"',
        'measure = "resolution"; within = "1 business day"',
    )

    (found,) = differences.targets(before, after)
    assert found.before is not None and found.after is not None
    assert (found.team, found.before.by_time, found.after.by_time) == ("Network", "16:00", "12:00")
    assert differences.targets(before, before) == []
