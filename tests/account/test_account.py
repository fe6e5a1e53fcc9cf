"""One's own account: what one says of oneself, and what takes the present password."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from app import wallclock
from app.database import db, transaction
from app.mail.models import Letter
from app.notices import choices
from app.notices.choices import Ways
from app.people.models import Density, Person, SignInSession
from tests.cast import NOW, PASSWORD, Cast, sign_in
from tests.portal import letters

ELSE = "five herons over the frozen weir"
PROFILE = {"name": "Elke Sommer", "language": "de", "zone": "Asia/Tokyo", "theme": "dark"}
DESK = {"signature": "Mara\nService desk", "density": "compact"}


def again(person: Person) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person.id)


def sessions_of(person: Person) -> list[SignInSession]:
    db.session.rollback()
    query = select(SignInSession).where(SignInSession.person_id == person.id)
    return list(db.session.scalars(query.order_by(SignInSession.id)))


def test_a_requester_says_how_they_read(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    answer = client.post("/account", data=PROFILE | {"name": " Elke  Sommer-Lind "})

    assert answer.status_code == 303
    elke = again(cast.elke)
    assert (elke.name, elke.language, elke.zone, elke.theme) == (
        "Elke Sommer-Lind",
        "de",
        "Asia/Tokyo",
        "dark",
    )
    assert 'lang="de"' in client.get("/account").text


def test_a_requester_gives_themselves_nothing_that_the_form_does_not_ask(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)
    smuggled = {"role": "admin", "organisation_id": "1", "is_limited": "", "capacity": "9"}

    client.post("/account", data=PROFILE | DESK | smuggled)

    elke = again(cast.elke)
    assert (elke.role.value, elke.organisation_id) == ("requester", cast.brenner.id)
    assert (elke.signature, elke.capacity) == ("", None)


def test_an_agent_says_how_they_work(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)

    client.post("/account", data=PROFILE | DESK | {"name": "Mara Lindt"})

    mara = again(cast.mara)
    assert mara.signature == "Mara\nService desk"
    assert mara.density is Density.COMPACT
    assert not mara.uses_shortcuts


def test_what_makes_no_sense_comes_back_beside_its_field(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    for wrong in ({"zone": "Mars/Base"}, {"name": "x" * 121}, {"language": "tlh"}):
        page = client.post("/account", data=PROFILE | wrong)
        assert page.status_code == 200
        assert 'class="error"' in page.text
    refused = client.post("/account", data=PROFILE | {"name": "Elke www.prize.example"})
    assert "A name holds no link" in refused.text
    assert again(cast.elke).name == "Elke Sommer"


def test_a_new_password_takes_the_present_one_and_ends_every_other_session(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)
    elsewhere = client.application.test_client()
    sign_in(elsewhere, cast.elke)

    wrong = client.post("/account/password", data={"current": "a guess", "password": ELSE})
    assert "This is not your present password." in wrong.text
    answer = client.post("/account/password", data={"current": PASSWORD, "password": ELSE})

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert letters.newest().kind == "password-changed"


def test_ten_wrong_passwords_and_no_more_are_asked(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    for _ in range(10):
        client.post("/account/password", data={"current": "a guess", "password": ELSE})

    page = client.post("/account/password", data={"current": PASSWORD, "password": ELSE})

    assert "Wait a quarter of an hour" in page.text


def test_a_new_address_is_proven_by_its_mailbox_and_the_old_one_is_told(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)
    elsewhere = client.application.test_client()
    sign_in(elsewhere, cast.elke)
    client.post("/account/address", data={"address": "Elke@New.example", "current": PASSWORD})
    letter = letters.newest()
    assert (letter.kind, letter.to_address) == ("change-address", "elke@new.example")
    assert again(cast.elke).address == "elke.sommer@brenner-voss.example"
    link = letters.link_in(letter)
    assert "elke@new.example" in client.get(link).text

    assert client.post(link).status_code == 303

    assert again(cast.elke).address == "elke@new.example"
    told = letters.newest()
    assert (told.kind, told.to_address) == ("address-changed", "elke.sommer@brenner-voss.example")
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert client.post(link).status_code == 410


def test_a_link_for_an_address_is_nobody_elses(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    client.post("/account/address", data={"address": "elke@new.example", "current": PASSWORD})
    link = letters.link_in(letters.newest())

    sign_in(client, cast.sigrid)

    assert client.get(link).status_code == client.post(link).status_code == 410
    assert again(cast.sigrid).address == "sigrid.moe@fjordbank.example"


def test_an_address_that_somebody_has_is_answered_like_any_other(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    answers = [
        client.post("/account/address", data={"address": address, "current": PASSWORD})
        for address in (cast.sigrid.address, "elke@new.example")
    ]

    assert answers[0].location == answers[1].location
    db.session.rollback()
    kinds = list(db.session.scalars(select(Letter.kind).order_by(Letter.id)))
    assert kinds == ["account-exists", "change-address"]


def test_a_reset_asked_for_before_the_address_changed_opens_nothing(
    client: FlaskClient, cast: Cast
):
    client.post("/forgotten-password", data={"address": cast.elke.address})
    reset = letters.link_in(letters.newest())
    sign_in(client, cast.elke)
    client.post("/account/address", data={"address": "elke@new.example", "current": PASSWORD})
    client.post(letters.link_in(letters.newest()))

    assert client.get(reset).status_code == 410


def test_sessions_are_seen_and_ended_by_their_owner_alone(client: FlaskClient, cast: Cast):
    phone = client.application.test_client()
    phone.post(
        "/sign-in",
        data={"address": cast.elke.address, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/17 Safari/604.1"},
    )
    sign_in(client, cast.elke)
    on_phone, here = sessions_of(cast.elke)
    page = client.get("/account/sessions").text
    assert "Safari on iPhone" in page
    assert "this browser" in page
    stranger = client.application.test_client()
    sign_in(stranger, cast.sigrid)
    assert stranger.post(f"/account/sessions/{on_phone.id}/ending").status_code == 404

    client.post(f"/account/sessions/{on_phone.id}/ending")

    assert phone.get("/portal").status_code == 302
    assert client.get("/portal").status_code == 200
    assert client.post(f"/account/sessions/{here.id}/ending").location == "/sign-in"
    assert sessions_of(cast.elke) == []


def test_every_other_session_ends_at_once(client: FlaskClient, cast: Cast):
    phone = client.application.test_client()
    sign_in(phone, cast.elke)
    sign_in(client, cast.elke)

    client.post("/account/sessions/ending")

    assert phone.get("/portal").status_code == 302
    assert len(sessions_of(cast.elke)) == 1


def test_a_session_that_was_left_alone_is_not_listed(client: FlaskClient, cast: Cast):
    phone = client.application.test_client()
    sign_in(phone, cast.elke)
    with wallclock.frozen(NOW + timedelta(hours=13)):
        sign_in(client, cast.elke)

        assert client.get("/account/sessions").text.count('scope="row"') == 1


def test_boxes_choose_how_one_is_told(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    answer = client.post(
        "/account/notifications",
        data={"letter": ["ticket-opened"], "bell": ["ticket-replied", "escalation", "nonsense"]},
    )

    assert answer.status_code == 303
    db.session.rollback()
    chosen = choices.choices_of(cast.elke)
    assert chosen["ticket-replied"] == Ways(by_letter=False, rings=True)
    assert chosen["ticket-opened"] == Ways(by_letter=True, rings=False)
    assert chosen["still-waiting"] == Ways(by_letter=True, rings=False)
    assert "escalation" not in chosen
    with transaction():
        choices.choose(db.session.get_one(Person, cast.elke.id), {})
