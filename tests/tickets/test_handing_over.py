"""Promises that are a team's: chosen at contact, chosen anew when the ticket goes to another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import wallclock
from app.agreements import loading
from app.clocks import checking
from app.database import db, transaction
from app.errors import Refusal
from app.importing import writing
from app.people import access
from app.people.models import Team
from app.tickets import assignment, bulk, bulk_undoing, handing_over, refolding
from app.tickets.bulk import Deed
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from tests.cast import NOW, Cast, sign_in
from tests.factories import open_request
from tests.tickets.promises import clock
from tests.unit.agreements import papers

MINUTE = timedelta(minutes=1)
WEEK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SAME_DAY = NOW + timedelta(hours=2)
NEXT_DAY_AT_FOUR = datetime(2026, 11, 19, 15, tzinfo=UTC)


def agreement(**tier: Any) -> dict[str, Any]:
    """Network solves within two hours, the Service desk by four on the next working day."""
    values = papers.client()
    values["calendars"]["office"]["week"] = WEEK
    values["tiers"][0] |= tier | {
        "targets": papers.targets(
            'measure = "resolution"; team = "Network"; within = "2 h"',
            'measure = "resolution"; team = "Service desk"; within = "1 business day"; '
            'by = "16:00"',
            'measure = "resolution"; within = "3 h"',
            'measure = "first_response"; within = "1 h"',
        )
    }
    return values


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A request of Sigrid's for the VPN, which goes to Network."""
    with transaction():
        loading.load(agreement(), at=NOW - timedelta(days=10))
    return open_request(cast.sigrid, cast.vpn_problem, at=NOW)


def give(cast: Cast, ticket: Ticket, team: Team, minute: int, *, reason: str = "") -> None:
    with transaction():
        assignment.assign(
            for_change(ticket.id),
            assignee=None,
            team=team,
            by=cast.mara,
            at=NOW + minute * MINUTE,
            reason=reason,
        )


def due(ticket: Ticket) -> datetime | None:
    return clock(ticket.id, "resolution").due_at


def test_a_request_has_the_promise_of_the_team_it_goes_to(cast: Cast, ticket: Ticket):
    resolution = clock(ticket.id, "resolution")

    assert resolution.due_at == SAME_DAY
    assert resolution.chosen_because == "rule 1 of Standard: team Network; § 1.1"
    give(cast, ticket, cast.service_desk, 5, reason="The desk does this")
    resolution = clock(ticket.id, "resolution")
    assert resolution.due_at == NEXT_DAY_AT_FOUR
    assert resolution.chosen_because == "rule 2 of Standard: team Service desk; § 1.1"


def test_a_team_with_more_time_needs_a_reason_and_one_with_less_does_not(
    cast: Cast, ticket: Ticket
):
    with pytest.raises(Refusal) as refused:
        give(cast, ticket, cast.service_desk, 5)
    assert refused.value.field == "reason"
    assert due(ticket) == SAME_DAY

    give(cast, ticket, cast.service_desk, 6, reason="The desk does this")
    give(cast, ticket, cast.network, 7)
    assert due(ticket) == SAME_DAY


def test_handing_over_and_back_ten_times_gains_nothing(cast: Cast, ticket: Ticket):
    for minute in range(5, 105, 10):
        give(cast, ticket, cast.service_desk, minute, reason="It is the desk's")
        assert due(ticket) == NEXT_DAY_AT_FOUR
        give(cast, ticket, cast.network, minute + 5)
        assert due(ticket) == SAME_DAY

    drifts = checking.check([ticket.id], refolding.terms_of_all).drifts
    assert drifts == ()
    log = list(writing.lines())
    assert [line for line in log if isinstance(line, writing.Refused)] == []
    assert [line[3] for line in log if line[2] == "corrected"][:2] == [
        "team=Service desk",
        "team=Network",
    ]


def test_what_the_preview_says_is_what_happens(cast: Cast, ticket: Ticket):
    found = handing_over.foresee(ticket, cast.service_desk.id, at=NOW + 5 * MINUTE)
    foreseen = {one.measure: one.then.due_at for one in found if one.then}

    give(cast, ticket, cast.service_desk, 5, reason="It is the desk's")
    assert foreseen["resolution"] == due(ticket)
    assert handing_over.foresee(ticket, cast.service_desk.id, at=NOW + 6 * MINUTE) == []


def test_a_change_of_many_tickets_moves_their_promises_and_its_undo_moves_them_back(
    cast: Cast, ticket: Ticket
):
    sight, at = access.sight_of(cast.mara), NOW + 5 * MINUTE
    deed = Deed(team=str(cast.service_desk.id))
    with transaction():
        (line,) = bulk.preview(sight, [ticket.id], deed, by=cast.mara, now=lambda: at)
    assert line.error is not None

    with transaction():
        made = bulk.change(
            sight,
            [ticket.id],
            Deed(team=str(cast.service_desk.id), reason="It is the desk's"),
            by=cast.mara,
            now=lambda: at,
            once="one",
            undo_s=10,
        )
    assert due(ticket) == NEXT_DAY_AT_FOUR
    with transaction():
        assert bulk_undoing.undo(made, by=cast.mara, now=lambda: at + timedelta(seconds=5)) == []
    assert due(ticket) == SAME_DAY
    assert clock(ticket.id, "resolution").memory["budgets"] == {}
    assert db.session.get_one(Ticket, ticket.id).team_id == cast.network.id
    assert not any(isinstance(line, writing.Refused) for line in writing.lines())


def test_the_form_shows_what_another_team_does_and_asks_why(client, cast: Cast, ticket: Ticket):
    sign_in(client, cast.mara)
    url = f"/desk/tickets/{ticket.id}/assignment"
    with wallclock.frozen(NOW + 5 * MINUTE):
        page = client.get(url).text
        assert "Resolution due Thu 16:00 CET" in page and "now due 16:20 CET" in page
        asked = {"assignee": "", "team": str(cast.service_desk.id), "reason": ""}
        assert "say why it goes there" in client.post(url, data=asked).text
        assert due(ticket) == SAME_DAY

        told = client.post(url, data=asked | {"reason": "The desk does this"})
        assert told.status_code == 303
        assert due(ticket) == NEXT_DAY_AT_FOUR
        assert "The desk does this" in client.get(f"/desk/tickets/{ticket.id}").text


def test_a_form_without_targets_of_teams_asks_for_no_reason(client, cast: Cast):
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    sign_in(client, cast.mara)
    with wallclock.frozen(NOW + 5 * MINUTE):
        page = client.get(f"/desk/tickets/{ticket.id}/assignment").text
    assert 'name="reason"' not in page
