"""The desk through its pages: what an agent does, and what comes back when it is refused."""

from app.database import db, transaction
from app.tickets import queries
from app.tickets.models import Message, Ticket
from app.tickets.words import Status


def ticket(ticket_id: int) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id)


def test_the_queue_shows_the_deadline_that_comes_next(mara, ticket_id):
    page = mara.get("/desk/views/needs-agent").text

    assert "VPN down for the finance team" in page
    assert "30 m left" in page
    assert "14:50 CET" in page


def test_filters_stand_in_the_url_and_nonsense_is_no_filter(mara, ticket_id):
    assert "Nothing matches" in mara.get("/desk/views/all-open?priority=low").text
    assert "VPN down" in mara.get("/desk/views/all-open?priority=nonsense&after=x").text
    assert mara.get("/desk/views/nowhere").status_code == 404


def test_an_agent_takes_answers_asks_back_and_resolves(mara, cast, ticket_id):
    url = f"/desk/tickets/{ticket_id}"
    assert mara.post(f"{url}/taking").status_code == 303
    assert ticket(ticket_id).assignee_id == cast.mara.id
    mara.post(f"{url}/replies", data={"body": "Which gateway?", "then": "wait"})
    assert ticket(ticket_id).status is Status.WAITING_REQUESTER
    mara.post(f"{url}/resolution", data={"body": "A new certificate."})

    assert ticket(ticket_id).status is Status.RESOLVED
    assert "A new certificate." in mara.get(url).text


def test_an_empty_answer_comes_back_with_its_error(mara, ticket_id):
    page = mara.post(f"/desk/tickets/{ticket_id}/replies", data={"body": "", "then": "send"})

    assert page.status_code == 200
    assert "Write an answer first." in page.text


def test_a_refusal_keeps_what_was_typed(mara, ticket_id):
    answer = mara.post(
        f"/desk/tickets/{ticket_id}/status", data={"status": "open", "reason": "typed words"}
    )

    assert "it is not waiting" in answer.text
    assert "typed words" in answer.text


def test_the_same_form_sent_twice_answers_once(mara, ticket_id):
    form = {"body": "I have it.", "then": "send", "once": "abc"}
    for _ in range(2):
        assert mara.post(f"/desk/tickets/{ticket_id}/replies", data=form).status_code == 303

    assert db.session.query(Message).filter_by(body="I have it.").count() == 1


def test_the_explanation_adds_up_on_a_page_of_its_own(mara, ticket_id):
    page = mara.get(f"/desk/tickets/{ticket_id}").text
    link = page.split("/why/")[1].split('"')[0]
    why = mara.get(f"/desk/tickets/{ticket_id}/why/{link}").text

    assert "§ 4.1" in why
    assert "Managed workplace" in why


def test_a_ticket_is_written_down_for_somebody_who_called(mara, cast):
    form = {
        "requester": "elke.sommer@brenner-voss.example",
        "how": "left",
        "request_type": "vpn",
        "priority": "high",
        "subject": "Telephone: VPN down",
        "body": "She says nobody can connect.",
    }
    unknown = mara.post("/desk/tickets/new", data={**form, "requester": "who@nowhere.example"})
    assert "We know nobody called who@nowhere.example." in unknown.text
    assert mara.post("/desk/tickets/new", data=form).status_code == 303
    assert db.session.query(Ticket).one().requester_id == cast.elke.id


def test_an_agent_assigns_a_colleague_or_nobody(mara, cast, ticket_id):
    url = f"/desk/tickets/{ticket_id}/assignment"
    assert "Tomás Rivera" in mara.get(url).text
    mara.post(url, data={"assignee": str(cast.tomas.id), "team": str(cast.network.id)})
    assert ticket(ticket_id).assignee_id == cast.tomas.id
    mara.post(url, data={"assignee": "", "team": str(cast.network.id)})
    assert ticket(ticket_id).assignee_id is None


def test_a_ticket_that_has_a_team_is_never_left_without_one(mara, cast, ticket_id):
    url = f"/desk/tickets/{ticket_id}/assignment"
    with transaction():
        queries.for_change(ticket_id).team_id = None
    assert "No team" in mara.get(url).text
    mara.post(url, data={"assignee": "", "team": str(cast.network.id)})

    assert "No team" not in mara.get(url).text
    assert mara.post(url, data={"assignee": "", "team": ""}).status_code == 200
    assert ticket(ticket_id).team_id == cast.network.id


def test_another_team_s_ticket_stays_with_a_member_and_with_others_only_by_name(
    mara, cast, ticket_id
):
    url = f"/desk/tickets/{ticket_id}/assignment"
    mara.post(url, data={"assignee": str(cast.petra.id), "team": str(cast.service_desk.id)})
    to_network = {"team": str(cast.network.id)}
    assert "As it is: Petra Weiss" in mara.get(url).text

    moved = mara.post(url, data={"assignee": "keep", **to_network}, follow_redirects=True).text
    assert f"#{ticket_id} is with nobody." in moved
    mara.post(url, data={"assignee": "", "team": str(cast.service_desk.id)})
    expressly = {"assignee": str(cast.petra.id), **to_network}
    named = mara.post(url, data=expressly, follow_redirects=True).text
    assert f"#{ticket_id} is with Petra Weiss, who is not in Network." in named
    mara.post(url, data={"assignee": str(cast.mara.id), **to_network})
    mara.post(url, data={"assignee": "keep", "team": str(cast.service_desk.id)})
    assert ticket(ticket_id).assignee_id == cast.mara.id
