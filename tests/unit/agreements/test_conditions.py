"""Term, reviews, contacts, objectives and credits of a file: what they mean, and every mistake."""

from datetime import date
from typing import Any

import pytest

from app.agreements import documents
from app.agreements.parts import CreditStep, Document, Known
from app.agreements.reading import AgreementErrors
from app.agreements.words import Period, Renewal
from tests.unit.agreements.papers import client, house

NOTHING = Known(date(2026, 1, 1), {}, frozenset(), {}, {})
PETRA = {
    "party": "provider",
    "role": "service level manager",
    "name": "Petra Weiss",
    "address": "Petra.Weiss@halden.example",
}
SIGRID = {
    "party": "client",
    "role": "signatory",
    "name": "Sigrid Moe",
    "address": "sigrid.moe@fjordbank.example",
    "acknowledge_within": "24 h",
}
KEPT = {"key": "kept", "goal": 95, "per": "quarter", "warning": 97.5, "clause": "1.1"}
UP = {"measure": "availability", "goal": 99.9, "per": "month"}


def read(values: dict[str, Any]) -> Document:
    return documents.read(values, known=NOTHING)


def mistakes(values: dict[str, Any]) -> list[str]:
    with pytest.raises(AgreementErrors) as caught:
        read(values)
    return caught.value.mistakes


def test_a_file_without_conditions_has_none():
    document = read(house())

    assert (document.term, document.review, document.credits) == (None, None, None)
    assert (document.contacts, document.objectives) == ((), ())


def test_the_term_says_how_it_renews_and_when_notice_is_due():
    values = client(effective_until=date(2026, 12, 31))
    values["term"] = {"renewal": "automatic", "months": 12, "notice_days": 90, "clause": "1.1"}

    term = read(values).term

    assert term is not None
    assert (term.renewal, term.months, term.notice_days) == (Renewal.AUTOMATIC, 12, 90)


def test_contacts_of_a_role_stand_in_the_order_in_which_they_are_told():
    values = client()
    values["contacts"] = [PETRA, SIGRID, PETRA | {"address": "jens.adler@halden.example"}]
    values["review"] = {"every_months": 3, "attendees": ["signatory"]}

    document = read(values)

    assert [part.address for part in document.contacts if part.role == PETRA["role"]] == [
        "petra.weiss@halden.example",
        "jens.adler@halden.example",
    ]
    assert document.contacts[1].acknowledge_s == 24 * 3600
    assert document.review is not None
    assert document.review.attendees == ("signatory",)


def test_credits_go_by_an_objective_and_take_its_period():
    values = client()
    values["objectives"] = [KEPT, UP]
    values["credits"] = {
        "fee": 4200.5,
        "currency": "EUR",
        "steps": [{"objective": "kept", "below": 95, "percent": 5}],
    }

    document = read(values)

    assert [part.key for part in document.objectives] == ["kept", "availability"]
    assert document.credits is not None
    assert document.credits.steps == (CreditStep("kept", 95, 5),)
    assert (document.credits.per, document.credits.cap_percent) == (Period.QUARTER, 100)


def test_a_service_quotes_its_scope_and_what_is_handed_over():
    values = house()
    values["services"][0] |= {"scope": "Laptops only.", "deliverables": ["A client", "A guide"]}

    service = read(values).services[0]

    assert (service.scope, service.deliverables) == ("Laptops only.", ("A client", "A guide"))


@pytest.mark.parametrize(
    ("conditions", "mistake"),
    [
        (
            {"term": {"renewal": "automatic", "months": 12}},
            "term.renewal: what has no effective_until needs no renewal.",
        ),
        (
            {"term": {"renewal": "none", "clause": "9.9"}},
            'term.clause: the text has no clause "9.9".',
        ),
        (
            {"review": {"every_months": 3, "attendees": ["nobody"]}},
            'review.attendees[0]: "nobody" is not one of none at all.',
        ),
        (
            {"contacts": [SIGRID | {"acknowledge_within": "1 business day"}]},
            "contacts[0].acknowledge_within: counts all hours; write hours such as 24 h.",
        ),
        (
            {"contacts": [SIGRID, SIGRID]},
            'contacts[1].address: "sigrid.moe@fjordbank.example" stands there twice for this role.',
        ),
        (
            {"objectives": [KEPT | {"warning": 90}]},
            "objectives.kept.warning: must not be below the goal: it warns before that is missed.",
        ),
        (
            {"objectives": [UP | {"goal": 101}]},
            "objectives[0].goal: 101 must lie between 0 and 100.",
        ),
        (
            {"objectives": [UP, UP]},
            'objectives: 2 are called "availability"; give each a key of its own.',
        ),
        (
            {"credits": {"fee": 10, "steps": [{"below": 90, "percent": 5}]}, "objectives": [KEPT]},
            "credits.currency: is missing; it must be a text.",
        ),
        (
            {"credits": {"steps": [{"below": 90, "percent": 5}]}, "objectives": [KEPT, UP]},
            "credits.steps[0].objective: is missing; it must be a text.",
        ),
    ],
)
def test_a_condition_that_cannot_hold_is_named(conditions: dict[str, Any], mistake: str):
    assert mistakes(client() | conditions) == [mistake]
