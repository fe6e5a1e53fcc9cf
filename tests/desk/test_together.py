"""The ticket page's own deeds: tags, links, merge and split, who is here, the long conversation."""

import io
import re
from datetime import timedelta

import pytest

from app import wallclock
from app.catalogue.words import Priority
from app.database import db, transaction
from app.files import attaching, receiving
from app.tickets import conversation, copying, drafts, macros, merging, presence, tagging
from app.tickets.macro_changes import Changes
from app.tickets.macros import Content
from app.tickets.models import Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import Channel, MessageKind, Status, Writing
from tests.cast import NOW
from tests.factories import open_request
from tests.statements import counted

MINUTE = timedelta(minutes=1)


@pytest.fixture
def other_id(cast) -> int:
    return open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Certificate change").id


def wrote(cast, ticket_id: int, body: str, minute: int = 1) -> int:
    with transaction():
        return conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body=body,
            channel=Channel.PORTAL,
            at=NOW + minute * MINUTE,
        ).id


def merge(cast, source_id: int, into_id: int) -> None:
    with transaction():
        both = merging.for_both(source_id, into_id)
        merging.merge(*both, reason="One gateway", by=cast.mara, at=NOW)


def test_a_tag_is_put_on_and_taken_off_by_its_page(mara, ticket_id):
    url = f"/desk/tickets/{ticket_id}/tags"
    assert mara.post(url, data={"tag": "VPN Gateway", "deed": "add"}).status_code == 303
    assert "vpn-gateway" in mara.get(f"/desk/tickets/{ticket_id}").text
    refused = mara.post(url, data={"tag": "a,b", "deed": "add"}).text
    assert "is no tag" in refused and 'value="a,b"' in refused
    mara.post(url, data={"tag": "vpn-gateway", "deed": "remove"})

    assert tagging.tags_of([ticket_id]) == {}


def test_a_link_is_made_shown_from_both_ends_and_taken_away(mara, ticket_id, other_id):
    url = f"/desk/tickets/{ticket_id}/links"
    mara.post(url, data={"other": f"#{other_id}", "relation": "parent", "deed": "add"})
    assert "Certificate change" in mara.get(f"/desk/tickets/{ticket_id}").text
    assert "Has the part" in mara.get(f"/desk/tickets/{other_id}").text
    for named, words in (("#999999", "There is no ticket"), (str(ticket_id), "to itself")):
        answer = mara.post(url, data={"other": named, "relation": "related", "deed": "add"}).text
        assert words in answer and f'value="{named}"' in answer
    mara.post(url, data={"other": other_id, "deed": "remove"})

    assert "linked to no other ticket" in mara.get(url).text


def test_a_merge_is_taken_apart_after_its_promises_were_shown(mara, cast, ticket_id, other_id):
    merge(cast, other_id, ticket_id)
    url = f"/desk/tickets/{other_id}/unmerging"
    page = mara.get(url).text
    assert f"Promises of #{ticket_id}" in page and "cancelled (merged)" in page
    assert "Say why they are two" in mara.post(url, data={"reason": ""}).text
    assert mara.post(url, data={"reason": "Two things"}).status_code == 303

    db.session.expire_all()
    assert db.session.get_one(Ticket, other_id).status is Status.NEW
    assert "apart from" in mara.get(f"/desk/tickets/{other_id}/history").text


def test_what_is_merged_nowhere_is_not_taken_apart(mara, ticket_id):
    url = f"/desk/tickets/{ticket_id}/unmerging"

    assert "merged into no ticket" in mara.get(url).text
    assert "merged into no ticket" in mara.post(url, data={"reason": "So"}).text


def test_a_message_is_split_off_once_however_often_it_is_sent(mara, cast, ticket_id):
    asked = wrote(cast, ticket_id, "And my monitor flickers.")
    url = f"/desk/tickets/{ticket_id}/split"
    assert f'value="{asked}" checked' in mara.get(f"{url}?message={asked}").text
    form = {"messages": asked, "subject": "Monitor", "priority": "normal", "once": "abc"}
    shown = mara.post(url, data=form).text
    assert "First response" in shown and "Split it off" in shown
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', shown)
    assert confirmed is not None
    for _ in range(2):
        answer = mara.post(url, data={**form, "confirmed": confirmed[1]})
        assert answer.status_code == 303

    made = db.session.query(Ticket).filter_by(split_from_id=ticket_id).one()
    assert (made.subject, made.status) == ("Monitor", Status.NEW)
    assert "Split off another ticket" in mara.get(f"/desk/tickets/{made.id}").text
    assert "Has split off" in mara.get(f"/desk/tickets/{ticket_id}").text


