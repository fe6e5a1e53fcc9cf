"""The outbox: one letter per key, in the transaction of its cause."""

import pytest
from sqlalchemy import func, select

from app.database import transaction
from app.errors import Refusal
from app.mail import outbox, queries
from app.mail.models import Letter, LetterState
from tests.mail.conftest import AT, REPLIED, Somebody


def count(session):
    return session.scalar(select(func.count()).select_from(Letter))


def test_the_same_key_makes_one_letter(post, session):
    first, again = post("message:1"), post("message:1")

    assert first is not None
    assert again is None
    assert count(session) == 1


def test_a_rollback_leaves_no_letter(post, session):
    with pytest.raises(ZeroDivisionError):
        with transaction():
            outbox.queue("ticket-replied", to=Somebody(), at=AT, facts=REPLIED, key="k")
            raise ZeroDivisionError

    assert count(session) == 0


def test_nothing_is_written_while_muted(post, session):
    with outbox.muted():
        assert post("message:1") is None

    assert post("message:1") is not None
    assert count(session) == 1


def test_somebody_without_an_address_gets_none(post):
    assert post(to=Somebody(address=None)) is None


@pytest.mark.parametrize(
    "to",
    [
        Somebody(name="Eve\r\nBcc: all@halden.example"),
        Somebody(address="eve@halden.example\nBcc: all@halden.example"),
        Somebody(name="Eve\x00"),
    ],
)
def test_a_line_break_in_a_name_or_address_is_refused(post, to):
    with pytest.raises(Refusal):
        post(to=to)


def test_facts_are_frozen_when_the_letter_is_written(post, letter):
    facts = {**REPLIED, "author": "Mara Lindt"}
    id = post(facts=facts)

    facts["author"] = "Somebody else"

    assert letter(id).facts["author"] == "Mara Lindt"


def test_only_a_parked_letter_is_sent_again(post, letter):
    id = post()
    with pytest.raises(Refusal):
        outbox.send_again(letter(id), at=AT)

    letter(id).state = LetterState.PARKED
    parked = queries.letter(id)
    outbox.send_again(parked, at=AT)

    assert parked.state is LetterState.QUEUED


def test_the_page_lists_newest_first_and_goes_on_by_key(post, session):
    ids = [post(f"message:{number}") for number in range(5)]

    newest = queries.page(most=2)
    older = queries.page(most=2, before_id=newest[-1].id)

    assert [each.id for each in (*newest, *older)] == ids[:0:-1]
    assert queries.count_of(LetterState.QUEUED) == 5
    assert queries.count_of(LetterState.PARKED) == 0
    assert queries.oldest_waiting_at() == AT
