"""What an agreement's page shows: tables of targets, stairs of ladders, words of the rest."""

from datetime import date
from itertools import pairwise
from typing import Any

from app.agreements import documents
from app.agreements.parts import Document, Known
from app.papers import amounts, comparing, grids, hours, paper, staircase
from tests.unit.agreements.papers import client, house, targets

NOTHING = Known(date(2026, 1, 1), {}, frozenset(), {}, {})


def read(values: dict[str, Any]) -> Document:
    return documents.read(values, known=NOTHING)


def with_targets(*rows: str) -> Document:
    values = house()
    values["tiers"][0]["targets"] = targets(*rows)
    return read(values)


def tables(document: Document) -> list[grids.Grid]:
    return grids.grids(document, hours.by_key(document.calendars), services={"vpn": "VPN"})


def with_ladder(*rungs: dict[str, Any]) -> staircase.Staircase:
    values = house()
    values["tiers"][0]["ladder"] = [{"measure": "resolution"} | rung for rung in rungs]
    (drawn,) = staircase.staircases(read(values))
    return drawn


def test_hours_are_said_as_people_say_them():
    found = hours.of(read(house()).calendars[0])

    assert found.words == "Mon–Tue 09:00–17:00, Berlin time"


def test_a_target_in_plain_words_says_which_hours_count():
    assert amounts.plain("8 h", is_always=False) == "8 working hours"
    assert amounts.plain("1 h", is_always=True) == "1 hour"
    assert amounts.plain("2 business days", is_always=False) == "2 business days"


def test_a_time_of_day_is_said_with_its_day():
    said = {
        "1 business day by 16:00": ("16:00 next day", "by 16:00 on the next working day"),
        "2 business days by 12:00": ("12:00 2nd day", "by 12:00 on the 2nd working day"),
    }

    for words, (short, plain) in said.items():
        assert (amounts.short(words), amounts.plain(words, is_always=False)) == (short, plain)


def test_kinds_with_the_same_targets_share_a_table():
    found = tables(
        with_targets(
            'measure = "resolution"; kind = "incident"; within = "4 h"',
            'measure = "resolution"; within = "8 h"',
        )
    )

    assert [grid.title for grid in found] == ["Incidents", "Service requests and questions"]


def test_priorities_that_are_all_alike_share_a_row():
    (grid,) = tables(with_targets('measure = "resolution"; within = "8 h"'))

    assert [(row.priority, row.cells[0].amount) for row in grid.rows] == [(None, "8\xa0h")]


def test_a_service_with_its_own_target_has_its_own_table():
    found = tables(
        with_targets(
            'measure = "resolution"; service = "vpn"; within = "2 h"',
            'measure = "resolution"; within = "8 h"',
        )
    )

    assert [grid.title for grid in found] == ["All requests", "VPN: All requests"]


def test_a_team_with_its_own_target_has_its_own_table():
    found = tables(
        with_targets(
            'measure = "resolution"; team = "Network"; within = "1 business day"; by = "16:00"',
            'measure = "resolution"; within = "8 h"',
        )
    )

    assert [(grid.title, grid.rows[0].cells[0].amount) for grid in found] == [
        ("All requests", "8\xa0h"),
        ("All requests, team Network", "16:00 next day"),
    ]


def test_the_stairs_rise_from_left_to_right_and_labels_keep_apart():
    drawn = with_ladder(
        {"at": "98 %", "tell": "assignee"},
        {"at": "99 %", "tell": "team_lead"},
        {"at": "100 %", "tell": "manager"},
        {"at": "4 h after due", "tell": "manager"},
    )

    xs, ys = [step.x for step in drawn.steps], [step.y for step in drawn.steps]
    assert ys == sorted(ys, reverse=True)
    assert all(b - a >= staircase.NEAR for a, b in pairwise(xs))
    assert max(xs) <= staircase.WIDTH
    assert [step.is_over for step in drawn.steps] == [False, False, True, True]
    assert drawn.due_x == xs[2]


def test_rungs_of_one_point_are_one_step():
    drawn = with_ladder(
        {"at": "100 %", "tell": "team_lead"}, {"at": "100 %", "tell": ["manager", "team_lead"]}
    )

    (step,) = drawn.steps
    assert step.who == "The team lead and the service managers"


def test_what_rests_on_no_clause_stands_in_an_annex():
    values = client()
    values["contacts"] = [
        {"party": "client", "role": "signatory", "name": "Sigrid Moe", "address": "s@moe.example"}
    ]

    laid = paper.lay_out(read(values))

    assert [(one.letter, one.title) for one in laid.sections if one.letter][-1] == ("D", "Contacts")
    (section,) = [one for one in laid.sections if one.title == "Targets"]
    assert "targets" in [figure.kind for figure in section.figures]


def test_versions_that_say_the_same_differ_in_nothing():
    one = read(house())

    found = comparing.compare(one, one, services={})

    assert found.is_empty
    assert found.sentence == "Nothing differs: both versions say the same."


def test_what_is_no_clause_is_compared_as_well():
    before, after = house(), house(effective_until=date(2027, 12, 31))
    after["calendars"]["office"]["week"]["wed"] = [["09:00", "12:00"]]

    found = comparing.compare(read(before), read(after), services={})

    assert [title for title, _rows in found.facts] == ["Title and dates", "Hours"]
    assert found.facts[0][1][0].label == "Last day"
