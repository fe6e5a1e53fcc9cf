"""What changes something: only by POST, and only with the form's own token.

That reading writes nothing: tests/test_access.py.
"""

from flask import Flask

from tests.place import Place, all_rows, policy_of, rules, verbs
from tests.security import pages
from tests.security.conftest import Visits


def test_routes_answer_to_get_and_post_alone(app: Flask):
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert {rule.endpoint for rule in rules(app) if not (rule.methods or set()) <= known} == set()


def test_nothing_is_changed_without_the_token_of_the_form(app: Flask, visit: Visits, place: Place):
    nora, nobody = visit(place.cast.nora), visit()
    before = all_rows()
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
    assert all_rows() == before


def test_a_form_of_one_browser_is_none_of_another(visit: Visits, place: Place):
    mara, tomas = visit(place.cast.mara), visit(place.cast.tomas)
    path = f"/desk/tickets/{place.ticket.id}"
    token = pages.token_in(mara.get(path).text)

    assert tomas.post(f"{path}/taking", data={"csrf_token": token}).status_code == 400
    assert mara.post(f"{path}/taking", data={"csrf_token": token}).status_code == 303
