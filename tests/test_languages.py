"""What requesters and all letters say is German for who reads German; what is kept is English."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from babel.support import NullTranslations

from app import languages
from app.catalogue.words import Priority
from app.clocks import words
from app.database import db, transaction
from app.editor.offers import CONTACT_ROLES
from app.mail import outbox, rendering
from app.mail import words as letter_words
from app.mail.agreement_kinds import OF_AGREEMENTS
from app.mail.kinds import KINDS
from app.tickets.words import Status
from tests import cast as stage
from tests import factories, reachable
from tests.cast import NOW
from tests.mail import samples

ROOT = Path(__file__).parents[1]
KEYWORDS = {
    "_": None,
    "say": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "WrongHours": None,
}
REFUSALS = {"Refusal", "Forbidden", "Gone", "Conflict", "Ended", "flash", "CannotHappen"}
"""What shows its first argument to people; of `NotFound` everybody reads the same page."""
ON_A_TERMINAL = ("app/cli", "app/importing")
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
IN_LETTERS = (
    "app/escalation/acting.py",
    "app/escalation/facts.py",
    "app/escalation/passing_on.py",
    "app/escalation/reasons.py",
    "app/escalation/responsible.py",
    "app/escalation/rung_words.py",
    "app/tickets/letters.py",
)
"""What words the facts of letters, besides what requesters' pages are made of."""
OPEN_TO_ALL = ("app.portal", "app.account", "app.http", "app.shell")
"""The packages from which everything that their pages can say or refuse is reached."""
STAFF = {"templates/shared/_why.html"}
"""What only pages of the desk include."""
PLACE = re.compile(r"%\(\w+\)s|<[^>]+>")


def said_to_readers():
    for name in (*FOR_REQUESTERS, *IN_LETTERS):
        place = ROOT / name
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            is_read = file.suffix in {".py", ".html", ".txt"}
            if is_read and str(file.relative_to(ROOT)) not in STAFF:
                yield from said_in(file)


def said_on_the_way():
    """What code that requesters' pages come to says: refusals of verbs, words of rules."""
    for statements in reachable.reached(OPEN_TO_ALL).values():
        for call in calls_in(statements):
            texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            if name_of(call) == "ngettext":
                yield tuple(texts[:2])
            elif name_of(call) in KEYWORDS and texts:
                yield texts[0]


def calls_in(statements):
    nodes = (node for statement in statements for node in ast.walk(statement))
    return [node for node in nodes if isinstance(node, ast.Call)]


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


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


def test_everything_that_requesters_and_readers_of_letters_read_has_its_german(german):
    said = {*said_to_readers(), *said_on_the_way()}

    assert {one for one in said if not any(german.get(one) or ())} == set()


def test_what_a_page_can_come_to_is_found_through_every_module(german):
    on_the_way = set(said_on_the_way())

    assert "A message takes %(most)s files at most." in on_the_way
    assert "This link has expired." in on_the_way
    assert "excluded from the figures" in on_the_way


def test_every_refusal_goes_through_the_catalogues():
    bare = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(ON_A_TERMINAL)
        for call in calls_in([ast.parse(path.read_text(encoding="utf-8"))])
        if name_of(call) in REFUSALS and call.args and is_bare(call.args[0])
    ]

    assert bare == []


def test_every_mistake_of_an_agreement_goes_through_the_catalogues():
    calls = [
        (path, call)
        for path in sorted((ROOT / "app/agreements").rglob("*.py"))
        for call in calls_in([ast.parse(path.read_text(encoding="utf-8"))])
    ]
    put = [(path, call, call.args[1]) for path, call in calls if name_of(call) == "wrong"]
    raised = [
        (path, call, call.args[0])
        for path, call in calls
        if name_of(call) == "ValueError" and path.name == "durations.py"
    ]

    assert len(put) > 30
    assert [f"{path.name}:{call.lineno}" for path, call, it in put + raised if is_bare(it)] == []


def is_bare(said):
    """Whether it is a sentence as it stands in the code, or one of two such."""
    if isinstance(said, ast.IfExp):
        return is_bare(said.body) or is_bare(said.orelse)
    if isinstance(said, ast.JoinedStr):
        return any(
            isinstance(part, ast.Constant) and re.search("[a-z]", part.value)
            for part in said.values
        )
    return isinstance(said, ast.Constant)


def test_every_name_under_which_sentences_are_said_is_a_keyword_of_extraction():
    names = re.compile(r"^from app\.languages import \w*gettext as (\w+)$", re.MULTILINE)
    used = {
        name
        for path in (ROOT / "app").rglob("*.py")
        for name in names.findall(path.read_text(encoding="utf-8"))
    }
    extracted = set(re.findall(r"-k (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8")))

    assert used <= KEYWORDS.keys()
    assert KEYWORDS.keys() - {"gettext"} <= extracted


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
    assert "Ihre Anfrage ist bei uns eingegangen. Noch hat sie niemand übernommen." in page
    assert "Was wir Ihnen zugesagt haben" in page