def test_nothing_chosen_is_said_beside_the_field(mara, cast, ticket_id):
    wrote(cast, ticket_id, "And my monitor flickers.")
    form = {"subject": "Monitor", "priority": "normal"}
    answer = mara.post(f"/desk/tickets/{ticket_id}/split", data=form).text

    assert "Choose what is to be a ticket of its own." in answer and 'value="Monitor"' in answer


def test_who_else_is_here_is_said_on_the_page_and_to_its_script(mara, cast, ticket_id):
    with transaction():
        presence.seen(ticket_id, who=cast.tomas, writing=Writing.ANSWERING, at=NOW)
    url = f"/desk/tickets/{ticket_id}"
    assert "Tomás Rivera is answering" in mara.get(url).text
    piece = mara.post(f"{url}/presence", data={"writing": "looking"}).text
    assert "Tomás Rivera is answering" in piece and "<html" not in piece
    assert presence.here([ticket_id], besides=cast.tomas.id, at=NOW) != {}
    mara.post(f"{url}/presence", data={"writing": "left"})

    assert presence.here([ticket_id], besides=cast.tomas.id, at=NOW) == {}
    assert mara.post(f"{url}/presence", data={"writing": "singing"}).status_code == 200


def test_an_open_page_hears_what_others_have_written_since(mara, cast, ticket_id):
    url, seen = f"/desk/tickets/{ticket_id}", wrote(cast, ticket_id, "It stopped.")
    assert f'data-seen="{seen}"' in mara.get(url).text

    def heard(**said) -> str:
        return mara.post(f"{url}/presence", data={"writing": "looking", **said}).text

    assert "since you opened this" not in heard(seen=seen)
    with transaction():
        answer = conversation.note(for_change(ticket_id), by=cast.petra, body="Mine.", at=NOW)
        conversation.note(for_change(ticket_id), by=cast.mara, body="My own.", at=NOW)
    piece = heard(seen=seen)
    assert "Petra Weiss has written a note since you opened this." in piece
    assert f'href="{url}?since={seen}#m{answer.id}"' in piece
    wrote(cast, ticket_id, "Are you there?", minute=2)
    assert "2 messages since you opened this." in heard(seen=seen)
    assert "since you opened this" not in heard()
    assert "since you opened this" not in heard(seen="9" * 30)


def test_a_beat_costs_the_same_whatever_was_written(mara, cast, ticket_id):
    data = {"writing": "looking", "seen": 1}
    mara.post(f"/desk/tickets/{ticket_id}/presence", data=data)
    with counted() as quiet:
        mara.post(f"/desk/tickets/{ticket_id}/presence", data=data)
    for minute in range(1, 5):
        wrote(cast, ticket_id, "And this.", minute)
    with counted() as loud:
        mara.post(f"/desk/tickets/{ticket_id}/presence", data=data)

    assert len(loud) == len(quiet)


def test_looking_at_a_page_tells_nobody(mara, cast, ticket_id):
    mara.get(f"/desk/tickets/{ticket_id}")

    assert presence.here([ticket_id], besides=cast.tomas.id, at=NOW) == {}


def test_quoted_words_are_folded_and_all_there(mara, cast, ticket_id):
    wrote(cast, ticket_id, "Still the same.\n\nOn Wed, Mara Lindt wrote:\n> one\n> two <b>\n")
    page = mara.get(f"/desk/tickets/{ticket_id}").text

    assert "3 quoted lines from Mara Lindt" in page
    assert "two &lt;b&gt;" in page and '<details class="quote">' in page


def test_a_letter_says_how_far_it_came(mara, cast, ticket_id):
    with transaction():
        conversation.reply(for_change(ticket_id), by=cast.mara, body="On it.", at=NOW)
    page = mara.get(f"/desk/tickets/{ticket_id}").text

    assert "Waits to be sent to Elke Sommer" in page
    assert "Met the first response" in page


def test_the_explanation_is_a_piece_of_the_page(mara, ticket_id):
    page = mara.get(f"/desk/tickets/{ticket_id}").text
    url = re.search(r'data-why="([^"]+)"', page)
    assert url is not None
    piece = mara.get(url[1]).text

    assert "§ 4.1" in piece and "<html" not in piece and "spans-t" in piece


