"""Both parties hold reviews, give notice and see what is left on the same pages."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import wallclock
from app.agreements import days
from app.agreements.models import AgreementEvent, ExitTask
from app.database import db
from app.notices.models import Notice
from app.obligations import reviews
from tests.agenda.conftest import AT, Scene
from tests.cast import PASSWORD, sign_in
from tests.factories import open_request

AGREEMENT = "/agreements/fjordbank"
DATES = f"{AGREEMENT}/dates"
END = "/agreements/fjordbank/termination"


def kinds() -> list[str]:
    return list(db.session.scalars(select(Notice.kind).order_by(Notice.id)))


def verbs() -> list[str]:
    """What the history says of reviews."""
    query = select(AgreementEvent.verb).where(AgreementEvent.verb.startswith("review_"))
    return list(db.session.scalars(query.order_by(AgreementEvent.id)))


def open_review(client: FlaskClient) -> str:
    """The address of the next review, taken up by who is signed in."""
    answer = client.post("/agreements/fjordbank/reviews")
    assert answer.status_code == 303
    return answer.location


def test_both_parties_read_the_same_dates_and_nobody_else(client: FlaskClient, scene: Scene):
    seen = []
    for person in (scene.cast.jens, scene.cast.sigrid):
        sign_in(client, person)
        page = client.get(DATES).text
        seen.append(re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)">', page))
    sign_in(client, scene.cast.martin)

    assert seen[0] == seen[1] == ["2026-07-01", "2026-10-02", "2027-01-01"]
    assert client.get(DATES).status_code == 404


def test_a_review_is_arranged_by_one_and_written_and_closed_by_the_other(
    client: FlaskClient, scene: Scene
):
    sign_in(client, scene.cast.jens)
    page = open_review(client)
    arranged = client.post(
        f"{page}/meeting",
        data={"meeting": "2026-06-30T10:00", "place": "Oslo", "provider": "Jens Adler\n"},
    )
    wallclock.use(lambda: AT + timedelta(days=30))
    sign_in(client, scene.cast.sigrid)
    seen = re.search(r'name="seen" type="hidden" value="(\w+)"', client.get(page).text)
    assert seen is not None
    client.post(f"{page}/minutes", data={"minutes": "**All well.**", "seen": seen[1]})
    client.post(
        f"{page}/actions",
        data={"what": "Send the rota", "owner": scene.cast.jens.id, "due_on": "2026-07-15"},
    )
    closed = client.post(
        f"{page}/holding",
        data={"held_on": "2026-06-30", "provider": "", "client": "Sigrid Moe\r\n"},
    )

    assert (arranged.status_code, closed.status_code) == (303, 303)
    held = reviews.held(scene.agreement)[0]
    assert [one["name"] for one in held.attendees] == ["Sigrid Moe"]
    assert kinds() == ["review-arranged"] * 2 + ["review-held"] * 2
    assert verbs() == ["review_arranged", "review_held"]
    assert "<strong>All well.</strong>" in client.get(page).text
    sign_in(client, scene.cast.jens)
    action = reviews.actions([held.id])[0]
    client.post(f"/agreements/fjordbank/tasks/review/{action.id}/completion")
    db.session.expire_all()
    assert reviews.actions([held.id])[0].done_by_id == scene.cast.jens.id


def test_two_who_write_the_minutes_at_once_lose_nothing(client: FlaskClient, scene: Scene):
    sign_in(client, scene.cast.jens)
    page = open_review(client)
    found = re.search(r'name="seen" type="hidden" value="(\w+)"', client.get(page).text)
    assert found is not None

    first = client.post(f"{page}/minutes", data={"minutes": "By Jens.", "seen": found[1]})
    second = client.post(f"{page}/minutes", data={"minutes": "By Sigrid.", "seen": found[1]})

    assert (first.status_code, second.status_code) == (303, 200)
    assert "Somebody else wrote these minutes" in second.text
    assert "By Sigrid." in second.text
    assert "By Jens." in second.text


def test_a_review_that_was_held_is_final(client: FlaskClient, scene: Scene):
    sign_in(client, scene.cast.jens)
    page = open_review(client)
    found = re.search(r'name="seen" type="hidden" value="(\w+)"', client.get(page).text)
    assert found is not None
    client.post(f"{page}/minutes", data={"minutes": "Done.", "seen": found[1]})
    due = reviews.open_reviews([scene.agreement.id])[scene.agreement.id].due_on
    assert f"<dt>Next review</dt><dd>{days.in_words(due)}" in client.get(AGREEMENT).text
    client.post(f"{page}/holding", data={"held_on": "2026-06-01"})
    assert f"<dt>Next review</dt><dd>{days.in_words(due)}" not in client.get(AGREEMENT).text

    again = client.post(f"{page}/minutes", data={"minutes": "Other words.", "seen": found[1]})

    assert "its minutes are final" in again.text
    assert reviews.held(scene.agreement)[0].minutes == "Done."


def test_a_signatory_gives_notice_with_the_password_and_tasks_are_seen_to(
    client: FlaskClient, scene: Scene
):
    sign_in(client, scene.cast.sigrid)
    form = {
        "kind": "notice",
        "clause": "1.2",
        "effective_on": "2026-12-31",
        "tasks": "Hand over the data\nGive back the keys",
    }

    wrong = client.post(END, data={**form, "current": "not my password"})
    early = client.post(END, data={**form, "effective_on": "2026-11-30", "current": PASSWORD})
    assert scene.ahead.termination is None
    right = client.post(END, data={**form, "current": PASSWORD})

    assert (wrong.status_code, early.status_code, right.status_code) == (200, 200, 303)
    assert "the earliest being Thu 31 Dec 2026" in early.text
    assert scene.ahead.last_on == date(2026, 12, 31)
    page = client.get(END).text
    assert "Questions are answered in time." in page
    assert "Halden standard service" in page
    tasks = db.session.scalars(select(ExitTask).order_by(ExitTask.position)).all()
    assert [task.what for task in tasks] == ["Hand over the data", "Give back the keys"]
    assert kinds() == ["agreement-terminated"] * 2
    given = client.post(
        f"{END}/tasks/{tasks[0].id}/owner",
        data={"owner": scene.cast.jens.id, "due_on": "2026-12-01"},
    )
    assert given.status_code == 303
    db.session.expire_all()
    assert (tasks[0].owner_id, tasks[0].due_on) == (scene.cast.jens.id, date(2026, 12, 1))


def test_who_holds_no_signature_neither_ends_it_nor_takes_that_back(
    client: FlaskClient, scene: Scene
):
    sign_in(client, scene.cast.nora)
    form = {"kind": "cause", "clause": "1.1", "effective_on": "2026-06-30", "reason": "So."}

    refused = client.post(END, data={**form, "current": PASSWORD})

    assert refused.status_code == 403
    assert scene.ahead.termination is None


def test_open_tickets_are_listed_with_what_ends(client: FlaskClient, scene: Scene):
    ticket = open_request(scene.cast.sigrid, scene.cast.vpn_problem, at=AT)
    sign_in(client, scene.cast.jens)

    page = client.get(END).text

    assert f"/desk/tickets/{ticket.id}" in page
    assert 'href="/agreements/fjordbank/tickets">1<' in client.get("/agreements/fjordbank").text
    assert f"/desk/tickets/{ticket.id}" in client.get("/agreements/fjordbank/tickets").text


def test_everything_that_is_coming_stands_on_one_page(client: FlaskClient, scene: Scene):
    sign_in(client, scene.cast.jens)

    page = client.get("/manage/reviews").text

    assert "October 2026" in page
    assert "Last day to give notice" in page
    assert "A review is due" in page


def test_a_long_list_goes_on_with_whole_days(
    client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.agenda.coming.MOST", 1)
    sign_in(client, scene.cast.jens)

    first = client.get("/manage/reviews").text
    second = client.get("/manage/reviews?from=2026-10-02").text

    assert re.findall(r'datetime="(\d{4}-\d\d-\d\d)"', first) == ["2026-07-01"]
    assert "from=2026-10-02" in first
    assert re.findall(r'datetime="(\d{4}-\d\d-\d\d)"', second) == ["2026-10-02"]
