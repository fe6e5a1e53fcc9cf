"""/manage/mail: every letter with its state, what stands in it, and a parked one sent again."""

import pytest

from app.clocksource import set_test_clock
from app.database import db, transaction
from app.mail import queries
from app.mail.models import Letter, LetterState
from app.notices import gathering
from tests.cast import sign_in
from tests.escalation.conftest import fire, hours


@pytest.fixture
def letters(client, fate, cast):
    """The letters of the whole ladder; Jens, a manager, is signed in."""
    fire(hours(9))
    with transaction():
        gathering.gather(hours(9))
        set_test_clock(hours(9))
    sign_in(client, cast.jens)
    return list(db.session.scalars(queries.letters()))


def of_kind(letters, kind):
    return next(each for each in letters if each.kind == kind)


def park(letter):
    with transaction():
        letter.state, letter.reason = LetterState.PARKED, "The mail server answered 550: unknown"
    return letter.id


def test_every_letter_is_listed_and_the_page_says_that_there_is_no_server(client, letters):
    page = client.get("/manage/mail").text

    assert "No mail server is configured" in page
    for letter in letters:
        assert f'href="/manage/mail/{letter.id}"' in page


def test_the_list_is_filtered_by_state_and_goes_on_by_key(client, letters, monkeypatch):
    parked = park(letters[0])
    monkeypatch.setattr("app.manage.letters.PAGE", 2)

    of_state = client.get("/manage/mail?state=parked").text
    first = client.get("/manage/mail").text
    rest = client.get(f"/manage/mail?before={letters[1].id}").text

    assert f'href="/manage/mail/{parked}"' in of_state
    assert f'href="/manage/mail/{letters[1].id}"' not in of_state
    assert f"before={letters[1].id}" in first
    assert f'href="/manage/mail/{letters[1].id}"' not in rest
    assert f'href="/manage/mail/{letters[2].id}"' in rest


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30])
def test_a_key_that_is_none_shows_the_first_page(client, letters, before):
    page = client.get(f"/manage/mail?before={before}&state=nonsense")

    assert page.status_code == 200
    assert f'href="/manage/mail/{letters[0].id}"' in page.text


def test_a_letter_is_shown_as_text_and_its_sheet_can_do_nothing(client, letters):
    letter = of_kind(letters, "escalation")

    page = client.get(f"/manage/mail/{letter.id}").text
    sheet = client.get(f"/manage/mail/{letter.id}/sheet")

    assert "VPN down for the finance team" in page
    assert "no mail server is configured" in page
    assert "<h1" in sheet.text
    policy = sheet.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_letter_that_cannot_be_drawn_says_why(client, letters):
    letter = letters[0]
    with transaction():
        letter.facts = {"subject": "<b>"}
    letter_id = letter.id

    assert "cannot be drawn" in client.get(f"/manage/mail/{letter_id}").text
    sheet = client.get(f"/manage/mail/{letter_id}/sheet")
    assert (sheet.status_code, sheet.mimetype) == (409, "text/plain")


def test_a_parked_letter_is_sent_again_and_no_other(client, letters):
    letter_id, other_id = park(letters[0]), letters[1].id

    assert "550: unknown" in client.get(f"/manage/mail/{letter_id}").text
    assert client.post(f"/manage/mail/{letter_id}/sending").status_code == 303
    assert client.post(f"/manage/mail/{letter_id}/sending").status_code == 409
    assert client.post(f"/manage/mail/{other_id}/sending").status_code == 409
    db.session.expire_all()
    assert db.session.get_one(Letter, letter_id).state is LetterState.QUEUED


@pytest.mark.parametrize("path", ["", "/sheet"])
@pytest.mark.parametrize("letter_id", ["4711", "9" * 30])
def test_a_letter_that_is_not_there_is_not_found(client, letters, letter_id, path):
    assert client.get(f"/manage/mail/{letter_id}{path}").status_code == 404


def test_agents_and_requesters_read_no_letters(client, letters, cast):
    for person in (cast.mara, cast.elke):
        client.delete_cookie("pledge")
        sign_in(client, person)

        assert client.get("/manage/mail").status_code == 403
        assert client.get(f"/manage/mail/{letters[0].id}").status_code == 403
        assert client.get(f"/manage/mail/{letters[0].id}/sheet").status_code == 403
        assert client.post(f"/manage/mail/{letters[0].id}/sending").status_code == 403
