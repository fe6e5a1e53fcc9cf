"""The composer through its pages: whom it reaches, what it keeps, what it stops, what it uses."""

import re
from datetime import timedelta

import pytest

from app import wallclock
from app.database import db, transaction
from app.tickets import conversation, copying, drafts, macros
from app.tickets.desk_models import Macro
from app.tickets.macro_changes import Changes
from app.tickets.macros import Content
from app.tickets.models import Message, Participant, Ticket
from app.tickets.queries import for_change
from app.tickets.words import MessageKind, Status
from tests.cast import NOW, sign_in
from tests.factories import open_request
from tests.statements import counted

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def cast(cast):
    wallclock.use(lambda: LATER)
    return cast


@pytest.fixture
def ticket(cast) -> Ticket:
    return open_request(cast.elke, cast.vpn_problem, at=NOW)


@pytest.fixture
def url(ticket) -> str:
    return f"/desk/tickets/{ticket.id}"


def bodies(ticket) -> list[str]:
    db.session.expire_all()
    return [body for (body,) in db.session.query(Message.body).filter_by(ticket_id=ticket.id)][1:]


def draft_of(ticket, person, kind=MessageKind.MESSAGE) -> str | None:
    found = drafts.drafts_of(ticket, person).get(kind)
    return found.body if found else None


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def macro(by, **facts) -> Macro:
    given = {"name": "Ask for the log", "body": "Dear {{requester.first_name}}, the log?"}
    given |= {"is_note": False, "is_own": False, "changes": Changes()}
    with transaction():
        return macros.add(Content(**given | facts), by=by, at=NOW)


def test_it_spells_out_whom_it_reaches_and_what_each_button_does(mara, cast, ticket, url):
    with transaction():
        copying.put_in_copy(for_change(ticket.id), who=cast.martin, by=cast.elke, at=LATER)

    said = words_of(mara.get(url).text)

    assert "To Elke Sommer elke.sommer@brenner-voss.example" in said
    assert "Copy Martin Voss martin.voss@brenner-voss.example" in said
    assert "Goes to 2 people outside Halden." in said
    assert "Send keeps the first response due 14:50 CET." in said
    assert "Wait also stops the resolution until they answer." in said
    assert "Resolve meets the resolution due" in said
    assert "Undo for 10 s." in said


def test_people_are_put_in_copy_and_taken_out_and_what_was_typed_stays(mara, cast, ticket, url):
    typed = {"body": "Dear Elke,", "copy": "Martin.Voss@brenner-voss.example"}
    mara.post(f"{url}/copies", data=typed)
    assert db.session.get(Participant, (ticket.id, cast.martin.id)) is not None
    assert "Dear Elke,</textarea>" in mara.get(url).text

    refused = mara.post(f"{url}/copies", data=typed | {"copy": "no address"})
    assert "That is no mail address" in refused.text
    assert "Dear Elke,</textarea>" in refused.text
    refused = mara.post(f"{url}/copies", data=typed | {"copy": "x@nowhere.example"})
    assert "Nobody we know has this address" in refused.text

    mara.post(f"{url}/copies", data={"body": "Dear Elke,", "out": cast.martin.id})
    db.session.expire_all()
    assert db.session.get(Participant, (ticket.id, cast.martin.id)) is None


def test_an_answer_is_stopped_when_somebody_wrote_meanwhile_and_sent_the_second_time(
    mara, cast, ticket, url
):
    page = mara.get(url).text
    form = {"body": "Please restart.", "then": "send", "seen": hidden(page, "seen"), "once": "x1"}
    with transaction():
        conversation.reply(for_change(ticket.id), by=cast.petra, body="Do *not* restart.", at=LATER)

    stopped = mara.post(f"{url}/replies", data=form).text

    assert "Not sent yet: Petra Weiss wrote since you opened this." in stopped
    assert "Do <em>not</em> restart." in stopped
    assert "Please restart.</textarea>" in stopped
    assert bodies(ticket) == ["Do *not* restart."]
    again = mara.post(f"{url}/replies", data=form | {"seen": hidden(stopped, "seen")})
    assert again.status_code == 303
    assert bodies(ticket) == ["Do *not* restart.", "Please restart."]