def test_the_history_is_narrowed_by_kind_and_person(mara, cast, ticket_id):
    wrote(cast, ticket_id, "And?")
    with transaction():
        tagging.tag(for_change(ticket_id), "vpn", by=cast.mara, at=NOW + MINUTE)
    url = f"/desk/tickets/{ticket_id}/history"

    assert "Elke Sommer wrote" in mara.get(url).text and "“vpn”" in mara.get(url).text
    said = mara.get(f"{url}?kind=said").text
    assert "Elke Sommer wrote" in said and "“vpn”" not in said
    hers = mara.get(f"{url}?who={cast.mara.id}").text
    assert "“vpn”" in hers and "Elke Sommer wrote" not in hers
    assert "Nothing of that kind" in mara.get(f"{url}?kind=ladder").text
    for senseless in ("kind=x&who=y", "who=-1", "before=1", "before=9e9-1", "before=99999999999-1"):
        assert mara.get(f"{url}?{senseless}").status_code == 200


@pytest.fixture
def long_id(cast, ticket_id) -> int:
    """A conversation of 200 messages, a day old."""
    with transaction():
        for number in range(199):
            is_ours = number % 2 == 0
            db.session.add(
                Message(
                    ticket_id=ticket_id,
                    author_id=cast.mara.id if is_ours else cast.elke.id,
                    author_name="Mara Lindt" if is_ours else "Elke Sommer",
                    side="desk" if is_ours else "requester",
                    channel="desk" if is_ours else "portal",
                    body=f"Message {number:03} of many.\n\n> one\n> two\n",
                    at=NOW + number * MINUTE,
                )
            )
    wallclock.use(lambda: NOW + timedelta(days=1))
    return ticket_id


def test_a_long_conversation_shows_its_beginning_and_its_end(long_id, mara):
    page = mara.get(f"/desk/tickets/{long_id}").text
    assert "179 earlier messages" in page
    assert "Message 198 of many" in page and "Message 100 of many" not in page
    whole = mara.get(f"/desk/tickets/{long_id}?whole=1").text

    assert whole.count("<article") == 200 and "earlier messages" not in whole


@pytest.fixture
def everything_id(cast, mara, other_id) -> int:
    """A ticket with a bit of everything: merged, in copy, with files, drafts and their macro."""
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    merge(cast, other_id, ticket_id)
    wrote(cast, ticket_id, "And?")
    changes = Changes(priority=Priority.HIGH)
    content = Content("Ours", "Hello", is_note=False, is_own=True, changes=changes)
    with transaction():
        macro = macros.add(content, by=cast.mara, at=NOW)
        file = attaching.add(
            receiving.receive(io.BytesIO(b"bytes"), name="a.txt"),
            upload_key="k",
            by_id=cast.mara.id,
            at=NOW,
        )
        conversation.reply(
            for_change(ticket_id), by=cast.mara, body="On it.", at=NOW, undo_s=10, files=[file]
        )
        copying.put_in_copy(for_change(ticket_id), who=cast.martin, by=cast.mara, at=NOW)
        for kind in MessageKind:
            drafts.keep(
                for_change(ticket_id),
                by=cast.mara,
                kind=kind,
                body="Begun",
                at=NOW,
                macro_id=macro.id,
            )
    waits = {"files": (io.BytesIO(b"more"), "b.txt")}
    assert mara.post(f"/desk/tickets/{ticket_id}/uploads/reply", data=waits).status_code == 201
    return ticket_id


def test_the_page_of_a_ticket_costs_twelve_statements_at_most_however_long(
    cast, ticket_id, long_id, everything_id, mara
):
    short_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    place = f"in=/desk/views/all-open&key={int(NOW.timestamp())}-{everything_id}"
    for url in (
        f"/desk/tickets/{short_id}",
        f"/desk/tickets/{long_id}",
        f"/desk/tickets/{everything_id}?{place}",
    ):
        wallclock.use(lambda: NOW + MINUTE)
        assert mara.get(url).status_code == 200
        with counted() as statements:
            page = mara.get(url).text
        assert len(statements) <= 12, "\n".join(" ".join(s.split())[:120] for s in statements)
    for said in (
        "Martin Voss",
        "a.txt",
        "b.txt",
        "Begun",
        "priority High",
        "Merged in",
        "One gateway",
    ):
        assert said in page
