"""Signing in, sessions, and who is kept out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Refusal
from app.people import joining, passwords, signing_in
from app.people.models import SignInFailure, SignInSession
from tests.people.conftest import AT, PASSWORD

HOME = "192.0.2.7"


def verify(person, password=PASSWORD, *, network=HOME, at=AT):
    return signing_in.verify(person.address, password, network=network, at=at)


def start(person, at=AT):
    return signing_in.start_session(
        person, at=at, absolute_s=3600, address=HOME, user_agent="Browser"
    )


def session_of(token, at=AT):
    return signing_in.session_of(token, at=at, idle_s=600)


def test_the_right_password_signs_in_whatever_the_case_of_the_address(mara):
    found = signing_in.verify(" Mara.Lindt@HALDEN.example", PASSWORD, network=HOME, at=AT)

    assert found is mara


def test_every_failure_gives_the_same_answer(mara, petra, session):
    disabled = joining.add_person(
        "Jens Adler", organisation=mara.organisation, at=AT, address="jens@halden.example"
    )
    signing_in.set_password(disabled, PASSWORD)
    joining.disable(disabled)
    session.commit()
    answers = set()

    for address in (mara.address, petra.address, disabled.address, "nobody@halden.example", ""):
        wrong = PASSWORD if address == disabled.address else "not the password"
        with pytest.raises(signing_in.WrongCredentials) as refusal:
            signing_in.verify(address, wrong, network=HOME, at=AT)
        answers.add(refusal.value.sentence)

    assert len(answers) == 1


def test_an_unknown_account_costs_one_hash_as_a_known_one(mara, monkeypatch):
    passwords.matches("any", None, cheap=True)  # nobody's own hash is made once per process
    checked = []
    known = passwords._hasher(True)
    monkeypatch.setattr(
        passwords, "_hasher", lambda cheap: checked.append(cheap) or known, raising=True
    )

    for address in (mara.address, "nobody@halden.example"):
        with pytest.raises(Refusal):
            signing_in.verify(address, "not the password", network=HOME, at=AT)

    assert len(checked) == 2


def test_the_eleventh_try_is_refused_even_with_the_right_password(mara, session):
    for _ in range(10):
        with pytest.raises(signing_in.WrongCredentials):
            verify(mara, "not the password")
        session.rollback()

    with pytest.raises(signing_in.TooManyTries):
        verify(mara)
    assert verify(mara, network="198.51.100.9") is mara
    assert verify(mara, at=AT + timedelta(minutes=15)) is mara


def test_success_forgets_the_failures_before_it(mara, session):
    for _ in range(9):
        with pytest.raises(signing_in.WrongCredentials):
            verify(mara, "not the password")

    verify(mara)

    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_neighbours_in_one_ipv6_network_share_their_tries(mara):
    for last in range(10):
        with pytest.raises(signing_in.WrongCredentials):
            verify(mara, "not the password", network=f"2001:db8:1:2::{last + 1:x}")

    with pytest.raises(signing_in.TooManyTries):
        verify(mara, network="2001:db8:1:2:ffff::1")
    assert verify(mara, network="2001:db8:1:3::1") is mara


def test_what_was_typed_as_the_account_is_not_kept_readable(mara, session):
    with pytest.raises(signing_in.WrongCredentials):
        signing_in.verify("my secret by mistake", "x", network=HOME, at=AT)

    assert "secret" not in session.scalar(select(SignInFailure.account))


def test_only_a_hash_of_the_token_is_stored(mara, session):
    token = start(mara)

    stored = session.scalar(select(SignInSession))

    assert token not in (stored.token_hash, stored.user_agent)
    assert session_of(token).person is mara


def test_a_session_ends_when_idle_and_at_its_absolute_end(mara):
    token = start(mara)
    assert session_of(token, AT + timedelta(seconds=599))
    assert session_of(token, AT + timedelta(seconds=600)) is None

    for minutes in range(9, 60, 9):
        at = AT + timedelta(minutes=minutes)
        signing_in.touch(session_of(token, at).id, at=at)

    assert session_of(token, AT + timedelta(seconds=3599))
    assert session_of(token, AT + timedelta(seconds=3600)) is None


def test_use_is_noted_at_most_once_a_minute(mara, session):
    token = start(mara)

    signing_in.touch(session_of(token).id, at=AT + timedelta(seconds=59))
    assert session_of(token).last_seen_at == AT

    signing_in.touch(session_of(token).id, at=AT + timedelta(seconds=60))
    assert session_of(token).last_seen_at == AT + timedelta(seconds=60)


def test_disabling_a_person_ends_every_session_at_once(mara):
    token, other = start(mara), start(mara)

    joining.disable(mara)

    assert session_of(token) is None
    assert session_of(other) is None


def test_a_new_password_ends_every_session(mara):
    token = start(mara)

    signing_in.set_password(mara, "another iron gall ink")

    assert session_of(token) is None


def test_an_unknown_token_has_no_session(mara):
    start(mara)

    assert session_of("made up") is None


@pytest.mark.parametrize(
    "weak", ["short", "password1234", "aaaaaaaaaaaaaaaa", "Mara.Lindt@halden.example", "x" * 1025]
)
def test_a_weak_password_is_refused_with_a_reason(mara, weak):
    with pytest.raises(Refusal) as refusal:
        signing_in.set_password(mara, weak)

    assert refusal.value.field == "password"