@pytest.mark.parametrize("what", ["replies", "notes"])
def test_what_was_just_said_is_not_said_again_by_a_form_filled_in_anew(
    mara, cast, url, ticket, what
):
    once = iter("abcdef")

    def say(words, **more):
        data = {"body": words, "then": "send", "once": next(once)} | more
        return mara.post(f"{url}/{what}", data=data)

    assert say("Please restart\r\nit.").status_code == 303
    again = say("Please restart\nit. ")

    assert "You have said this already" in again.text
    assert bodies(ticket) == ["Please restart\r\nit."]
    assert say("Did you?").status_code == 303
    assert say("Please restart it.").status_code == 303
    wallclock.use(lambda: LATER + timedelta(hours=2))
    assert say("Please restart it.").status_code == 303
    assert len(bodies(ticket)) == 4


def test_the_words_of_an_answer_may_solve_it_and_may_be_sent_again_once_taken_back(
    mara, cast, url, ticket
):
    form = {"body": "Please restart it."}
    sent = mara.post(f"{url}/replies", data=form | {"then": "send", "once": "a"})
    message = sent.location.rpartition("#m")[2]
    mara.post(f"{url}/messages/{message}/undoing")
    assert mara.post(f"{url}/replies", data=form | {"then": "send", "once": "b"}).status_code == 303

    assert mara.post(f"{url}/replies", data=form | {"then": "resolve"}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Ticket, ticket.id).status is Status.RESOLVED


def test_the_composer_s_boxes_are_not_filled_in_by_the_browser(mara, url):
    page = mara.get(url).text

    for name in ("reply-body", "note-body"):
        assert 'autocomplete="off"' in re.search(rf'<textarea[^>]*id="{name}"[^>]*>', page)[0]


def test_an_error_does_not_hide_that_somebody_wrote(mara, cast, ticket, url):
    seen = hidden(mara.get(url).text, "seen")
    with transaction():
        conversation.reply(for_change(ticket.id), by=cast.petra, body="On it.", at=LATER)

    page = mara.post(f"{url}/replies", data={"body": " ", "then": "send", "seen": seen}).text

    assert hidden(page, "seen") == seen


def test_what_is_typed_is_kept_comes_back_and_goes_once_it_is_sent(mara, cast, ticket, url):
    form = {"body": "Dear Elke,", "quietly": "1", "once": "o1"}
    assert mara.post(f"{url}/drafts/reply", data=form).text == "Draft kept at 14:25 CET."
    mara.post(f"{url}/drafts/note", data={"body": "Ask Petra."})

    page = mara.get(url).text
    assert "Dear Elke,</textarea>" in page
    assert "Ask Petra.</textarea>" in page
    mara.post(f"{url}/replies", data={"body": "Dear Elke, done.", "then": "send", "once": "o1"})
    late = mara.post(f"{url}/drafts/reply", data=form)

    assert late.text == ""
    assert draft_of(ticket, cast.mara) is None
    assert draft_of(ticket, cast.mara, MessageKind.NOTE) == "Ask Petra."
    mara.post(f"{url}/drafts/note/discarding")
    assert draft_of(ticket, cast.mara, MessageKind.NOTE) is None
    assert mara.post(f"{url}/drafts/poem", data=form).status_code == 404


def test_a_draft_says_who_wrote_since_it_was_begun(mara, cast, ticket, url):
    seen = hidden(mara.get(url).text, "seen")
    mara.post(f"{url}/drafts/reply", data={"body": "Dear", "seen": seen})
    with transaction():
        conversation.reply(for_change(ticket.id), by=cast.petra, body="On it.", at=LATER)

    assert "Since you began this draft: Petra Weiss, 14:25 CET" in words_of(mara.get(url).text)


def test_the_preview_shows_markdown_and_sends_nothing(mara, ticket, url):
    form = {"body": "Use **gateway 2** <script>"}

    quiet = mara.post(f"{url}/previews/reply", data=form | {"quietly": "1"}).text
    page = mara.post(f"{url}/previews/reply", data=form).text

    assert quiet == "<p>Use <strong>gateway 2</strong> &lt;script&gt;</p>\n"
    assert "Use <strong>gateway 2</strong>" in page
    assert "Use **gateway 2** &lt;script&gt;</textarea>" in page
    assert bodies(ticket) == []


