"""What rules refuse, and what is wrong with an agreement, goes through the catalogues whole.

Rules know nothing of pages and of readers; what they say is shown all the same. As
`tests.test_languages_whole`, in the language of `tests.pseudo`.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app import languages
from app.agreements import documents, hours, reading
from app.agreements.parts import Known, KnownAgreement
from app.businesstime import Calendar, WrongHours
from app.clocks.course import CannotHappen, What
from tests import pseudo
from tests.cast import NOW
from tests.unit.agreements.papers import client as paper
from tests.unit.agreements.papers import house
from tests.unit.clocks.cast import Story, terms

PATH = re.compile(r"^[\w.\[\]-]+: ")
"""The key that a mistake begins with."""
TYPED = re.compile(
    r""""[^"]*"|'[^']*'|\[\[\w+\]\]|\b\w*_\w+|(?:\b[\w:]+, )+[\w:]+|\bEUR\b|\bEurope/Berlin\b"""
)
"""What was typed, keys of the file, and how something is written."""
NAMES = {"DE", "Fjordbank", "office", "true", "vpn"}


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[None]:
    pseudo.teach(monkeypatch)
    with app.app_context(), languages.speaking(pseudo.TAG):
        yield


def english(said: str) -> list[str]:
    return pseudo.english(TYPED.sub(" ", PATH.sub("", said)), known=NAMES)


REFUSED: dict[str, Callable[[Story], object]] = {
    "opened twice": lambda it: it.tell(What.OPENED),
    "acknowledged when closed": lambda it: closed(it).tell(What.ACKNOWLEDGED),
    "answered when closed": lambda it: closed(it).responded(),
    "set to a status when closed": lambda it: closed(it).tell(What.STATUS, status="on_hold"),
    "set to no status": lambda it: it.tell(What.STATUS, status="4"),
    "resolved without an answer": lambda it: it.resolved(silent=True),
    "resolved twice": lambda it: it.resolved().resolved(),
    "closed before it is solved": lambda it: it.waits().tell(What.CLOSED),
    "withdrawn when closed": lambda it: closed(it).tell(What.WITHDRAWN),
    "spam when closed": lambda it: closed(it).tell(What.SPAM),
    "no spam": lambda it: it.waits().tell(What.UNSPAM),
    "reopened when open": lambda it: it.waits().tell(What.REOPENED),
    "needs no answer": lambda it: it.tell(What.NEEDS_NO_ANSWER),
    "nothing to take back": lambda it: it.tell(What.TAKEN_BACK, undoes="4"),
}


def closed(story: Story) -> Story:
    story.resolved().tell(What.CLOSED)
    return story


@pytest.mark.parametrize("what", REFUSED)
def test_no_rule_of_clocks_refuses_in_english(what: str):
    with pytest.raises(CannotHappen) as refused:
        REFUSED[what](Story().on("Mon 10:00"))

    assert pseudo.english(str(refused.value), known=()) == []


def test_that_solved_means_solved_is_no_english():
    story = Story(terms(reopen_rule="final")).on("Mon 10:00").resolved()

    with pytest.raises(CannotHappen) as refused:
        story.tell(What.REOPENED)

    assert pseudo.english(str(refused.value), known=()) == []


