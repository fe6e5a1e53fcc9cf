"""Every route asked by everybody: what its declared policy and the sight of tickets allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app import wallclock
from app.agreements.models import Tier
from app.calendars.models import CalendarVersion
from app.catalogue import plans
from app.clocks import queries as clocks
from app.database import db, transaction
from app.escalation import parking
from app.mail import outbox
from app.mail.models import Letter
from app.people import absences, rostering
from app.people.models import Person, RotaShift, RotaSwap
from app.tickets.models import Ticket
from tests import cast as stage
from tests import factories
from tests.cast import NOW, Cast, sign_in

NEVER = 987_654
TOO_BIG = 10**30
EVERYBODY = ("nobody", "elke", "sigrid", "mara", "jens", "nora")
"""Nobody, the requester, a requester of another organisation, agent, manager, administrator."""

ALLOWED = {
    "public": set(EVERYBODY),
    "signed_in": {"elke", "sigrid", "mara", "jens", "nora"},
    "agent": {"mara", "jens", "nora"},
    "lead": {"jens", "nora"},
    "manager": {"jens", "nora"},
    "admin": {"nora"},
}
OWN = {
    "portal.request",
    "portal.answer",
    "portal.close",
    "portal.why",
    "portal.why_data",
    "portal.read",
}
"""What only the requester sees in the portal; staff look at the desk."""

REDIRECTS = {"portal.root", "desk.queue", "manage.weekly_newest", "portal.sign_in"}
QUERIES = {"portal.promise": "?priority=high"}
SENSELESS = (
    "/desk/views/all-open?team={n}&assignee={n}&status={n}&priority={n}",
    "/desk/views/all-open?after={n}&before={n}",
    "/desk/views/all-open?after={n}.{n}",
    "/desk/views/all-open?after={n}-{n}",
    "/desk/views/all-open?after={n}_{n}",
    "/manage/mail?state={n}&before={n}",
    "/portal/requests?before={n}",
    "/portal/requests?before={n}.{n}",
    "/portal/requests?before={n}-{n}",
    "/portal/requests?before={n}_{n}",
)


@dataclass
class Place:
    """What the routes are about: Elke's request, its clock, and a letter."""

    cast: Cast
    ticket: Ticket
    clock_id: int
    letter_id: int
    shift_id: int
    swap_id: int
    absence_id: int
    calendar_id: int
    tier_id: int

    def person(self, who: str) -> Person | None:
        return None if who == "nobody" else getattr(self.cast, who)

    def url(self, app: Flask, rule: Rule, *, ref: int | None = None) -> str:
        known = {
            "ref": ref or self.ticket.id,
            "clock_id": self.clock_id,
            "letter_id": self.letter_id,
            "message_id": 1,
            "shift_id": self.shift_id,
            "swap_id": self.swap_id,
            "absence_id": self.absence_id,
            "tier_id": self.tier_id,
            "calendar_id": self.calendar_id,
            "version_id": self.ticket.version_id,
            "name": "htmx.js",
            "key": "vpn",
            "plan_key": "vpn-outage",
            "scope": "all-open",
            "slug": "network",
            "iso_week": "2026-W47",
        }
        with app.test_request_context():
            return app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    with wallclock.frozen(NOW):
        cast = stage.assemble()
        ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
        with transaction():
            letter = outbox.queue(
                "ticket-opened",
                to=cast.elke,
                at=NOW,
                facts={
                    "number": ticket.id,
                    "ref": ticket.ref,
                    "subject": ticket.subject,
                    "promises": [],
                },
                key="a letter of the tests",
            )
            assert isinstance(letter, Letter)
            shift, swap = _rota(cast)
            plans.add("vpn-outage", title="VPN outage", service=None, steps=["Call the line"])
            absence = absences.note(
                cast.mara,
                starts_at=NOW + timedelta(days=1),
                ends_at=NOW + timedelta(days=2),
                substitute=cast.petra,
                reason="",
                by=cast.mara,
                at=NOW,
            )
            for _ in range(parking.MOST_TRIES):
                parking.set_back(ticket.id, ValueError("stuck"), at=NOW)
        clock = clocks.clocks_of([ticket.id])[ticket.id][0]
        hours = db.session.get_one(CalendarVersion, clock.calendar_version_id)
        yield Place(
            cast,
            ticket,
            clock.id,
            letter.id,
            shift.id,
            swap.id,
            absence.id,
            hours.calendar_id,
            _tier_id(cast),
        )