def test_a_macro_is_chosen_previewed_put_into_the_composer_and_changes_on_send(
    mara, cast, ticket, url
):
    one = macro(cast.jens, changes=Changes(status="wait", tags=("log",), assignee="me"))
    choosing = mara.post(f"{url}/macros", data={"body": "Good afternoon,"})
    assert "Ask for the log" in mara.get(choosing.location).text
    shown = mara.get(f"{url}/macros/{one.id}").text
    assert "Dear Elke, the log?" in shown
    assert "waits for the requester" in shown

    mara.post(f"{url}/macros/{one.id}")

    page = mara.get(url).text
    assert "Good afternoon,\n\nDear Elke, the log?</textarea>" in page
    assert "Also, by the macro “Ask for the log”: waits for the requester; tag log; yours." in page
    assert re.search(r'class="button button-primary" name="then" value="wait"', page)
    assert db.session.get_one(Ticket, ticket.id).status is Status.NEW
    form = {"body": "Dear Elke, the log?", "then": "wait", "macro": one.id}
    mara.post(f"{url}/replies", data=form)
    db.session.expire_all()
    sent = db.session.get_one(Ticket, ticket.id)
    assert (sent.status, sent.assignee_id) == (Status.WAITING_REQUESTER, cast.mara.id)


def test_a_macro_of_somebody_else_changes_nothing_and_says_so(mara, cast, ticket, url):
    own = macro(cast.petra, is_own=True, changes=Changes(assignee="nobody"))

    page = mara.post(f"{url}/replies", data={"body": "Hi.", "then": "send", "macro": own.id})

    assert "That macro is gone" in page.text
    assert bodies(ticket) == []
    assert mara.get(f"{url}/macros/{own.id}").status_code == 404


def test_a_list_of_macros_asks_no_more_for_six_than_for_two(mara, cast, ticket, url):
    def asked(path):
        with counted() as statements:
            page = mara.get(path).text
        assert f"assigned to {cast.mara.name}" in page
        return len(statements)

    def write(colleague):
        changes = Changes(team_id=cast.network.id, assignee=str(colleague.id))
        macro(cast.jens, team=cast.service_desk, changes=changes)
        macro(cast.jens, changes=Changes(assignee=str(colleague.id)))

    write(cast.mara)
    two = [asked(path) for path in ("/desk/macros", f"{url}/macros")]
    write(cast.petra)
    write(cast.jens)

    assert [asked(path) for path in ("/desk/macros", f"{url}/macros")] == two


def test_agents_write_macros_of_their_own_and_managers_those_of_everybody(client, cast):
    sign_in(client, cast.mara)
    form = {"name": "Mine", "body": "Hello {{agent.name}}", "whose": "mine", "is_active": "y"}
    assert client.post("/desk/macros/new", data=form).status_code == 303
    refused = client.post("/desk/macros/new", data=form | {"body": "{{agent.salary}}"}).text
    assert "There is no {{agent.salary}}." in refused
    assert "everybody" not in client.get("/desk/macros/new").text
    mine = db.session.query(Macro.id).scalar()

    sign_in(client, cast.jens)
    assert client.get(f"/desk/macros/{mine}").status_code == 404
    client.post("/desk/macros/new", data=form | {"name": "Shared", "whose": "everybody"})
    shared = db.session.query(Macro.id).filter_by(name="Shared").scalar()

    sign_in(client, cast.mara)
    assert "Only the lead of its team or a manager" in client.get(f"/desk/macros/{shared}").text
    assert client.post(f"/desk/macros/{shared}", data=form).status_code == 403
    client.post(f"/desk/macros/{mine}", data=form | {"name": "Mine, renamed", "is_active": ""})
    assert "Mine, renamed" in client.get("/desk/macros").text
    assert "Mine, renamed" not in [one.name for one in macros.offered_to(cast.mara)]
