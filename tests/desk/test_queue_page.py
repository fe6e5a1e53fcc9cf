"""The queue page: what it costs, what it remembers, what it says when there is nothing."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app import wallclock
from app.database import db, transaction
from app.people.models import Density, Person
from app.tickets import presence
from app.tickets.models import Ticket
from app.tickets.words import Writing
from tests.cast import NOW
from tests.factories import open_request
from tests.statements import counted


@pytest.fixture
def tickets(cast) -> list[int]:
    made = [
        open_request(cast.elke, cast.vpn_problem, at=NOW + timedelta(minutes=n), subject=f"No. {n}")
        for n in range(4)
    ]
    return [ticket.id for ticket in made]


def news_of(page: str) -> str:
    return re.search(r'data-news="([^"]+)"', page)[1].replace("&amp;", "&")


def test_the_page_costs_seven_statements_at_most_however_many_teams_views_and_rows(mara, tickets):
    mara.get("/desk/views/needs-agent")
    with counted() as seen:
        page = mara.get("/desk/views/needs-agent").text

    assert "4 tickets" in page
    assert len(seen) <= 7, "\n".join(seen)


def test_filters_stand_in_the_url_and_each_can_be_taken_away(mara, cast, tickets):
    start, team = "/desk/views/all-open?status=new&status=open", f"team={cast.network.id}"
    page = mara.get(f"{start}&priority=low&not=priority&{team}&team=none").text

    assert "Status is New or 1 more" in page
    assert "Priority is not Low" in page
    assert "Team is Network or 1 more" in page
    assert f'href="{start}&{team}&team=none"'.replace("&", "&amp;") in page


def test_a_list_that_is_empty_says_why_and_what_to_do(mara, tickets):
    assert "Nothing matches." in mara.get("/desk/views/all-open?priority=low").text
    assert "Nothing is due." in mara.get("/desk/views/mine").text
    beyond = "/desk/views/all-open?after=253370764800-1"
    assert "Nothing is left on this page." in mara.get(beyond).text
    assert mara.get("/desk/views/nowhere").status_code == 404
    assert mara.get("/desk/queues/nowhere").status_code == 404


def test_what_came_in_is_told_and_told_once(mara, cast, tickets):
    news = news_of(mara.get("/desk/views/needs-agent").text)
    quiet = mara.get(news)
    assert "new" not in quiet.text
    same = mara.get(news, headers={"If-None-Match": quiet.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")

    wallclock.use(lambda: NOW + timedelta(minutes=9))
    open_request(cast.elke, cast.vpn_problem, at=NOW + timedelta(minutes=9))
    told = mara.get(news, headers={"If-None-Match": quiet.headers["ETag"]})

    assert "<b>1 new</b>" in told.text
    assert "since 14:20." in told.text


def test_asking_for_news_keeps_no_session_alive(mara, config, tickets):
    news = news_of(mara.get("/desk/views/needs-agent").text)
    almost, over = config.session_idle_s - 60, config.session_idle_s + 60
    wallclock.use(lambda: NOW + timedelta(seconds=almost))
    assert mara.get(news).status_code == 200

    wallclock.use(lambda: NOW + timedelta(seconds=over))
    assert mara.get(news).status_code == 302


def test_rows_say_who_looks_at_a_ticket_and_who_is_writing(mara, cast, tickets):
    with transaction():
        presence.seen(tickets[0], who=cast.tomas, writing=Writing.LOOKING, at=NOW)
        presence.seen(tickets[1], who=cast.petra, writing=Writing.ANSWERING, at=NOW)

    page = mara.get("/desk/views/needs-agent").text

    assert "Tomás Rivera has this ticket open" in page
    assert "Petra is writing" in page


def test_the_density_and_the_keys_are_remembered_for_the_person(mara, cast):
    here = "/desk/views/mine"
    answer = mara.post("/desk/density", data={"density": "compact", "in": here})
    assert answer.location == here
    mara.post("/desk/shortcuts", data={"keys": "off", "in": "//elsewhere.example"})

    person = db.session.get_one(Person, cast.mara.id)
    assert (person.density, person.uses_shortcuts) == (Density.COMPACT, False)
    assert 'data-keys="off"' in mara.get(here).text


def test_a_ticket_page_leads_on_in_the_list_it_was_opened_from_whatever_is_done_to_it(
    mara, tickets
):
    page = mara.get("/desk/views/unassigned?status=new").text
    rows = [
        link.replace("&amp;", "&")
        for link in re.findall(r'<a href="(/desk/tickets/[^"]+in=[^"]+)"', page)
    ]
    opened = mara.get(rows[1]).text
    assert rows[0].replace("&", "&amp;") in opened
    assert rows[2].replace("&", "&amp;") in opened

    mara.post(f"/desk/tickets/{tickets[1]}/taking")
    again = mara.get(f"/desk/tickets/{tickets[1]}").text
    assert rows[2].replace("&", "&amp;") in again
    assert "Next in this list" not in mara.get(f"/desk/tickets/{tickets[3]}").text


def test_a_second_tab_does_not_forget_where_the_first_ticket_was_opened_from(mara, tickets):
    def opened_from(view):
        page = mara.get(view).text
        links = re.findall(r'<a href="(/desk/tickets/[^"]+in=[^"]+)"', page)
        return [link.replace("&amp;", "&") for link in links]

    first, second = opened_from("/desk/views/unassigned")[0], opened_from("/desk/views/all-open")[1]
    mara.get(first)
    mara.get(second)
    mara.post(f"/desk/tickets/{tickets[0]}/notes", data={"body": "Seen."})

    assert '<a href="/desk/views/unassigned">' in mara.get(f"/desk/tickets/{tickets[0]}").text
    assert '<a href="/desk/views/all-open">' in mara.get(f"/desk/tickets/{tickets[1]}").text


def test_the_cookie_never_grows_beyond_what_a_browser_keeps(mara, cast):
    for number in range(40):
        ticket = open_request(cast.elke, cast.vpn_problem, at=NOW).id
        here = urlencode({"key": "1-1", "in": f"/desk/views/mine?tag={'x' * number * 30}"})
        answer = mara.get(f"/desk/tickets/{ticket}?{here}")
        sizes = [len(each) for each in answer.headers.getlist("Set-Cookie")]
        assert all(size < 4000 for size in sizes)


def test_take_next_gives_the_ticket_that_is_due_first_and_says_when_there_is_none(
    mara, cast, tickets
):
    for expected in tickets:
        answer = mara.post("/desk/taking", data={"in": "/desk/views/needs-agent"})
        assert answer.location.startswith(f"/desk/tickets/{expected}?key=")
        assert answer.location.endswith("&in=/desk/views/needs-agent")
        assert db.session.get_one(Ticket, expected).assignee_id == cast.mara.id

    answer = mara.post("/desk/taking", data={"in": "/desk/views/needs-agent"})
    assert answer.location == "/desk/views/needs-agent"
    assert "Nothing here is waiting for somebody to take it." in mara.get(answer.location).text
