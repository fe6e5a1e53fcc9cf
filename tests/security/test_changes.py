"""What changes something: only by POST, only with the form's own token, never by reading."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Base, db
from tests.place import Place, policy_of, rules, verbs
from tests.security import pages
from tests.security.conftest import Visits


def everything() -> dict[str, list[Any]]:
    """All rows of all tables, in no order."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.any_database
def test_routes_answer_to_get_and_post_alone(app: Flask):
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert {rule.endpoint for rule in rules(app) if not (rule.methods or set()) <= known} == set()


@pytest.mark.parametrize("who", ["nobody", "elke", "jens", "nora"])
def test_reading_any_page_writes_nothing(app: Flask, visit: Visits, place: Place, who: str):
    client = visit(getattr(place.cast, who, None))
    before = everything()
    for rule in rules(app):
        if "GET" in verbs(rule):
            client.get(place.url(app, rule))
    after = everything()

    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.any_database
def test_nothing_is_changed_without_the_token_of_the_form(app: Flask, visit: Visits, place: Place):
    nora, nobody = visit(place.cast.nora), visit()
    before = everything()
    open_to_all = []
    for rule in rules(app):
        if "POST" not in verbs(rule):
            continue
        client = nobody if policy_of(app, rule) == "public" else nora
        for data in ({}, {"csrf_token": "made up"}):
            answer = client.post(place.url(app, rule), data=data)
            if answer.status_code != 400:
                open_to_all.append(f"{rule.endpoint}: {answer.status_code}")
    assert open_to_all == []
    assert everything() == before


@pytest.mark.any_database
def test_a_form_of_one_browser_is_none_of_another(visit: Visits, place: Place):
    mara, tomas = visit(place.cast.mara), visit(place.cast.tomas)
    path = f"/desk/tickets/{place.ticket.id}"
    token = pages.token_in(mara.get(path).text)

    assert tomas.post(f"{path}/taking", data={"csrf_token": token}).status_code == 400
    assert mara.post(f"{path}/taking", data={"csrf_token": token}).status_code == 303
