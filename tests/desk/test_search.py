"""The search of the desk: what it shows, where it leads, and what it says of a mistake."""

import re
from html import unescape

import pytest

from app.database import db, transaction
from app.people.models import Person
from app.tickets import conversation, tagging
from app.tickets.desk_models import SavedView
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from tests.cast import NOW, sign_in
from tests.factories import open_request
from tests.statements import counted


@pytest.fixture
def ticket_id(cast) -> int:
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        locked = for_change(ticket.id)
        conversation.note(locked, by=cast.mara, body="The <b>certificate</b> expired.", at=NOW)
        tagging.tag(locked, "vpn", by=cast.mara, at=NOW)
    return ticket.id


def test_what_was_found_is_marked_with_its_chip_and_where_it_stands(mara, ticket_id):
    page = mara.get("/desk/search?q=vpn certificate").text

    assert "1 ticket." in page
    assert "<mark>VPN</mark> down for the finance team" in page
    assert "&lt;b&gt;<mark>certificate</mark>&lt;/b&gt; expired" in page
    assert "30 m left" in page


def test_without_words_the_page_says_how_to_search(mara, ticket_id):
    page = mara.get("/desk/search").text

    assert "How to search" in page
    assert "due:&lt;2h" in page


def test_a_mistake_points_at_its_spot_and_offers_what_was_meant(mara, ticket_id):
    page = mara.get("/desk/search?q=vpn+is:opne").text

    assert "“is:” has no “opne”. Did you mean “open”?" in page
    assert "vpn is:<mark>opne</mark>" in page
    assert "/desk/search?q=vpn+is:open" in page.replace("%3A", ":").replace("%20", "+")
    assert mara.get("/desk/search.csv?q=is:opne").status_code == 400


def test_nothing_found_says_what_to_try(mara, ticket_id):
    assert "Nothing was found." in mara.get("/desk/search?q=nowhere").text


def test_a_number_leads_to_its_ticket_and_does_not_say_that_nothing_was_found(mara, ticket_id):
    page = mara.get(f"/desk/search?q={ticket_id}").text

    assert f"Open #{ticket_id}" in page
    assert "Nothing was found." not in page
    assert "No other ticket holds this number" in page


def offered_instead(page: str) -> list[str]:
    """The lines that are offered, each with its count."""
    links = re.findall(r"<a [^>]*><code>(.+?)</code></a><small>(.+?)</small>", page)
    return [f"{unescape(line)} {count}" for line, count in links]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("certif", ["certif* 1 ticket"]),
        ("certif. finan is:open", ["certif* finan* is:open 1 ticket"]),
        ("certif is:done", []),
        ("certif toner", ["certif* 1 ticket"]),
        ("elke sommer", ['from:"Elke Sommer" 1 ticket']),
        ("Sommer -printer", ['from:"Elke Sommer" -printer 1 ticket']),
        ("voss brenner", ['org:"Brenner & Voss" 1 ticket']),
        ("müllerstrasse", []),
        ("nowhere", []),
        ("tag:vpn is:done", []),
        ('"certif"', []),
    ],
)
def test_where_words_find_nothing_what_finds_something_is_offered(mara, ticket_id, line, offered):
    page = mara.get("/desk/search", query_string={"q": line}).text

    assert "Nothing was found." in page
    assert offered_instead(page) == offered


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("Muellerstrasse", ["müllerstrasse* 1 ticket"]),
        ("muellerstr", ["müllerstr* 1 ticket"]),
        ("Müllerstr", ["Müllerstr* 1 ticket"]),
        ("Schülerstr", ["schuelerstr* 1 ticket"]),
    ],
)
def test_umlauts_written_out_are_offered_with_their_points_and_the_other_way(
    mara, cast, line, offered
):
    subject = "Von der Müllerstraße in die Schuelerstrasse"
    open_request(cast.elke, cast.vpn_problem, at=NOW, subject=subject)

    assert offered_instead(mara.get("/desk/search", query_string={"q": line}).text) == offered