ROWS: dict[str, Any] = {
    "review": {"clause": "9.9"},
    "term": {"renewal": "automatic"},
    "credits": {"fee": -1, "currency": "euro", "cap_percent": 200, "steps": [], "x": 1},
    "contacts": [
        {"party": "client", "role": "technical", "name": "X", "address": "x"},
        {"party": "client", "role": "technical", "name": "X", "address": "x"},
        {
            "party": "provider",
            "role": "signatory",
            "name": "Y",
            "address": "y@halden.example",
            "acknowledge_within": "1 business day",
        },
    ],
    "objectives": [
        {"measure": "availability", "priority": "high", "goal": 99.0, "warning": 90.0, "up_to": 3},
        {"key": "a", "goal": "x", "calendar": "office"},
        {"key": "a", "goal": 1.5},
    ],
    "coverage": [{"tier": "standard"}, {"tier": "standard"}, {"organisation": "Nobody Ltd"}],
    "organisations": [
        {"name": "Halden", "domains": ["a.example"], "provider": 4},
        {"name": "Halden"},
        {"name": "", "domains": ["a.example", 4], "zone": "Berlin"},
    ],
    "signatures": {"provider": {"name": "X", "on": date(2030, 1, 1)}, "client": {"name": 4}},
    "services": [{"key": "vpn", "name": "VPN"}, {"key": "vpn", "name": "VPN"}, 4],
}
RUNGS = [
    {"measure": "resolution", "at": "soon", "tell": ["boss"], "repeat": {"every": "1 h"}},
    {"measure": [], "at": "5 h before due", "tell": "manager", "actions": [{"do": "start_plan"}]},
    {
        "measure": "resolution",
        "at": "75 %",
        "tell": "manager",
        "actions": [{"do": "start_plan", "plan": "x"}, {"do": "assign", "to": "boss"}, 4],
    },
]
TARGETS = [
    {"measure": "resolution", "within": "8 hourz", "clause": "9.9"},
    {"measure": "resolution", "within": "0 h", "clause": "1.1"},
    {"measure": "resolution", "within": "4 h", "by": "99:00", "clause": "1.1"},
    {"measure": "resolution", "within": "4 h by 16:00", "clause": "1.1"},
    {"measure": "nothing", "within": {}, "clause": "1.1"},
    {"measure": "resolution", "within": 4, "service": "wifi"},
]
HOURS = {
    "zone": "Berlin",
    "week": {"mon": [["9", "17:00"]], "moon": [], "tue": "x", "wed": [1], "thu": [["24:00", "1"]]},
    "exceptions": {"x": [], "2026-12-24": [["08:00", "08:00"], ["24:00", "08:00"]]},
    "names": {"2026-12-24": 4, "2026-12-25": "X"},
    "holidays": {"country": "QQ"},
}


def wrong_file() -> dict[str, Any]:
    """An agreement with about everything wrong that can be."""
    values = deepcopy(house(zone="Berlin", provider="Haldn", titel="Typo", key="a b"))
    tier = values["tiers"][0]
    values |= ROWS
    tier |= {"targets": TARGETS, "ladder": RUNGS, "day": "30 h", "calendar": "nights"}
    tier |= {"floor_percent": 300, "reopen": {"rule": "never", "window_days": True}}
    values["agreement"]["effective_until"] = date(2025, 1, 1)
    values["agreement"]["exceptions_clause"] = "9.9"
    values["calendars"] |= {"a": HOURS, "b": {"week": {}}, "c": 4}
    values["calendars"]["d"] = {"week": {}, "holidays": {"country": "DE", "subdivision": "QQ"}}
    return values


def test_no_mistake_of_an_agreement_is_told_in_english():
    stands = {"other": KnownAgreement("Halden", "", "Europe/Berlin")}
    known = Known(NOW.date(), {}, frozenset({"Halden"}), {"a.example": "Q"}, stands)
    renamed = {"a": KnownAgreement("Q", "Q", "UTC")}
    other = Known(NOW.date(), {}, frozenset(), {}, renamed)
    covers = paper()
    covers["coverage"][0]["organisation"] = "Q"

    told = [
        *documents.attempted(wrong_file(), known=known)[1],
        *documents.attempted(house(key="a"), known=other)[1],
        *documents.attempted(covers, known=other)[1],
        *documents.attempted({}, known=other)[1],
    ]

    assert len(told) > 80
    assert [english(said) for said in told if english(said)] == []


def test_that_a_value_is_not_there_is_known_in_every_language():
    told = documents.attempted({}, known=Known(NOW.date(), {}, frozenset(), {}, {}))[1]

    assert all(reading.is_missing(said.partition(": ")[2]) for said in told)
    assert not reading.is_missing(pseudo.wide("stands there twice."))


FORMS: list[dict[str, Any]] = [
    {"zone": "Berlin", "week": {"mon": [["08:00", "17:00"]]}},
    {"zone": "UTC", "week": {}},
    {"zone": "UTC", "week": 4},
    {"zone": "UTC"},
    {"zone": "UTC", "week": {}, "colour": 4},
]


@pytest.mark.parametrize("form", FORMS)
def test_hours_that_are_none_are_told_in_the_readers_language(form: dict[str, Any]):
    with pytest.raises(WrongHours) as wrong:
        Calendar.from_dict(form)

    assert english(hours.said(wrong.value)) == []
    assert str(wrong.value).isascii(), "who reads no page reads English"
