"""The weekly page: its figures, what they open, its CSV, and who may read it."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.database import db
from app.people.models import Role
from app.reports import subjects, weekly
from tests.measures.rows import NOW, ZONE, House
from tests.reports.conftest import WEEK

LINK = re.compile(r'<a[^>]*href="([^"]*/promises[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def read(client: FlaskClient, path: str) -> str:
    with wallclock.frozen(NOW):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_the_sentence_tells_the_week(busy: House, mara: FlaskClient) -> None:
    page = text_of(read(mara, "/reports/weekly/2026-W46"))

    assert "66 % of 9 promises kept" in page.replace("\u202f", " ")
    assert "3 missed , 1 still open" in page
    assert "Paused now: 1" in page
    assert "Excluded: 1" in page
    assert "▼ 34 points" in page
    assert "Mon 9 to Sun 15 November 2026, CET" in page


def test_every_figure_opens_exactly_the_promises_it_counts(busy: House, mara: FlaskClient) -> None:
    found = LINK.findall(read(mara, "/reports/weekly/2026-W46"))
    checked = 0

    for path, inside in found:
        words = text_of(inside)
        number = re.search(r"n (\d+)$|(\d+)(?: promises| missed| still open)?$", words)
        if number is None or "%" in words.split()[-1]:
            continue
        rows = read(mara, path).count('class="r-ticket"')
        assert rows == int(number[1] or number[2]), (path, words)
        checked += 1

    assert checked >= 15


def test_the_csv_says_what_the_page_says(busy: House, mara: FlaskClient) -> None:
    with wallclock.frozen(NOW):
        answer = mara.get("/reports/weekly/2026-W46.csv")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    sight = busy.everything.sight
    subject = subjects.find(sight, team=None, agreement=None, house_zone=ZONE)
    page = weekly.compose(subject, WEEK, at=NOW)
    figures = [page.total, *page.measures, *(one for each in page.groups for one in each.figures)]

    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbfweek,")
    assert [(line["name"], int(line["promises"]), int(line["missed"])) for line in lines] == [
        (figure.label, figure.this.counted, figure.this.missed) for figure in figures
    ]
    assert lines[0]["open_tickets_at_end"] == str(page.backlog[-1].open_at_end)
    assert lines[0]["paused_now"] == "1"


def test_a_team_has_a_page_of_its_own_in_its_own_zone(busy: House, mara: FlaskClient) -> None:
    page = text_of(read(mara, "/reports/weekly/2026-W46?team=network"))

    assert "of 1 promise kept" in page
    assert "JST · Network" in page


def test_an_agreement_has_a_page_of_its_own(busy: House, mara: FlaskClient) -> None:
    assert "of 9 promises" in text_of(read(mara, "/reports/weekly/2026-W46?agreement=house"))


def test_a_week_without_promises_says_so(busy: House, mara: FlaskClient) -> None:
    page = text_of(read(mara, "/reports/weekly/2026-W30"))

    assert "No promise fell due in this week." in page


def test_the_running_week_shows_what_is_still_to_come(busy: House, mara: FlaskClient) -> None:
    page = text_of(read(mara, "/reports/weekly/2026-W47"))

    assert "No promise has fallen due yet." in page
    assert "Still to come: 1" in page
    assert "5 m left" in page


def test_the_newest_complete_week_is_the_one_before_this(mara: FlaskClient) -> None:
    with wallclock.frozen(NOW):
        answer = mara.get("/reports/weekly?team=network")

    assert answer.status_code == 302
    assert answer.location.endswith("/reports/weekly/2026-W46?team=network")


@pytest.mark.parametrize(
    "path",
    [
        "/reports/weekly/2026-W48",
        "/reports/weekly/2025-W53",
        "/reports/weekly/last",
        "/reports/weekly/2026-W46?team=nobody",
        "/reports/weekly/2026-W46?team=%00",
        "/reports/weekly/2026-W46/promises?agreement=none",
    ],
)
def test_what_does_not_exist_is_not_found(mara: FlaskClient, path: str) -> None:
    with wallclock.frozen(NOW):
        assert mara.get(path).status_code == 404


@pytest.mark.parametrize(
    "arguments",
    [
        "state=x&measure=%00&service=x&in-team=-1&priority=x&after=x",
        "service=" + "9" * 30,
        "_external=1&iso_week=x&after=0-1&state=paused",
    ],
)
def test_nonsense_in_the_address_does_no_harm(
    busy: House, mara: FlaskClient, arguments: str
) -> None:
    read(mara, f"/reports/weekly/2026-W46/promises?{arguments}")
    read(mara, f"/reports/weekly/2026-W46/tickets?{arguments}")


@pytest.mark.parametrize("flow", ["open", "new", "ended"])
def test_the_figures_of_tickets_open_their_lists(busy: House, mara: FlaskClient, flow: str) -> None:
    page = read(mara, f"/reports/weekly/2026-W46/tickets?flow={flow}")

    assert "Week 46 of 2026" in page


def test_requesters_do_not_read_it(house: House, mara: FlaskClient) -> None:
    house.mara.role = Role.REQUESTER
    db.session.commit()

    with wallclock.frozen(NOW):
        assert mara.get("/reports/weekly/2026-W46").status_code == 403


def test_strangers_are_asked_to_sign_in(house: House, client: FlaskClient) -> None:
    answer = client.get("/reports/weekly/2026-W46")

    assert (answer.status_code, "/sign-in" in answer.location) == (302, True)
