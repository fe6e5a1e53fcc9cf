"""Stored scripts: every text that people can write is hostile, and every page is read."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.mail import rendering
from app.mail.models import Letter
from tests.place import Place, rules, verbs
from tests.security.conftest import Visits
from tests.security.pages import planted_in
from tests.security.planting import furnish, plant


@pytest.fixture
def furnished(place: Place) -> Place:
    """The place with all that people write about a ticket."""
    furnish(place)
    return place


@pytest.mark.parametrize(
    "who",
    ["nora", *(pytest.param(who, marks=pytest.mark.any_database) for who in ("nobody", "elke"))],
)
def test_no_page_shows_what_somebody_planted(app: Flask, visit: Visits, furnished: Place, who: str):
    client = visit(getattr(furnished.cast, who, None))
    assert {"ticket.subject", "person.name", "message.body", "tag.name"} <= plant()
    wrong, shown = [], 0
    for rule in rules(app):
        if "GET" not in verbs(rule):
            continue
        answer = client.get(furnished.url(app, rule))
        if answer.status_code >= 500 and rule.endpoint != "manage.healthz":
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
        if answer.mimetype == "text/html":
            wrong += [f"{rule.endpoint}: {tag}" for tag in planted_in(answer.text)]
            shown += "x-planted" in answer.text
    assert wrong == []
    assert who == "nobody" or shown > 2, "the attack must be on the pages"


@pytest.mark.any_database
def test_no_letter_carries_what_somebody_planted(app: Flask, furnished: Place):
    plant()
    letters = db.session.scalars(select(Letter)).all()
    assert letters
    for letter in letters:
        drawn = rendering.render(letter)
        assert planted_in(drawn.html) == []
        assert "\n" not in drawn.subject
