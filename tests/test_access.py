"""Every route asked by everybody: what its declared policy and the sight of tickets allow.

The routes come from the URL map, so that one added tomorrow is asked too; what its URL needs
stands in `tests.place`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.database import db, transaction
from app.people.models import Organisation, Person
from app.tickets.models import Participant
from tests import headers
from tests import place as stage
from tests.cast import NOW, sign_in
from tests.place import Place, all_rows, is_of_parties, policy_of, rules, verbs

_ALONE = pytest.mark.any_database
NEVER = 987_654
TOO_BIG = 10**30
EVERYBODY = ("nobody", "elke", "martin", "sigrid", "mara", "jens", "nora")
"""Nobody, the requester, their signatory, a requester of another organisation, agent, manager,
administrator.
"""

ON_BOTH = [
    who if who in {"nobody", "elke", "mara", "jens"} else pytest.param(who, marks=_ALONE)
    for who in EVERYBODY
]
"""Between them these four open nearly every page; on PostgreSQL Nora walks past what is planted."""

ALLOWED = {
    "public": set(EVERYBODY),
    "signed_in": {"elke", "martin", "sigrid", "mara", "jens", "nora"},
    "agent": {"mara", "jens", "nora"},
    "lead": {"jens", "nora"},
    "manager": {"jens", "nora"},
    "admin": {"nora"},
}
PARTIES = {"martin", "jens", "nora"}
"""Who reads the agreement: its client's signatory, the provider's manager and administrator."""
OF_A_CLIENT = {"proposals.give_grant", "proposals.take_grant"}
"""What of a client only administrators do; for the provider its writers do it, too."""
BY_GRANT = {
    "agenda.open_review",
    "agenda.write_minutes",
    "agenda.delete_action",
    "agenda.finish_task",
    "agenda.give_exit_task",
}
"""What takes a grant of a party, besides reading: Nora has none."""
ON_A_REQUEST = "/portal/requests/<int:ref>"
"""Routes that begin so are for the requester's side alone; staff look at the desk."""

REDIRECTS = {
    "portal.root",
    "portal.ask",
    "portal.ask_for",
    "desk.queue",
    "manage.weekly_newest",
    "portal.sign_in",
}
JOINING = "portal.join"
"""The one thing that a colleague who only reads may do: put themselves in copy."""

NOT_ASKED = {
    "portal.sign_in",
    "portal.sign_out",
    "account.end_session",
    "account.end_other_sessions",
}
"""What would end or change the session that asks."""

ELKES = {"account.new_address", "account.read_notice"}
"""Routes of one's account that are asked about what is Elke's; to others it is not there."""

MARAS = {"desk.bulk_change", "desk.undo_bulk"}
"""Routes of what Mara made alone; to her colleagues it is not there."""

QUERIES = {
    "portal.promise": "?priority=high",
    "desk.news": "?in=/desk/views/all-open",
    "hearings.contest": "?promise=1",
}
SENSELESS = (
    "/desk/views/all-open?team={n}&assignee={n}&status={n}&priority={n}",
    "/desk/views/all-open?organisation={n}&requester={n}&tag={n}&not={n}&scope={n}",
    "/desk/views/all-open?after={n}&before={n}",
    "/desk/views/{n}?scope={n}",
    "/desk/news?in=/desk/views/{n}",
    "/desk/news?in=/desk/views/all-open&ids={n}-{n}&after={n}-{n}&until={n}&since={n}",
    "/desk/views/new?query={n}%3D{n}",
    "/desk/views/all-open?after={n}.{n}",
    "/desk/views/all-open?after={n}-{n}",
    "/desk/views/all-open?after={n}_{n}",
    "/manage/mail?state={n}&before={n}",
    "/manage/sight?after={n}",
    "/portal/requests?before={n}",
    "/portal/requests?before={n}.{n}",
    "/portal/requests?before={n}-{n}",
    "/portal/requests?before={n}_{n}",
    "/desk/search?q=ref:{n}&after={n}&before={n}",
    "/desk/search?q=created:{n}..{n}",
    "/desk/search?q=rating:{n}+due:<{n}d",
    "/desk/search/suggestions?q=from:{n}&at={n}",
    "/portal/search?q=%23{n}&after={n}&before={n}",
    "/disputes?before={n}",
    "/manage/agreements?after={n}",
    "/agreements/managed-workplace-brenner-voss/versions/{n}",
    "/agreements/managed-workplace-brenner-voss/differences?from={n}&to={n}",
    "/agreements/managed-workplace-brenner-voss/history?before={n}",
    "/agreements/managed-workplace-brenner-voss/dates?before={n}",
    "/manage/reviews?from={n}",
    "/agreements/managed-workplace-brenner-voss/termination?after={n}",
    "/agreements/managed-workplace-brenner-voss/tickets?after={n}",
    "/agreements/managed-workplace-brenner-voss/disputes?before={n}&due={n}-{n}",
    "/agreements/managed-workplace-brenner-voss/disputes/new?promise={n}",
)


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    with stage.set_up() as place:
        yield place