def test_the_choices_of_a_form_are_in_the_language_of_who_reads_it(client, request_of_elke):
    cast, _ticket = request_of_elke
    stage.sign_in(client, cast.elke)

    page = client.get("/account").text

    assert "<b>Wie mein Gerät</b>" in page
    assert "Wie im Haus: Europe/Berlin" in page


def test_the_desk_is_english_whole_also_to_who_reads_german(client, request_of_elke):
    cast, ticket = request_of_elke
    with transaction():
        db.session.merge(cast.mara).language = "de"
    stage.sign_in(client, cast.mara)

    profile, desk = client.get("/account").text, client.get(f"/desk/tickets/{ticket.id}").text

    assert '<html lang="de"' in profile
    assert "Service-Desk, Verwaltung, Vereinbarungen und Berichte sind auf Englisch." in profile
    assert '<html lang="en"' in desk
    assert "Acknowledgement" in desk or "First response" in desk
    assert not re.search("Annahme|Erste Antwort|Nicht zugewiesen", desk)


def test_who_may_not_enter_reads_so_in_their_own_language(client, request_of_elke):
    cast, _ticket = request_of_elke
    stage.sign_in(client, cast.elke)

    page = client.get("/desk/views/all-open").text

    assert '<html lang="de"' in page
    assert "Ihre Rolle umfasst diese Seite nicht." in page


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


class Complete(NullTranslations):
    """German that has every sentence, and says which one is missing."""

    def __init__(self, german):
        """``german`` is the catalogue, by what the code says."""
        super().__init__()
        self.german = german

    def ugettext(self, message):
        """The sentence in German."""
        if not self.german.get(message):
            raise AssertionError(f"{message!r} has no German.")
        return self.german[message]

    def ungettext(self, one, many, number):
        """The one or the many in German."""
        return self.german[one, many][number != 1]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_letter_is_drawn_in_german_whole(app, german, monkeypatch, kind):
    monkeypatch.setattr(languages, "_catalogue", lambda _tag: Complete(german))
    languages._sentence.cache_clear()

    with app.app_context():
        drawn = rendering.render(samples.letter(kind, language="de"))

    assert '<html lang="de"' in drawn.html
    assert drawn.subject and drawn.text


def test_what_facts_of_letters_keep_in_english_is_said_in_german(app):
    kept = [*OF_AGREEMENTS.values(), *CONTACT_ROLES, "the requester has opened it"]

    with app.app_context(), languages.speaking("de"):
        assert [said for said in kept if letter_words.kept(said) == said] == []
        assert letter_words.kept("what somebody wrote") == "what somebody wrote"
        assert letter_words.window("08:00 to 12:00") == "08:00 bis 12:00"
        assert letter_words.server_said("The mail server answered 550: full") == (
            "Der Mailserver antwortete 550: full"
        )
        assert languages.within("Lösung") == "Lösung"
    assert languages.within("Resolution") == "resolution"


def test_a_letter_to_staff_speaks_german_to_who_reads_it(app):
    letter = samples.letter("escalation", to_name="Jens Adler", language="de")

    with app.app_context():
        drawn = rendering.render(letter)

    assert drawn.subject == "GEFÄHRDET, noch 24 min: #1042 VPN down (Brenner & Voss)"
    assert "Jens, bitte sorgen Sie dafür, dass Elke Sommer bis 15:00 eine Lösung" in drawn.text
    assert "Ich kümmere mich darum" in drawn.html


def test_dates_are_written_as_the_reader_writes_them(app):
    with app.app_context():
        english = words.exact_instant(NOW, "Europe/Berlin")
        with languages.speaking("de"):
            german = words.exact_instant(NOW, "Europe/Berlin")

    assert english.startswith("Wed 18 Nov 2026")
    assert german.startswith("Mi 18. Nov. 2026")
    assert german.endswith("MEZ")


def test_several_are_told_with_commas_and_one_and(app):
    assert languages.listed(["§ 4.1"]) == "§ 4.1"
    assert languages.listed(["§ 4.1", "§ 4.2"]) == "§ 4.1 and § 4.2"
    with app.app_context(), languages.speaking("de"):
        assert languages.listed(["§ 4.1", "§ 4.2", "§ 4.4"]) == "§ 4.1, § 4.2 und § 4.4"


@pytest.mark.parametrize(
    ("signed", "german"),
    [
        ("3 business days", "3 Arbeitstage"),
        ("1 business day", "1 Arbeitstag"),
        ("1.5 hours", "1,5 Stunden"),
        ("4 h", "4 h"),
        ("whenever it suits", "whenever it suits"),
    ],
)
def test_a_time_is_said_as_it_was_signed_in_the_readers_language(app, signed, german):
    assert languages.amount(signed) == signed
    with app.app_context(), languages.speaking("de"):
        assert languages.amount(signed) == german


def test_thousands_are_apart_as_the_reader_writes_them(app):
    assert languages.number(100_000) == "100,000"
    with app.app_context(), languages.speaking("de"):
        assert languages.number(100_000) == "100.000"
