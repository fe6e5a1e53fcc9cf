"""From an event to a letter: told once, gathered per clock, a digest when there are many."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from app.mail import outbox, rendering
from app.mail.models import Letter
from app.notices import telling
from app.notices.gathering import MOST_ITEMS, gather
from app.notices.models import Notice
from app.people import joining
from tests.mail.samples import AT, ESCALATION, FACTS


@dataclass
class Rung:
    """A rung of a clock's ladder that fired."""

    clock_id: int = 7
    position: int = 1
    point: str = "75 %"
    state: str = "at_risk"
    left_s: int = 1500


def escalate(person, rung, *, event=None, urgent=True):
    facts = ESCALATION | vars(rung)
    del facts["others"]
    return telling.tell(
        person,
        "escalation",
        event=event or f"escalation:{rung.clock_id}:{rung.position}",
        at=AT,
        facts=facts,
        urgent=urgent,
    )


def letters(session):
    return session.scalars(select(Letter).order_by(Letter.id)).all()


def test_a_person_is_told_of_an_event_once(petra, session):
    assert escalate(petra, Rung()) is not None
    assert escalate(petra, Rung()) is None

    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_each_person_is_told_of_the_same_event(petra, mara, session):
    assert escalate(petra, Rung()) and escalate(mara, Rung())

    gather(AT)

    assert {letter.to_address for letter in letters(session)} == {petra.address, mara.address}


def test_rungs_of_one_clock_make_one_letter_headed_by_the_highest(petra, session):
    for position, point in ((3, "100 %"), (1, "75 %"), (2, "90 %")):
        escalate(petra, Rung(position=position, point=point))

    assert gather(AT) == 1

    (letter,) = letters(session)
    assert letter.urgent
    assert letter.facts["point"] == "100 %"
    assert [other["point"] for other in letter.facts["others"]] == ["75 %", "90 %"]
    assert {notice.letter_id for notice in session.scalars(select(Notice))} == {letter.id}
    assert "Also reached" in rendering.render(letter).text


def test_clocks_make_letters_of_their_own(petra, session):
    for clock_id in range(5):
        escalate(petra, Rung(clock_id=clock_id))

    assert gather(AT) == 5


def test_more_than_five_make_one_digest_with_the_worst_first(petra, session):
    for clock_id in range(5):
        escalate(petra, Rung(clock_id=clock_id))
    escalate(petra, Rung(clock_id=9, position=1))
    escalate(petra, Rung(clock_id=9, position=4, state="breached", left_s=-60))

    assert gather(AT) == 1

    (digest,) = letters(session)
    assert digest.kind == "escalation-digest"
    assert (digest.facts["breached"], digest.facts["at_risk"]) == (1, 5)
    assert digest.facts["items"][0]["clock_id"] == 9
    assert rendering.render(digest).subject.startswith("BREACHED 1, AT RISK 5")


def test_a_digest_of_a_flood_names_the_worst_and_says_how_many_more(petra, session):
    for clock_id in range(MOST_ITEMS + 3):
        escalate(petra, Rung(clock_id=clock_id, left_s=3600 - clock_id))

    assert gather(AT) == 1

    (digest,) = letters(session)
    assert (len(digest.facts["items"]), digest.facts["at_risk"]) == (100, 103)
    assert digest.facts["items"][0]["clock_id"] == 102
    drawn = rendering.render(digest)
    assert drawn.subject.endswith("103 promises need you")
    assert "3 more stand in the queue" in drawn.text
    assert set(session.scalars(select(Notice.letter_id))) == {digest.id}


def test_a_digest_takes_no_other_letters_in(petra, session):
    for clock_id in range(6):
        escalate(petra, Rung(clock_id=clock_id))
    for number in range(7):
        telling.tell(petra, "assigned", event=f"assigned:{number}", at=AT, facts=FACTS["assigned"])

    assert gather(AT) == 8


def test_gathering_again_writes_nothing(petra, session):
    escalate(petra, Rung())
    gather(AT)

    assert gather(AT) == 0
    assert len(letters(session)) == 1


def test_a_letter_for_each_thing_told_to_a_requester(elke, session):
    for kind in ("ticket-opened", "ticket-replied"):
        telling.tell(elke, kind, event=f"{kind}:1", at=AT, facts=FACTS[kind])

    assert gather(AT) == 2


@pytest.mark.parametrize("kind", ["escalation", "assigned", "escalation-digest"])
def test_a_requester_is_never_told_what_is_internal(elke, kind):
    with pytest.raises(ValueError, match="never for a requester"):
        telling.tell(elke, kind, event="x:1", at=AT, facts={})


def test_an_unknown_kind_is_refused(petra):
    with pytest.raises(ValueError, match="no kind of letter"):
        telling.tell(petra, "advertisement", event="x:1", at=AT, facts={})


def test_nobody_is_told_anything_while_muted(petra, session):
    with outbox.muted():
        assert escalate(petra, Rung()) is None

    assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_whoever_left_or_has_no_address_gets_no_letter(petra, brenner, session):
    caller = joining.add_person("Martin Voss", organisation=brenner, at=AT)
    telling.tell(caller, "ticket-opened", event="o:1", at=AT, facts=FACTS["ticket-opened"])
    escalate(petra, Rung())
    joining.disable(petra)

    assert gather(AT) == 0
    assert all(notice.gathered_at == AT for notice in session.scalars(select(Notice)))


def test_a_rollback_leaves_neither_notice_nor_letter(petra, session):
    session.commit()
    escalate(petra, Rung())
    gather(AT)

    session.rollback()

    assert letters(session) == []
    assert session.scalar(select(func.count()).select_from(Notice)) == 0
