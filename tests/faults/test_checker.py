"""The checker itself: clean tables pass, and each thing that can be wrong is found."""

from dataclasses import replace

import pytest

from tests.faults.checker import judge
from tests.faults.oracle import Deed, Oracle, Row
from tests.faults.tables import Tables

T = 1_800_000_000
WORLD = {
    "zone": "Europe/Berlin",
    "week": {str(day): [["00:00", "24:00"]] for day in range(7)},
    "targets": {"resolution": {"urgent": 4, "high": 8, "low": 40}},
    "ladder": [
        {"measure": "resolution", "percent": 50, "tell": ["jens"]},
        {"measure": "resolution", "percent": 100, "tell": ["jens"]},
    ],
    "floor_percent": 25,
    "grant_percent": 25,
}
OPENED = [
    {"world": WORLD},
    {"op": "op-1", "verb": "open", "at": T, "priority": "urgent"},
    {"op": "op-1", "outcome": "committed"},
]


def rung(position: int, instant: int, fired: int, **other):
    row = {
        "id": position + 1,
        "clock_id": 1,
        "rung_id": position + 1,
        "generation": 1,
        "nth": 0,
        "state": "fired",
        "instant_at": instant,
        "fired_at": fired,
        "late_by_s": fired - instant,
        "position": position,
        "measure": "resolution",
        "sequence": 1,
        "ticket_id": 1,
    }
    return {**row, **other}


def notice(number: int, at: int):
    return {
        "id": number,
        "event": f"rung:1:{number}:1:0",
        "kind": "escalation",
        "at": at,
        "gathered_at": at,
        "letter_id": number,
        "ticket_id": 1,
        "facts": {},
        "person_id": 1,
        "address": "jens",
    }


def letter(number: int, **other):
    row = {
        "id": number,
        "kind": "escalation",
        "to_address": "jens",
        "state": "sent",
        "message_id": f"<{number}>",
        "reason": None,
        "ticket_id": 1,
        "tries": 1,
        "created_at": T,
        "facts": {"clock_id": 1, "point": number},
    }
    return {**row, **other}


def came(number: int, *, at: float = T + 5, lost: bool = False):
    return {"at": at, "to": ["jens"], "message_id": f"<{number}>", "lost": lost}


GOOD = Tables(
    ops=[{"kind": "ticket", "op": "op-1", "ticket_id": 1}],
    reasons=[],
    rungs=[rung(0, T + 2, T + 3), rung(1, T + 4, T + 5)],
    notices=[notice(1, T + 3), notice(2, T + 5)],
    letters=[letter(1), letter(2)],
    trouble=[],
    clocks=[],
)
CAME = [came(1), came(2)]


def verdict(tables=GOOD, *, driver=OPENED, sink=CAME, nemesis=(), now=T + 100):
    return judge(tables, driver=driver, sink=sink, nemesis=nemesis, now=now)


def test_what_went_well_is_clean():
    found = verdict()

    assert found.findings() == []
    assert found.line() == (
        "checker: expected=2 fired=2 lost=0 ghost=0 twice=0 early=0 unexplained=0"
    )


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"rungs": GOOD.rungs[:1]}, "lost"),
        ({"rungs": [*GOOD.rungs, rung(1, T + 4, T + 5, id=9)]}, "twice"),
        ({"rungs": [rung(0, T + 2, T + 2), GOOD.rungs[1]]}, "early"),
        ({"rungs": [rung(0, T + 2, T + 90), rung(1, T + 4, T + 90)]}, "lost"),
        ({"rungs": [*GOOD.rungs, rung(0, T + 2, T + 3, ticket_id=7)]}, "ghost"),
        ({"rungs": [*GOOD.rungs, rung(0, T + 50, T + 60, generation=2)]}, "ghost"),
        ({"rungs": [rung(0, T + 2, T + 6), rung(1, T + 4, T + 5)]}, "unexplained"),
        ({"notices": GOOD.notices[:1]}, "lost"),
        ({"notices": [notice(1, T + 2), GOOD.notices[1]]}, "ghost"),
        ({"notices": [*GOOD.notices, {**notice(3, T + 5), "event": "rung:1:9:1:0"}]}, "ghost"),
        (
            {"notices": [*GOOD.notices, {**notice(3, T + 5), "event": "rung:1:1:1:0:again"}]},
            "ghost",
        ),
        (
            {"notices": [*GOOD.notices, {**notice(3, T + 5), "event": f"rung:1:1:1:0:{T + 1}"}]},
            "ghost",
        ),
        ({"letters": GOOD.letters[:1]}, "ghost"),
        ({"letters": [letter(1), letter(2, state="queued")]}, "lost"),
        ({"letters": [letter(1), letter(2, state="parked", reason="550 no")]}, "unexplained"),
        ({"ops": []}, "lost"),
        ({"ops": [*GOOD.ops, {"kind": "ticket", "op": "op-9", "ticket_id": 9}]}, "unexplained"),
    ],
)
def test_what_is_wrong_in_the_tables_is_found(changed, where):
    found = verdict(replace(GOOD, **changed))

    assert getattr(found, where), found.findings()