def may(app: Flask, rule: Rule, who: str) -> bool:
    return who in ALLOWED[policy_of(app, rule)]


def editors_of(rule: Rule) -> set[str]:
    """Who writes agreements; a draft is its party's own, here Halden's."""
    return {"jens"} if "draft_id" in rule.arguments else {"jens", "martin"}


def is_on_a_request(rule: Rule) -> bool:
    return rule.rule.startswith(ON_A_REQUEST)


def come_as(client: FlaskClient, place: Place, who: str) -> None:
    if who != "nobody":
        sign_in(client, getattr(place.cast, who))


@pytest.mark.any_database
def test_every_route_declares_a_policy(app: Flask):
    assert {policy_of(app, rule) for rule in rules(app)} <= set(ALLOWED)


@pytest.mark.parametrize("who", ON_BOTH)
def test_everybody_opens_what_the_policy_allows_and_reading_writes_nothing(
    app: Flask, client: FlaskClient, place: Place, who: str
):
    come_as(client, place, who)
    wrong, before = [], all_rows()
    for rule in rules(app):
        if "GET" not in verbs(rule):
            continue
        answer = client.get(place.url(app, rule) + QUERIES.get(rule.endpoint, ""))
        expected = _expected(app, rule, who)
        wrong += headers.faults(rule.endpoint, answer)
        if answer.status_code not in expected:
            wrong.append(f"{rule.endpoint}: {answer.status_code}, not {expected}")
        if expected == {302} and not answer.location.startswith("/sign-in"):
            wrong.append(f"{rule.endpoint}: leads to {answer.location}")
    assert wrong == []
    after = all_rows()
    assert [name for name in before if before[name] != after[name]] == []


def _expected(app: Flask, rule: Rule, who: str) -> set[int]:
    if not may(app, rule, who):
        return {302} if who == "nobody" else {403}
    if is_on_a_request(rule):
        return {200} if who == "elke" else {404}
    if rule.endpoint.startswith("editor."):
        return {200} if who in editors_of(rule) else {403, 404}
    if is_of_parties(rule):
        return {200} if who in PARTIES else {404}
    if rule.endpoint in ELKES:
        return {200} if who == "elke" else {410}
    if rule.endpoint in MARAS:
        return {200} if who == "mara" else {404}
    if rule.endpoint == "manage.healthz":
        return {503}
    return {200, 302} if rule.endpoint in REDIRECTS else {200}


@pytest.mark.parametrize("who", ON_BOTH)
def test_nobody_writes_beyond_the_policy(app: Flask, client: FlaskClient, place: Place, who: str):
    come_as(client, place, who)
    wrong = []
    for rule in rules(app):
        if "POST" not in (rule.methods or ()) or rule.endpoint in NOT_ASKED:
            continue
        is_elkes = is_on_a_request(rule) or rule.endpoint in ELKES
        allowed = may(app, rule, who) and (not is_elkes or who == "elke")
        allowed = allowed and (not is_of_parties(rule) or who in PARTIES)
        if rule.endpoint.startswith("editor."):
            allowed = who in editors_of(rule)
        allowed = allowed and (rule.endpoint not in BY_GRANT or who != "nora")
        allowed = allowed and (rule.endpoint not in MARAS or who == "mara")
        allowed = allowed and (rule.endpoint not in OF_A_CLIENT or who == "nora")
        answer = client.post(place.url(app, rule), data={})
        wrong += headers.faults(rule.endpoint, answer)
        refused = answer.status_code in {302, 403, 404, 410}
        if refused is allowed or answer.status_code >= 500:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []


def _set(kind: type[Any], row_id: int, **columns: Any) -> None:
    with transaction():
        row = db.session.get_one(kind, row_id)
        for name, value in columns.items():
            setattr(row, name, value)


def _colleague_where_shared(place: Place) -> Person:
    _set(Organisation, place.cast.brenner.id, shares_requests=True)
    return place.cast.martin


def _somebody_in_copy(place: Place) -> Person:
    who = place.cast.sigrid
    with transaction():
        db.session.add(
            Participant(
                ticket_id=place.ticket.id,
                person_id=who.id,
                since_at=NOW,
                added_by_id=place.cast.elke.id,
            )
        )
    return who


