"""Joining and forgotten passwords: the same answer for everybody, a link that works once."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import wallclock
from app.database import db, transaction
from app.mail import rendering
from app.people import joining, queries, tokens
from app.people.models import Person, Token
from tests.cast import NOW, PASSWORD, Cast, sign_in
from tests.portal import letters
from tests.statements import counted

ELSE = "five herons over the frozen weir"


def ask_to_join(client: FlaskClient, address: str, name: str = "Ines Brandt"):
    return client.post("/join", data={"name": name, "address": address})


def forget(client: FlaskClient, address: str):
    return client.post("/forgotten-password", data={"address": address})


def test_who_proves_a_mailbox_joins_the_organisation_of_its_domain(client: FlaskClient, cast: Cast):
    answer = ask_to_join(client, "Ines.Brandt@Brenner-Voss.example")
    assert answer.location == "/letter-sent"
    link = letters.link_in(letters.newest())
    assert "Ines Brandt" in client.get(link).text

    answer = client.post(link, data={"name": "Ines Brandt", "password": ELSE})

    assert answer.status_code == 303
    assert client.get("/portal").status_code == 200
    ines = queries.find_person_by_address("ines.brandt@brenner-voss.example")
    assert ines is not None
    assert ines.organisation_id == cast.brenner.id
    assert not ines.is_agent


def test_who_comes_from_nowhere_belongs_to_the_guests(client: FlaskClient, cast: Cast):
    for address in ("kim@post.example", "lee@post.example"):
        ask_to_join(client, address)
        link = letters.link_in(letters.newest())
        client.post(link, data={"name": "Somebody", "password": ELSE})

    db.session.rollback()
    guests = queries.find_organisation_by_name("Guests")
    found = db.session.scalars(select(Person.organisation_id).where(Person.name == "Somebody"))
    assert guests is not None
    assert found.all() == [guests.id, guests.id]


def test_known_and_unknown_addresses_get_the_same_answer(client: FlaskClient, cast: Cast):
    for ask in (ask_to_join, forget):
        known, unknown = ask(client, str(cast.elke.address)), ask(client, "nobody@post.example")

        assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
        assert known.text == unknown.text
    assert letters.count() == 4


def test_known_and_unknown_addresses_cost_the_same_work(client: FlaskClient, cast: Cast):
    client.get("/forgotten-password")
    for ask in (ask_to_join, forget):
        work = []
        for address in (str(cast.elke.address), "nobody@post.example"):
            with counted() as statements:
                ask(client, address)
            work.append([statement.split()[:3] for statement in statements])

        assert work[0] == work[1]


def test_an_unproven_mailbox_reads_nothing_that_a_stranger_typed(client: FlaskClient, cast: Cast):
    ask_to_join(client, "victim@post.example", name="You have won a prize")

    drawn = rendering.render(letters.newest(), to_send=True)

    assert "prize" not in drawn.subject + drawn.text + drawn.html
    assert letters.newest().to_name == "victim@post.example"


def test_a_link_works_once_and_not_for_ever(client: FlaskClient, cast: Cast):
    forget(client, str(cast.elke.address))
    link = letters.link_in(letters.newest())
    assert client.post(link, data={"password": ELSE}).status_code == 303

    client.get("/sign-in")
    again = client.post(link, data={"password": PASSWORD})
    assert again.status_code == 410
    never = client.get("/new-password/" + "x" * 60)
    assert never.status_code == 410
    forget(client, str(cast.martin.address))
    link = letters.link_in(letters.newest())
    with wallclock.frozen(NOW + timedelta(hours=1)):
        late = client.get(link)
    assert late.status_code == 410
    assert late.text == never.text == again.text


def test_a_new_password_ends_every_session_and_tells_the_owner(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    forget(client, str(cast.elke.address))
    link = letters.link_in(letters.newest())

    client.post(link, data={"password": ELSE})

    assert client.get("/portal").status_code == 302
    assert letters.newest().kind == "password-changed"
    assert letters.newest().to_address == cast.elke.address
    assert (
        client.post("/sign-in", data={"address": cast.elke.address, "password": ELSE}).status_code
        == 303
    )


def test_a_weak_password_is_refused_and_the_link_still_works(client: FlaskClient, cast: Cast):
    forget(client, str(cast.elke.address))
    link = letters.link_in(letters.newest())

    for weak in ("short", "password1234", "Elke Sommer", "aaaaaaaaaaaaaaaa", "qwertyuiop12"):
        refused = client.post(link, data={"password": weak})
        assert refused.status_code == 200
        assert 'class="error"' in refused.text
        assert weak not in refused.text.replace(str(cast.elke.address), "")

    assert client.post(link, data={"password": ELSE}).status_code == 303


def test_a_link_opens_nothing_but_what_it_was_made_for(client: FlaskClient, cast: Cast):
    forget(client, str(cast.elke.address))
    secret = letters.link_in(letters.newest()).rsplit("/", 1)[1]

    for path in ("/join/", "/prove/"):
        assert client.get(path + secret).status_code == 410


def test_the_fourth_letter_to_a_mailbox_in_an_hour_is_not_written(client: FlaskClient, cast: Cast):
    for _ in range(4):
        answer = forget(client, str(cast.elke.address))

    assert "several letters" in answer.text
    assert letters.count() == 3
    with wallclock.frozen(NOW + timedelta(hours=1)):
        assert forget(client, str(cast.elke.address)).status_code == 303


def test_no_stranger_keeps_the_owner_from_a_new_password(client: FlaskClient, cast: Cast):
    for _ in range(4):
        ask_to_join(client, str(cast.elke.address))
    for _ in range(4):
        forget(client, str(cast.elke.address))

    newest = letters.newest()
    assert newest.kind == "password-reset"
    assert client.get(letters.link_in(newest)).status_code == 200


def test_one_network_asks_for_no_flood_of_letters(client: FlaskClient, cast: Cast):
    for number in range(tokens.PER_NETWORK_IN_AN_HOUR):
        assert ask_to_join(client, f"{number}@post.example").status_code == 303

    assert "Too many letters" in ask_to_join(client, "one.more@post.example").text


def test_neither_the_outbox_nor_its_page_gives_a_link_away(client: FlaskClient, cast: Cast):
    forget(client, str(cast.nora.address))
    letter = letters.newest()
    secret = letters.link_in(letter).rsplit("/", 1)[1]
    sign_in(client, cast.jens)

    page = client.get(f"/manage/mail/{letter.id}").text

    assert rendering.UNSEEN in page
    assert secret not in page
    assert secret not in str(letter.facts)
    db.session.rollback()
    assert secret not in str([vars(token) for token in db.session.scalars(select(Token))])


def test_somebody_without_a_password_keeps_what_they_asked_for(client: FlaskClient, cast: Cast):
    with transaction():
        ines = joining.add_person(
            "Ines", organisation=cast.brenner, at=NOW, address="ines@brenner-voss.example"
        )
    ask_to_join(client, "ines@brenner-voss.example")

    client.post(letters.link_in(letters.newest()), data={"name": "Ines Brandt", "password": ELSE})

    db.session.rollback()
    found = db.session.get_one(Person, ines.id)
    assert found.name == "Ines Brandt"
    assert found.password_hash


def test_who_was_disabled_gets_no_way_back(client: FlaskClient, cast: Cast):
    forget(client, str(cast.elke.address))
    link = letters.link_in(letters.newest())
    with transaction():
        joining.disable(db.session.get_one(Person, cast.elke.id))

    assert client.get(link).status_code == 410
    forget(client, str(cast.elke.address))
    assert letters.newest().kind == "no-account"


@pytest.mark.parametrize(
    ("address", "kind"),
    [("ines@brenner-voss.example", "join"), ("kim@post.example", "cannot-join")],
)
def test_a_house_may_take_in_only_whom_it_knows(app, client, cast, address, kind):
    import dataclasses

    config = app.extensions["pledge.config"]
    app.extensions["pledge.config"] = dataclasses.replace(config, sign_up="known")

    assert ask_to_join(client, address).location == "/letter-sent"

    assert letters.newest().kind == kind
