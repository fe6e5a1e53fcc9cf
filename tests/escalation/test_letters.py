"""What people get: one letter per person and clock, a digest above five, and nothing inside."""

from sqlalchemy import select

from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.notices import gathering, telling
from tests.escalation.conftest import answered, fire, hours

ESCALATIONS = ("escalation", "escalation-digest", "client-promise")


def letters(person):
    with transaction():
        gathering.gather(hours(10))
    return list(
        db.session.scalars(
            select(Letter)
            .where(Letter.to_address == person.address, Letter.kind.in_(ESCALATIONS))
            .order_by(Letter.id)
        )
    )


def test_a_person_gets_one_letter_a_clock_headed_by_the_highest_rung(fate, cast):
    fire(hours(9))

    (letter,) = letters(cast.jens)

    assert letter.facts["point"] == "1 h after due"
    assert [other["point"] for other in letter.facts["others"]] == ["90 %", "100 %"]
    assert letter.urgent
    assert fate.ticket.subject in rendering.render(letter).text


def test_more_than_five_become_one_digest(cast):
    tickets = [answered(cast, subject=f"Number {number}") for number in range(6)]
    fire(hours(9))

    (letter,) = letters(cast.jens)

    assert letter.kind == "escalation-digest"
    assert {item["number"] for item in letter.facts["items"]} == {each.id for each in tickets}
    drawn = rendering.render(letter)
    assert "Number 3" in drawn.text
    for ticket in tickets:
        assert f"/desk/tickets/{ticket.id}/acknowledgement" in drawn.text
        assert f"/desk/tickets/{ticket.id}/acknowledgement" in drawn.html
    assert "Resolution due 13:00 CET" in drawn.text, "in the zone of the reader, or of the house"


def test_the_clients_contact_reads_the_promise_and_no_name_of_staff(fate, cast):
    fire(hours(9))

    (letter,) = letters(cast.martin)
    drawn = rendering.render(letter)

    assert letter.kind == "client-promise"
    for told in (drawn.subject, drawn.text, drawn.html, str(letter.facts)):
        for person in (cast.mara, cast.tomas, cast.petra, cast.jens, cast.nora):
            assert person.name not in told
            assert person.name.split()[0] not in told


def test_every_letter_of_the_ladder_can_be_drawn(fate, cast):
    for hour in (3.1, 3.7, 4.1, 5.1):
        fire(hours(hour))
        with transaction():
            gathering.gather(hours(hour))

    drawn = [
        rendering.render(letter)
        for letter in db.session.scalars(select(Letter).where(Letter.kind.in_(ESCALATIONS)))
    ]
    assert len(drawn) == 5


def test_a_notice_waits_while_it_is_held_and_a_withdrawn_one_gets_no_letter(fate, cast):
    for event, until in (("held", hours(2)), ("undone", hours(2)), ("plain", None)):
        with transaction():
            telling.tell(
                cast.mara,
                "assigned",
                event=event,
                at=hours(1),
                facts={"subject": event},
                held_until=until,
            )
    with transaction():
        assert telling.withdraw("undone", at=hours(1.5))

    def written(at):
        with transaction():
            gathering.gather(at)
        query = select(Letter.facts["subject"].as_string()).where(Letter.kind == "assigned")
        return list(db.session.scalars(query.where(Letter.ticket_id.is_(None)).order_by(Letter.id)))

    assert written(hours(1.9)) == ["plain"]
    assert written(hours(2)) == ["plain", "held"]