def _tier_id(cast: Cast) -> int:
    """The tier of the house agreement whose ladder is asked for."""
    return db.session.scalars(select(Tier.id).where(Tier.version_id == cast.house.version.id)).one()


def _rota(cast: Cast) -> tuple[RotaShift, RotaSwap]:
    """A shift and a swap of the team whose pages are asked for."""
    shifts = rostering.add_shift(
        cast.network, cast.mara, weekdays=[0], starts="08:00", ends="18:00", by=cast.jens
    )
    swap = rostering.swap(
        cast.network,
        cast.tomas,
        instead_of=None,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
        reason="a wedding",
        by=cast.jens,
        at=NOW,
    )
    return shifts[0], swap


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def policy_of(app: Flask, rule: Rule) -> str:
    return app.view_functions[rule.endpoint].__dict__.get("policy", "none declared")


def may(app: Flask, rule: Rule, who: str) -> bool:
    return who in ALLOWED[policy_of(app, rule)]


def test_every_route_declares_a_policy(app: Flask):
    assert {policy_of(app, rule) for rule in rules(app)} <= set(ALLOWED)


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_opens_what_the_policy_allows(
    app: Flask, client: FlaskClient, place: Place, who: str
):
    person = place.person(who)
    if person is not None:
        sign_in(client, person)
    wrong = []
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.get(place.url(app, rule) + QUERIES.get(rule.endpoint, ""))
        expected = _expected(app, rule, who)
        if answer.status_code not in expected:
            wrong.append(f"{rule.endpoint}: {answer.status_code}, not {expected}")
        if expected == {302} and not answer.location.startswith("/sign-in"):
            wrong.append(f"{rule.endpoint}: leads to {answer.location}")
    assert wrong == []


def _expected(app: Flask, rule: Rule, who: str) -> set[int]:
    if not may(app, rule, who):
        return {302} if who == "nobody" else {403}
    if rule.endpoint in OWN:
        return {200} if who == "elke" else {404}
    if rule.endpoint == "manage.healthz":
        return {503}
    return {200, 302} if rule.endpoint in REDIRECTS else {200}


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_writes_beyond_the_policy(app: Flask, client: FlaskClient, place: Place, who: str):
    person = place.person(who)
    if person is not None:
        sign_in(client, person)
    wrong = []
    for rule in rules(app):
        if "POST" not in (rule.methods or ()) or rule.endpoint in {
            "portal.sign_in",
            "portal.sign_out",
        }:
            continue
        allowed = may(app, rule, who) and (rule.endpoint not in OWN or who == "elke")
        answer = client.post(place.url(app, rule), data={})
        refused = answer.status_code in {302, 403, 404}
        if refused is allowed or answer.status_code >= 500:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []


def test_another_ones_request_looks_like_one_that_never_was(
    app: Flask, client: FlaskClient, place: Place
):
    for who in ("sigrid", "martin", "mara"):
        sign_in(client, getattr(place.cast, who))
        for rule in rules(app):
            if rule.endpoint not in OWN:
                continue
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                seen = client.open(place.url(app, rule), method=method)
                never = client.open(place.url(app, rule, ref=NEVER), method=method)
                assert (seen.status_code, never.status_code) == (404, 404), rule.endpoint
                assert seen.text == never.text, rule.endpoint


def test_no_number_breaks_a_page(app: Flask, client: FlaskClient, place: Place):
    sign_in(client, place.cast.nora)
    wrong = []
    for rule in rules(app):
        if "ref" not in rule.arguments:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for ref in (NEVER, TOO_BIG):
            answer = client.open(place.url(app, rule, ref=ref), method=method)
            if answer.status_code != 404:
                wrong.append(f"{rule.endpoint} {ref}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("url", SENSELESS)
def test_nothing_in_an_address_breaks_a_page(client: FlaskClient, place: Place, url: str):
    sign_in(client, place.cast.nora)

    for number in (TOO_BIG, 999_999_999_999, -1, "x", "²"):
        assert client.get(url.format(n=number)).status_code in {200, 404}


def test_a_person_who_was_disabled_is_out_at_once(client: FlaskClient, place: Place):
    sign_in(client, place.cast.mara)
    with transaction():
        db.session.get_one(Person, place.cast.mara.id).is_active = False

    assert client.get("/desk/views/all-open").status_code == 302
