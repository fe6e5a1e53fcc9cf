"""The pages of saved views, and of a change of many tickets."""

import re

import pytest

from app.database import db
from app.tickets.desk_models import BulkChange, SavedView
from app.tickets.models import Ticket
from tests.cast import NOW, sign_in
from tests.factories import open_request


@pytest.fixture
def tickets(cast) -> list[int]:
    return [
        open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"No. {n}").id for n in range(3)
    ]


def links(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)"', page)]


def test_a_narrowed_list_becomes_a_view_that_opens_first(mara, tickets):
    page = mara.get("/desk/views/all-open?status=new").text
    form = next(url for url in links(page) if url.startswith("/desk/views/new"))
    assert "Status is New" in mara.get(form).text
    query = "scope=all-open&status=new"
    made = mara.post(form, data={"name": "Fresh", "readers": "mine", "query": query})
    view = db.session.query(SavedView).one()
    assert made.location == f"/desk/views/{view.id}"
    mara.post("/desk/views/default", data={"view": str(view.id)})

    assert mara.get("/desk").location == made.location
    shown = mara.get(made.location).text
    assert "3 tickets" in shown
    assert "Status is New" in shown


def test_a_saved_view_can_be_narrowed_further_changed_and_restored(mara, tickets):
    data = {"name": "Fresh", "readers": "mine", "query": "scope=all-open&status=new"}
    url = mara.post("/desk/views/new", data=data).location
    narrowed = f"{url}?scope=all-open&status=new&priority=low"
    page = mara.get(narrowed).text
    assert "Nothing matches." in page
    assert "As it was saved" in page

    settings = next(each for each in links(page) if "/settings" in each)
    hidden = re.search(r'name="query"[^>]*value="([^"]+)"', mara.get(settings).text)[1]
    assert "priority=low" in hidden
    mara.post(settings, data={"name": "Low", "readers": "everybody", "query": "priority=low"})
    view = db.session.query(SavedView).one()
    assert (view.name, view.is_shared, view.query) == ("Low", True, "scope=all-open&priority=low")
    assert mara.post(f"{url}/removal").status_code == 303
    assert mara.get(url).status_code == 404


def test_a_view_without_a_name_comes_back_with_its_error_and_what_was_typed(mara):
    form = {"name": " ", "readers": "everybody", "query": "tag=vpn"}
    page = mara.post("/desk/views/new", data=form)

    assert page.status_code == 200
    assert "Give the view a name." in page.text
    assert "Tag is vpn" in page.text


def test_another_ones_private_view_is_not_there(mara, client, cast):
    data = {"name": "Private", "readers": "mine", "query": ""}
    url = mara.post("/desk/views/new", data=data).location
    client.post("/sign-out")
    sign_in(client, cast.petra)

    client.get("/desk/views/mine")  # shows what signing out had to say
    never = client.get("/desk/views/98765")
    for path in (url, f"{url}/settings"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, never.text)


def test_a_bulk_change_of_somebody_else_is_one_that_never_was(client, mara, cast, tickets):
    form = {"ticket": [str(each) for each in tickets], "tag": "wave"}
    mara.post("/desk/bulk-changes", data={**form, "confirmed": "1", "once": "one"})
    url = f"/desk/bulk-changes/{db.session.query(BulkChange).one().id}"
    assert mara.get(url).status_code == 200
    sign_in(client, cast.petra)

    assert client.get(url).status_code == 404
    assert client.post(f"{url}/undoing").status_code == 404


def test_a_bulk_change_is_seen_before_it_is_made_and_can_be_undone(mara, cast, tickets):
    form = {"ticket": [str(id_) for id_ in tickets], "assignee": str(cast.tomas.id)}
    page = mara.post("/desk/bulk-changes", data=form).text
    assert "Change 3 tickets" in page
    assert "Due times stay." in page
    assert db.session.get_one(Ticket, tickets[0]).assignee_id is None

    here = "/desk/views/unassigned"
    done = mara.post(
        "/desk/bulk-changes", data={**form, "confirmed": "1", "once": "one", "in": here}
    )
    assert done.location == here
    toast = mara.get(here).text
    assert "3 tickets changed." in toast
    undo = re.search(r'action="([^"]+/undoing[^"]*)"', toast)[1]
    assert mara.post(undo).location == here
    db.session.expire_all()
    assert db.session.get_one(Ticket, tickets[0]).assignee_id is None


def test_failures_are_reported_on_a_page_of_their_own(mara, cast, tickets):
    mara.post(f"/desk/tickets/{tickets[0]}/spam", data={"reason": "spam"})
    form = {"ticket": [str(id_) for id_ in tickets], "tag": "wave", "assignee": str(cast.mara.id)}
    done = mara.post("/desk/bulk-changes", data={**form, "confirmed": "1", "once": "one"})
    report = mara.get(done.location).text

    assert f"/desk/bulk-changes/{db.session.query(BulkChange).one().id}" in done.location
    assert "2 tickets changed; 1 could not be." in report
    assert f"#{tickets[0]} is spam." in report
    assert "Undo what was changed" in report


def test_all_of_a_list_can_be_changed_and_nonsense_is_told(mara, tickets):
    page = mara.post("/desk/bulk-changes", data={"all": "1", "tag": "wave"}).text
    assert "Change 3 tickets" in page
    assert "Select a ticket first." in mara.post("/desk/bulk-changes", data={}).text
    odd = {"ticket": ["x", "9" * 30, str(tickets[0])], "assignee": "nonsense"}
    page = mara.post("/desk/bulk-changes", data={**odd, "confirmed": "1"})
    assert page.status_code == 200
    assert "Not a valid choice" in page.text


def test_more_choices_are_offered_before_anything_is_chosen(mara, tickets):
    chosen = {"ticket": [str(id_) for id_ in tickets]}
    page = mara.post("/desk/bulk-changes", data={**chosen, "more": "1"}).text

    assert "Change 3 tickets" in page
    assert "to put right" not in page
    assert "Choose what to change." in mara.post("/desk/bulk-changes", data=chosen).text


def test_a_reason_that_many_wait_for_is_asked_for_once_before_the_list(mara, tickets):
    form = {"ticket": [str(id_) for id_ in tickets], "priority": "low"}
    page = mara.post("/desk/bulk-changes", data=form).text

    assert page.count("A lower priority gives us more time: say why.") == 2  # above, and beside it
    assert '<a href="#reason">A lower priority' in page
    assert "3 wait for what is missing." in page
    assert page.count('name="reason"') == 1
    assert page.index('name="reason"') < page.index("Waits for “Reason”.")
    assert "Change 3 tickets</button>" not in page
    said = mara.post("/desk/bulk-changes", data={**form, "reason": "Calm again"}).text
    assert "Change 3 tickets</button>" in said
    assert "Waits for" not in said


def test_what_stays_as_it_is_is_said_in_a_sentence_of_its_own(mara, tickets):
    def preview(*ids: int) -> str:
        form = {"ticket": [str(id_) for id_ in ids], "tag": "wave"}
        return " ".join(mara.post("/desk/bulk-changes", data=form).text.split())

    mara.post(f"/desk/tickets/{tickets[0]}/tags", data={"tag": "wave", "deed": "add"})

    assert "None of them would change." in preview(tickets[0])
    assert "Due times stay. 1 stays as it is." in preview(*tickets)
