"""How people want to be told, and what the bell then says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.mail.models import Letter
from app.notices import bell, choices, telling, words
from app.notices.choices import EVENTS, Ways
from app.notices.gathering import gather
from app.notices.models import Notice
from tests.mail.samples import AT, FACTS

LATER = AT + timedelta(minutes=5)


def tell(person, kind="assigned", *, event="e:1", **more):
    return telling.tell(person, kind, event=event, at=AT, facts=FACTS[kind], **more)


def kinds_of_letters(session):
    return [letter.kind for letter in session.scalars(select(Letter).order_by(Letter.id))]


def test_who_chose_nothing_is_told_as_the_event_is_made(petra, session):
    for number, kind in enumerate(("assigned", "requester-answered")):
        tell(petra, kind, event=f"e:{number}")

    gather(AT)

    assert kinds_of_letters(session) == ["assigned"]
    assert bell.count_unread(petra, at=AT) == 2


def test_a_choice_holds_from_the_next_event_on(petra, session):
    tell(petra)
    choices.choose(petra, {"assigned": Ways(by_letter=False, rings=False)})
    tell(petra, event="e:2")
    choices.choose(petra, {"assigned": Ways(by_letter=True, rings=False)})
    tell(petra, event="e:3")

    gather(AT)

    assert len(kinds_of_letters(session)) == 2
    assert [notice.event for notice in bell.page(petra, at=AT)] == ["e:1"]


def test_what_keeps_a_promise_comes_by_letter_whatever_was_chosen(petra, session):
    choices.choose(petra, {"escalation": Ways(by_letter=False, rings=False)})
    tell(petra, "escalation")

    gather(AT)

    assert kinds_of_letters(session) == ["escalation"]
    assert choices.choices_of(petra)["escalation"] == Ways(by_letter=True, rings=False)


def test_many_are_told_each_their_own_way(petra, mara, session):
    choices.choose(mara, {"escalation": Ways(by_letter=True, rings=False)})
    telling.tell_all(
        [
            telling.Telling(person, "escalation", "e:1", AT, FACTS["escalation"])
            for person in (petra, mara)
        ]
    )

    assert (bell.count_unread(petra, at=AT), bell.count_unread(mara, at=AT)) == (1, 0)


def test_a_requester_chooses_about_their_requests_alone(elke):
    assert "escalation" not in choices.choices_of(elke)
    with pytest.raises(ValueError, match="Nobody can choose"):
        choices.choose(elke, {"escalation": Ways(by_letter=True, rings=True)})


def test_what_can_be_undone_rings_when_it_no_longer_can(elke, session):
    tell(elke, "ticket-replied", held_until=LATER)
    tell(elke, "ticket-replied", event="e:2", held_until=LATER)
    telling.withdraw("e:2", at=AT)

    assert bell.count_unread(elke, at=AT) == 0
    assert [notice.event for notice in bell.page(elke, at=LATER)] == ["e:1"]


def test_reading_all_leaves_what_came_since(petra):
    seen = tell(petra)
    tell(petra, event="e:2")

    bell.read_all(petra, up_to_id=seen.id, at=AT)

    assert bell.count_unread(petra, at=AT) == 1


def test_nobody_reads_the_notice_of_another(petra, mara):
    notice = tell(petra)

    with pytest.raises(NotFound):
        bell.read(mara, notice.id, at=AT)
    bell.read_all(mara, up_to_id=notice.id, at=AT)
    assert bell.count_unread(petra, at=AT) == 1
    assert bell.read(petra, notice.id, at=AT).read_at == AT


def test_the_count_ends_at_a_hundred(petra):
    for number in range(bell.CAP + 3):
        tell(petra, event=f"e:{number}")

    assert bell.count_unread(petra, at=AT) == bell.CAP


def test_the_page_goes_on_by_key(petra):
    for number in range(5):
        tell(petra, event=f"e:{number}")
    first = bell.page(petra, at=AT, most=3)

    rest = bell.page(petra, at=AT, before_id=first[-1].id, most=3)

    assert [notice.event for notice in (*first, *rest)] == [f"e:{n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("kind", EVENTS)
def test_the_bell_has_a_sentence_for_every_event(kind):
    notice = Notice(kind=kind, facts=FACTS[kind])

    assert words.sentence(notice) != words.sentence(Notice(kind="unheard", facts={}))
