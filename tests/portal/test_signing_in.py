"""The front door."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.database import db
from app.demo import accounts
from app.people import passwords
from app.people.models import SignInSession
from tests.cast import PASSWORD, Cast, sign_in

WRONG = "This address and password do not belong together."


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(SignInSession)) or 0


def test_everybody_is_led_to_where_their_work_is(client: FlaskClient, cast: Cast):
    assert client.get("/").location == "/sign-in"

    sign_in(client, cast.elke)
    assert client.get("/").location == "/portal"

    sign_in(client, cast.mara)
    assert client.get("/").location == "/desk"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, cast: Cast):
    known = client.post("/sign-in", data={"address": cast.elke.address, "password": "x" * 12})
    nobody = client.post(
        "/sign-in", data={"address": "nobody@fjordbank.example", "password": "x" * 12}
    )

    assert known.status_code == nobody.status_code == 200
    assert WRONG in known.text
    assert WRONG in nobody.text
    assert str(cast.elke.address) in known.text
    assert "x" * 12 not in known.text


def test_the_eleventh_wrong_try_is_refused_even_with_the_right_password(
    client: FlaskClient, cast: Cast
):
    for _ in range(10):
        client.post("/sign-in", data={"address": cast.elke.address, "password": "wrong"})

    answer = client.post("/sign-in", data={"address": cast.elke.address, "password": PASSWORD})

    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.text
    sign_in(client, cast.mara)


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    cookie = client.get_cookie("pledge")
    assert cookie is not None

    assert client.post("/sign-out").location == "/sign-in"

    client.set_cookie("pledge", cookie.value)
    assert client.get("/portal").status_code == 302
    assert sessions() == 0


def test_signing_in_again_leaves_no_old_session_behind(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    before = client.get_cookie("pledge")
    sign_in(client, cast.elke)
    after = client.get_cookie("pledge")

    assert before and after
    assert before.value != after.value
    assert sessions() == 1


def test_the_way_on_never_leaves_the_house(client: FlaskClient, cast: Cast):
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        answer = client.post(
            "/sign-in",
            data={"address": cast.elke.address, "password": PASSWORD, "next": target},
        )
        assert answer.location == "/"

    assert "evil" not in client.get("/sign-in?next=//evil.example").text


def test_a_link_from_a_letter_is_remembered_over_the_sign_in(client: FlaskClient, cast: Cast):
    asked = client.get("/portal/requests?show=all")
    assert asked.location == "/sign-in?next=%2Fportal%2Frequests%3Fshow%3Dall"

    answer = client.post(asked.location, data={"address": cast.elke.address, "password": PASSWORD})

    assert answer.location == "/portal/requests?show=all"


def test_the_demo_shows_its_accounts_and_nothing_else_does(
    app: Flask, client: FlaskClient, cast: Cast
):
    import dataclasses

    assert "Elke Sommer" not in client.get("/sign-in").text

    config = app.extensions["pledge.config"]
    app.extensions["pledge.config"] = dataclasses.replace(config, demo=True)
    page = client.get("/sign-in").text

    for account in accounts.SHOWN:
        assert account.name in page
        assert account.address in page
        passwords.check_strength(account.password, words=(account.name, account.address))


def test_no_page_with_data_is_kept_by_the_browser(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    answer = client.get("/portal")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