def _agent_limited_to_its_team(place: Place) -> Person:
    _set(Person, place.cast.tomas.id, is_limited=True)
    return place.cast.tomas


def _agent_limited_to_another_team(place: Place) -> Person:
    _set(Person, place.cast.petra.id, is_limited=True)
    return place.cast.petra


ON_THE_DESK, IN_THE_PORTAL = "on the desk", "in the portal"
ALL, READ, NONE = "reads and changes", "reads", "sees nothing"
BEYOND_THE_POLICY: list[tuple[Callable[[Place], Person], str, str]] = [
    (lambda place: place.cast.martin, IN_THE_PORTAL, NONE),
    (lambda place: place.cast.mara, IN_THE_PORTAL, NONE),
    (_colleague_where_shared, IN_THE_PORTAL, READ),
    (_somebody_in_copy, IN_THE_PORTAL, ALL),
    (_agent_limited_to_its_team, ON_THE_DESK, ALL),
    (_agent_limited_to_another_team, ON_THE_DESK, NONE),
]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("arrive", "where", "what"),
    BEYOND_THE_POLICY,
    ids=[
        "colleague, also signatory",
        "agent in the portal",
        "colleague where requests are shared",
        "somebody in copy",
        "agent limited to its team",
        "agent limited to another team",
    ],
)
def test_sight_decides_about_every_route_of_a_ticket(
    app: Flask,
    client: FlaskClient,
    place: Place,
    arrive: Callable[[Place], Person],
    where: str,
    what: str,
):
    sign_in(client, arrive(place))
    wrong = []
    for rule in rules(app, of_ticket=True):
        on_the_desk = rule.rule.startswith("/desk/")
        if not (on_the_desk or is_on_a_request(rule)) or on_the_desk is not (where == ON_THE_DESK):
            continue
        if what == READ and rule.endpoint == JOINING:  # from then on they take part
            continue
        for verb in verbs(rule):
            answer = client.open(place.url(app, rule), method=verb)
            never = client.open(place.url(app, rule, ref=NEVER), method=verb)
            if not _is_right(what, verb, answer, never):
                wrong.append(f"{verb} {rule.endpoint}: {answer.status_code}")
    assert wrong == []


def _is_right(what: str, verb: str, answer: TestResponse, never: TestResponse) -> bool:
    if what == NONE:
        return (answer.status_code, answer.text) == (404, never.text)
    if what == READ and verb == "POST":
        return answer.status_code == 403
    if verb == "POST":
        return answer.status_code < 500 and answer.status_code not in {403, 404}
    return answer.status_code < 400


@pytest.mark.any_database
def test_another_ones_request_looks_like_one_that_never_was(
    app: Flask, client: FlaskClient, place: Place
):
    sign_in(client, place.cast.sigrid)
    for rule in rules(app, of_ticket=True):
        if not is_on_a_request(rule):
            continue
        for verb in verbs(rule):
            seen = client.open(place.url(app, rule), method=verb)
            never = client.open(place.url(app, rule, ref=NEVER), method=verb)
            assert (seen.status_code, never.status_code) == (404, 404), rule.endpoint
            assert seen.text == never.text, rule.endpoint


def test_no_number_breaks_a_page(app: Flask, client: FlaskClient, place: Place):
    sign_in(client, place.cast.nora)
    wrong = []
    for rule in rules(app, of_ticket=True):
        for ref in (NEVER, TOO_BIG):
            answer = client.open(place.url(app, rule, ref=ref), method=verbs(rule)[0])
            # Where GET and POST have a view each, routing answers 405 before it reads the number.
            if answer.status_code not in {404, 405 if ref == TOO_BIG else 404}:
                wrong.append(f"{rule.endpoint} {ref}: {answer.status_code}")
    assert wrong == []


def test_nothing_in_an_address_breaks_a_page(client: FlaskClient, place: Place):
    sign_in(client, place.cast.nora)
    asked = [url.format(n=n) for url in SENSELESS for n in (TOO_BIG, 999_999_999_999, -1, "x", "²")]

    answered = {url: client.get(url).status_code for url in asked}
    assert {url: code for url, code in answered.items() if code not in {200, 303, 404}} == {}


@pytest.mark.any_database
def test_a_person_who_was_disabled_is_out_at_once(client: FlaskClient, place: Place):
    sign_in(client, place.cast.mara)
    _set(Person, place.cast.mara.id, is_active=False)

    assert client.get("/desk/views/all-open").status_code == 302
