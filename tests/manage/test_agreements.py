"""Agreements to be read: who may, what stands there, what differs, and what one takes along."""

import hashlib
import re
import tomllib
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agreements import loading, stored
from app.database import transaction
from app.manage import pdf
from app.people.models import Person
from tests import cast as cast_of
from tests.cast import NOW, Cast, sign_in

KEY = "managed-workplace-brenner-voss"


@pytest.fixture
def cast(app: Flask) -> Cast:
    return cast_of.assemble()


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def page(client: FlaskClient, person: Person, url: str) -> str:
    sign_in(client, person)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def next_version(cast: Cast, **agreement: Any) -> int:
    """The version after the workplace's, slower for urgent incidents, signed by both."""
    values = stored.values_of(cast.workplace.version)
    values["agreement"] |= {"effective_from": date(2027, 1, 1)} | agreement
    values["text"][3]["clauses"][1] = values["text"][3]["clauses"][1].replace("two", "three")
    for row in values["tiers"][0]["targets"]:
        row["within"] = "3 h" if row["within"] == "2 h" else row["within"]
    values["signatures"] = {
        "provider": {"name": "Jens Adler", "on": date(2026, 11, 16)},
        "client": {"name": "Martin Voss", "on": date(2026, 11, 17)},
    }
    with transaction():
        return loading.load(values, at=NOW).version.number


def test_both_parties_read_the_same_document(client: FlaskClient, cast: Cast):
    managers = page(client, cast.jens, f"/agreements/{KEY}")
    client.post("/sign-out")
    clients = page(client, cast.martin, "/portal/agreement")

    for words in map(words_of, (managers, clients)):
        assert "between Halden , the provider, and Brenner & Voss , the client" in words.replace(
            "&amp;", "&"
        )
        assert "Mon–Fri 08:00–18:00, Berlin time" in words
        assert "Both signed the same text." in words
        assert "6,800.00" in words


def test_a_clause_can_be_linked_and_its_table_stands_in_its_section(
    client: FlaskClient, cast: Cast
):
    shown = page(client, cast.jens, f"/agreements/{KEY}")

    targets = shown[shown.index('id="section-4"') : shown.index('id="section-5"')]
    assert 'id="clause-4.2"' in targets
    assert "Incidents" in targets
    assert "at any hour, every day" in targets
    assert "2 hours, at any hour, every day" in targets


@pytest.mark.parametrize("who", ["elke", "sigrid", "mara"])
def test_an_agreement_is_not_there_for_those_who_hold_no_grant(
    client: FlaskClient, cast: Cast, who: str
):
    sign_in(client, getattr(cast, who))

    for path in ("", "/versions/1", "/differences", "/history", "/versions/1.toml"):
        assert client.get(f"/agreements/{KEY}{path}").status_code == 404
    assert "Agreement</a>" not in client.get("/portal").get_data(as_text=True)


def test_a_client_is_led_to_its_agreement_alone(client: FlaskClient, cast: Cast):
    sign_in(client, cast.martin)

    assert ">Agreement</a>" in client.get("/portal").get_data(as_text=True)
    assert client.get("/agreements/house").status_code == 404
    assert client.get("/manage/agreements").status_code == 403


def test_the_list_says_what_holds_and_what_comes(client: FlaskClient, cast: Cast):
    number = next_version(cast)

    listed = words_of(page(client, cast.jens, "/manage/agreements"))

    assert "Version 1 since 1 January 2025" in listed
    assert f"Version {number} from 1 January 2027" in listed


def test_the_differences_name_clauses_and_targets(client: FlaskClient, cast: Cast):
    number = next_version(cast)

    shown = page(client, cast.jens, f"/agreements/{KEY}/differences?from=1&to={number}")

    assert "1 clause, 1 target and 1 other point differ." in words_of(shown)
    assert "<del>two</del> <ins>three</ins>" in shown
    assert re.search(r"<del>2\sh</del>.*<ins>3\sh</ins>", shown, re.S)


def test_what_a_version_changed_is_marked_in_its_table(client: FlaskClient, cast: Cast):
    number = next_version(cast)

    shown = page(client, cast.jens, f"/agreements/{KEY}/versions/{number}")

    assert "Changed in this version." in shown
    assert shown.count('<td class=" solved was"') == 1


def test_a_version_is_taken_along_as_a_file_that_changes_nothing(client: FlaskClient, cast: Cast):
    sign_in(client, cast.martin)
    file = client.get(f"/agreements/{KEY}/versions/1.toml").get_data(as_text=True)

    with transaction():
        loaded = loading.load(tomllib.loads(file), at=NOW)

    assert (loaded.version.id, loaded.created) == (cast.workplace.version.id, False)


def test_the_digest_is_that_of_the_text_one_can_take_along(client: FlaskClient, cast: Cast):
    sign_in(client, cast.martin)
    canonical = client.get(f"/agreements/{KEY}/versions/1.json").get_data()

    digest = hashlib.sha256(canonical).hexdigest()

    assert digest == cast.workplace.version.digest
    assert digest in client.get(f"/agreements/{KEY}/versions/1/check").get_data(as_text=True)


def test_a_changed_text_says_so_on_its_page(client: FlaskClient, cast: Cast):
    with transaction():
        version = cast.workplace.version
        source = stored.values_of(version)
        source["agreement"]["effective_from"] = version.source["agreement"]["effective_from"]
        source["text"][0]["clauses"][0] = "Halden does what it likes."
        version.source = source

    shown = page(client, cast.jens, f"/agreements/{KEY}")

    assert "This version is not what was signed" in shown


@pytest.mark.skipif(not pdf.is_possible(), reason="no WeasyPrint or no Pango here")
def test_a_version_is_a_pdf(client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    sign_in(client, cast.martin)

    answer = client.get(f"/agreements/{KEY}/versions/1.pdf")

    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    monkeypatch.delattr(pdf, "made_of")
    assert client.get(f"/agreements/{KEY}/versions/1.pdf").data == answer.data, "made once"


def test_without_the_library_the_page_to_print_says_so(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pdf, "is_possible", lambda: False)
    sign_in(client, cast.martin)

    answer = client.get(f"/agreements/{KEY}/versions/1.pdf", follow_redirects=True)

    assert "makes no PDF itself" in answer.get_data(as_text=True)


def test_what_came_as_a_file_begins_the_history(client: FlaskClient, cast: Cast):
    shown = words_of(page(client, cast.jens, f"/agreements/{KEY}/history"))

    assert "Pledge loaded version 1 from a file." in shown
    assert "Martin Voss signed version 1 on 16 December 2024, as its file says." in shown
