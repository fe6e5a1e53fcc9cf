"""/manage/system: parked tickets with their error, tried again by a person."""

from app.clocksource import set_test_clock
from app.database import transaction
from app.escalation import parking
from tests.cast import sign_in
from tests.escalation.conftest import fire, hours


def test_a_parked_ticket_stands_there_with_its_error_until_it_is_tried_again(client, fate, cast):
    with transaction():
        set_test_clock(hours(4))
        for _ in range(parking.MOST_TRIES):
            parking.set_back(fate.ticket.id, ValueError("no such team"), at=hours(3.5))
    sign_in(client, cast.jens)
    ref = fate.ticket.id

    page = client.get("/manage/system").text
    assert "ValueError: no such team" in page
    assert f"Try #{ref} again" in page
    assert fire(hours(4)).rungs == 0

    assert client.post(f"/manage/system/tickets/{ref}/trying").status_code == 303
    assert "Nothing is stuck." in client.get("/manage/system").text
    assert fire(hours(4.1)).rungs == 3
