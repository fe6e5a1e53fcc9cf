"""The history of an agreement: what happened, once, newest first."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.agreements import history, loading
from app.agreements.models import Agreement
from app.agreements.words import Party
from app.database import transaction
from tests.unit.agreements.papers import client

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def bank(app: Flask) -> Agreement:
    with transaction():
        return loading.load(client(), at=AT).agreement


def test_what_happened_is_told_newest_first_with_who_did_it(bank: Agreement):
    with transaction():
        history.record(bank, "proposed", by=None, at=AT, party=Party.CLIENT)
        history.record(bank, "rejected", by=None, at=AT, facts={"reason": "Too slow."})

    rejected, proposed = history.page(bank)

    assert (proposed.event.verb, proposed.event.party) == ("proposed", Party.CLIENT)
    assert (rejected.event.facts, rejected.by) == ({"reason": "Too slow."}, None)


def test_what_has_a_key_is_said_once(bank: Agreement):
    with transaction():
        said = [history.record(bank, "in_force", by=None, at=AT, key="in_force:1") for _ in "ab"]
        unkeyed = [history.record(bank, "commented", by=None, at=AT) for _ in "ab"]

    assert (said, unkeyed) == ([True, False], [True, True])
    assert len(history.page(bank)) == 3


def test_a_long_history_is_read_page_by_page(bank: Agreement):
    with transaction():
        for number in range(5):
            history.record(bank, "commented", by=None, at=AT, facts={"number": number})

    first = history.page(bank, limit=2)
    rest = history.page(bank, before=first[1].event.id, limit=3)

    assert [entry.event.facts["number"] for entry in first] == [4, 3, 2]
    assert [entry.event.facts["number"] for entry in rest] == [2, 1, 0]
