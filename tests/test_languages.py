"""What requesters read is German for those who read German; what is kept stays English."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from app import languages
from app.catalogue.words import Priority
from app.clocks import words
from app.database import db, transaction
from app.mail import outbox, rendering
from app.tickets.words import Status
from tests import cast as stage
from tests import factories
from tests.cast import NOW

ROOT = Path(__file__).parents[1]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
FOR_REQUESTERS = (
    "app/portal",
    "app/account",
    "app/http",
    "app/mail",
    "app/notices",
    "app/people",
    "app/languages.py",
    "app/clocks/words.py",
    "app/clocks/chips.py",
    "app/clocks/hours.py",
    "app/tickets/words.py",
    "app/catalogue/words.py",
    "app/files/words.py",
    "templates/portal",
    "templates/account",
    "templates/errors",
    "templates/mail",
    "templates/shared",
)
STAFF = {"templates/shared/desk.html"}
PLACE = re.compile(r"%\(\w+\)s|<[^>]+>")


def said_to_requesters():
    for name in FOR_REQUESTERS:
        place = ROOT / name
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            is_read = file.suffix in {".py", ".html", ".txt"}
            if is_read and str(file.relative_to(ROOT)) not in STAFF:
                yield from said_in(file)


@cache
def said_in(file):
    is_code = file.suffix == ".py"
    options = {} if is_code else {"extensions": "jinja2.ext.do", "silent": "false"}
    found = extract_from_file("python" if is_code else "jinja2", file, KEYWORDS, options=options)
    return [message for _, message, *_ in found]


@pytest.fixture(scope="module")
def german():
    path = languages.CATALOGUES / "de" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as written:
        return {message.id: message.string for message in read_po(written, "de") if message.id}


def test_everything_that_requesters_read_has_its_german(german):
    missing = {said for said in said_to_requesters() if not any(german.get(said) or ())}

    assert missing == set()


def test_german_sentences_name_what_the_english_ones_name(german):
    def places(said):
        return set(PLACE.findall(said[-1] if isinstance(said, tuple) else said))

    other = {
        said: found
        for said, found in german.items()
        if found and any(found) and places(said) != places(found)
    }
    assert other == {}


@pytest.fixture
def request_of_elke(app):
    cast = stage.assemble()
    with transaction():
        db.session.merge(cast.elke).language = "de"
    return cast, factories.open_request(
        cast.elke, cast.vpn_problem, at=NOW, priority=Priority.URGENT
    )


def test_the_portal_speaks_german_to_who_reads_it(client, request_of_elke):
    cast, ticket = request_of_elke
    stage.sign_in(client, cast.elke)

    page = client.get(f"/portal/requests/{ticket.id}").text

    assert '<html lang="de"' in page
    assert Status.NEW.plain() not in page
    assert "Wir haben Ihre Anfrage. Noch hat sie niemand übernommen." in page
    assert "Was wir Ihnen zugesagt haben" in page


def test_the_choices_of_a_form_are_in_the_language_of_who_reads_it(client, request_of_elke):
    cast, ticket = request_of_elke
    with transaction():
        db.session.merge(cast.mara).language = "de"
    stage.sign_in(client, cast.mara)

    assert "<b>Dringend</b>" in client.get("/desk/tickets/new").text
    assert "<b>Störung</b>" in client.get(f"/desk/tickets/{ticket.id}/classification").text


def test_a_letter_speaks_german_to_who_reads_it_and_keeps_its_facts_in_english(request_of_elke):
    cast, ticket = request_of_elke
    promises = [
        {"measure_name": "Resolution", "due_at": NOW.isoformat(), "words": "4 h"},
    ]
    facts = {"number": ticket.id, "ref": ticket.ref, "subject": "VPN", "promises": promises}
    with transaction():
        letter = outbox.queue("ticket-opened", to=cast.elke, at=NOW, facts=facts, key="de:1")

    drawn = rendering.render(letter)

    assert drawn.subject == f"EINGEGANGEN: {ticket.ref} VPN"
    assert "Lösung: bis" in drawn.text


def test_dates_are_written_as_the_reader_writes_them(app):
    with app.app_context():
        english = words.exact_instant(NOW, "Europe/Berlin")
        with languages.speaking("de"):
            german = words.exact_instant(NOW, "Europe/Berlin")

    assert english.startswith("Wed 18 Nov 2026")
    assert german.startswith("Mi 18. Nov. 2026")