def test_nobody_is_offered_whom_one_may_not_see(client, cast):
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Printer")
    with transaction():
        db.session.get_one(Ticket, ticket.id).team_id = cast.service_desk.id
        db.session.get_one(Person, cast.tomas.id).is_limited = True
    sign_in(client, cast.tomas)

    for line in ("elke sommer", "brenner", "print"):
        assert offered_instead(client.get(f"/desk/search?q={line}").text) == []


def test_only_where_nothing_was_found_is_anything_else_asked(mara, cast, ticket_id):
    def asked(line: str) -> int:
        with counted() as statements:
            mara.get("/desk/search", query_string={"q": line})
        return len(statements)

    usual = asked("vpn")
    assert asked("vpn finance") == usual
    assert asked("nothing elke printer sommer toner vpm") <= usual + 8


def test_the_table_holds_what_was_found_and_no_formula(mara, cast, ticket_id):
    open_request(cast.elke, cast.vpn_problem, at=NOW, subject="=cmd|' /C calc'!A0", body="vpn")
    open_request(cast.elke, cast.vpn_problem, at=NOW, subject="＝1+1 für Groß", body="vpn")
    answer = mara.get("/desk/search.csv?q=vpn")
    lines = answer.data.decode("utf-8-sig").splitlines()

    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbfref,")
    assert lines[0].startswith("ref,subject,status")
    assert len(lines) == 4
    assert ",'＝1+1 für Groß," in lines[1]
    assert "'=cmd" in lines[2]


def test_a_search_is_saved_as_a_view_that_opens_it(mara, ticket_id):
    page = mara.get("/desk/search?q=vpn is:open").text
    assert "/desk/views/new?query=q%3Dvpn%2Bis%253Aopen" in page
    form = {"name": "Open VPN", "query": "q=vpn+is%3Aopen", "readers": "mine"}
    mara.post("/desk/views/new", data=form)
    view = db.session.query(SavedView).one()

    answer = mara.get(f"/desk/views/{view.id}")
    assert (answer.status_code, answer.location) == (302, "/desk/search?q=vpn+is:open")


def test_a_ticket_leads_on_to_the_next_one_that_was_found(mara, cast, ticket_id):
    open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Printer")
    newest = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="VPN slow")
    page = mara.get("/desk/search?q=vpn").text
    link = unescape(page.split(f'href="/desk/tickets/{newest.id}')[1].split('"')[0])
    opened = mara.get(f"/desk/tickets/{newest.id}{link}").text

    assert "Search: vpn" in opened
    assert f'href="/desk/tickets/{ticket_id}?key=' in opened


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("te", ["team:network"]),
        ("vpn -sl", ["sla:breached"]),
        ("is:op", ["open"]),
        ("is:open,wai", ["waiting", "waiting-requester", "waiting-vendor"]),
        ("team:net", ["network"]),
        ("from:som", ["elke.sommer@brenner-voss.example"]),
        ("from:sömmer", ["elke.sommer@brenner-voss.example"]),
        ("from:moe", []),
        ("assignee:lin", ["mara.lindt@halden.example"]),
        ("assignee:tomás", ["tomas.rivera@halden.example"]),
        ("assignee:riv", ["tomas.rivera@halden.example"]),
        ("tag:v", ["vpn"]),
        ("org:bre", ["brenner-voss"]),
        ('"exact wo', []),
        ("nosuch:x", []),
    ],
)
def test_fields_and_values_are_suggested_as_one_types(mara, ticket_id, line, offered):
    page = mara.get("/desk/search/suggestions", query_string={"q": line, "at": len(line)}).text

    assert [part.split("</b>")[0] for part in page.split("<b>")[1:]] == offered


def test_a_page_of_a_search_costs_few_statements(mara, ticket_id):
    with counted() as statements:
        mara.get("/desk/search?q=vpn is:open tag:vpn")

    assert len(statements) <= 11