def test_a_lower_rung_may_come_after_a_higher_one_at_its_own_later_instant():
    fired = [rung(1, T + 4, T + 5), rung(0, T + 8, T + 9)]

    assert not any("not rising" in each for each in verdict(replace(GOOD, rungs=fired)).unexplained)


def test_a_letter_that_never_came_is_lost_and_one_out_of_nothing_a_ghost():
    assert verdict(sink=CAME[:1]).lost
    assert verdict(sink=[*CAME, came(3)]).ghost


def test_a_copy_needs_a_lost_reply_or_a_death():
    again = came(1, at=T + 9)

    assert verdict(sink=[*CAME, again]).twice
    assert verdict(sink=[came(1, lost=True), came(2), again]).is_clean
    assert verdict(sink=[*CAME, again], nemesis=[{"at": T + 6, "kind": "kill"}]).is_clean


def test_a_letter_that_was_taken_is_parked_only_when_a_death_made_it_go_again():
    parked = letter(2, state="parked", reason="550 no such person")
    tables = replace(GOOD, letters=[letter(1), parked])
    no = {"to": [parked["to_address"]], "message_id": None, "refused": "550 no", "at": T + 9}

    assert verdict(tables, sink=[*CAME, no]).unexplained
    assert verdict(tables, sink=[*CAME, no], nemesis=[{"at": T + 6, "kind": "kill"}]).is_clean


def test_of_a_verb_whose_outcome_nobody_knows_the_tables_tell():
    unknown = [*OPENED[:2], {"op": "op-1", "outcome": "unknown"}]
    nothing = replace(GOOD, ops=[], rungs=[], notices=[], letters=[])

    assert verdict(driver=unknown).is_clean
    assert verdict(nothing, driver=unknown, sink=[]).is_clean
    assert verdict(nothing, sink=[]).lost


def fates(deeds, known=None):
    deeds = [Deed(f"op-{n}", verb, T + at, 1, p) for n, (verb, at, p) in enumerate(deeds)]
    rows = (known or {}).get
    return {one.key[2:]: one for one in Oracle(WORLD).expected(deeds, rows, until=T + 500)}


def test_the_oracle_tells_nobody_of_what_a_stop_came_before():
    found = fates([("open", 0, "urgent"), ("resolve", 3, "")])

    assert [(one.fate, one.instant) for one in found.values()] == [("not_told", T + 2)]


def test_the_oracle_fires_late_what_runs_again():
    found = fates([("open", 0, "urgent"), ("wait", 3, ""), ("message", 60, "")])

    assert [(one.fate, one.instant - T) for one in found.values()] == [
        ("fired", 60),
        ("fired", 61),
    ]


def test_the_oracle_lets_a_fired_rung_fire_again_when_it_lies_ahead_again():
    first = (1, "resolution", 0, 1)
    known = {first: Row("fired", T + 2, T + 3)}

    found = fates([("open", 0, "urgent"), ("priority", 3, "low")], known)

    assert {key: one.instant - T for key, one in found.items()} == {
        (0, 1): 2,
        (0, 2): 20,
        (1, 1): 40,
    }


def test_the_oracle_covers_what_a_change_moves_into_the_past():
    found = fates([("open", 0, "low"), ("priority", 6, "urgent")])

    assert {key: (one.fate, one.instant - T) for key, one in found.items()} == {
        (0, 1): ("covered", 6),
        (1, 1): ("fired", 7),
    }
