"""Words of documents are found, the same ones on both databases."""

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.fulltext import documents, looking
from app.fulltext.documents import FULL, Document
from app.fulltext.words import Phrase, Sought, words_of
from app.tickets.models import Ticket
from tests.cast import NOW, assemble
from tests.factories import open_request


@pytest.fixture
def number(app) -> int:
    cast = assemble()
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Ærø", body="Nothing")
    return ticket.id


def put(number: int, *public: str, internal: tuple[str, ...] = ()) -> None:
    with transaction():
        documents.put([Document(number, public, internal)])


def phrase(said: str) -> Phrase:
    return Phrase(tuple(words_of(said)), is_beginning=said.endswith("*"))


def finds(*wanted: str, without: tuple[str, ...] = (), internal: bool = False) -> bool:
    sought = Sought(tuple(map(phrase, wanted)), tuple(map(phrase, without)))
    query, key = looking.holding(select(Ticket.id), Ticket.id, sought, internal=internal)
    return bool(db.session.scalars(query.order_by(key.desc())).all())


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("The gateway did NOT answer", ["gateway", "not"]),
        ("Zürich, Besançon, Straße", ["zurich", "besancon", "strasse"]),
        ("vpn.brenner-voss.example:443/login_page", ["brenner", "login", "voss.example"]),
        ("Ключ не подходит", ["КЛЮЧ"]),
        ("プリンターが動かない", ["動かない"]),
        ("הדפסה נכשלה", ["נכשלה"]),
        ("gateways and tunnels", ["gate*", "tunnel*"]),
        ("case 88-4410 of ab12cd34", ["88-4410", "ab12*"]),
        ("x" * 500, ["x" * 500]),
    ],
)
def test_words_are_found_in_any_case_and_without_accents(number, said, wanted):
    put(number, said)

    assert finds(*wanted)


def test_a_phrase_keeps_to_its_order_and_to_one_text(number):
    put(number, "the gateway is down", "since noon nothing works")

    assert finds("gateway is")
    assert not finds("is gateway")
    assert not finds("down since")


def test_what_is_internal_is_found_by_staff_alone(number):
    put(number, "the gateway is down", internal=("certificate expired",))

    assert finds("gateway", "certificate", internal=True)
    assert not finds("certificate")
    assert finds("gateway", without=("certificate",))
    assert not finds("gateway", without=("certificate",), internal=True)
    assert not finds(without=("certificate",), internal=True)
    assert finds(without=("certificate",))


def test_what_is_added_is_found_until_the_document_is_full(number):
    put(number, "gateway")
    with transaction():
        assert documents.add(number, "tunnel", internal=False)
        assert documents.add(number, "certificate", internal=True)
        assert not documents.add(number, "word " * (FULL // 5), internal=False)
        assert not documents.add(number + 1, "nobody", internal=False)

    assert finds("gateway", "tunnel")
    assert not finds("certificate")
    assert not finds("word")


def test_a_document_that_is_forgotten_is_found_no_more(number):
    put(number, "gateway")
    with transaction():
        documents.forget([number, number + 1])

    assert not finds("gateway")


def test_the_longest_text_is_a_document(number):
    put(number, " ".join(f"w{n}" for n in range(FULL // 6)), "𝔘" * 30_000)

    assert finds("w16000")
