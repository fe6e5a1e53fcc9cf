"""An agent opens a ticket for somebody: contact up to a day back, and who spoke first."""

from datetime import UTC, datetime, timedelta

import pytest

from app.catalogue.words import Kind, Priority
from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.tickets import opening
from app.tickets.models import Message, Ticket
from app.tickets.opening import How
from app.tickets.words import Channel, Side, Status
from tests.cast import NOW, Cast

MINUTE = timedelta(minutes=1)


def opened(cast: Cast, *, at: datetime = NOW, **more) -> Ticket:
    with transaction():
        return opening.open_ticket(
            requester=more.pop("requester", cast.elke),
            subject="VPN down",
            body="Nobody in finance can connect.",
            priority=Priority.HIGH,
            kind=Kind.INCIDENT,
            by=cast.mara,
            channel=Channel.PHONE,
            at=at,
            request_type=cast.vpn_problem,
            **more,
        )


def clock(ticket: Ticket, measure: str) -> Clock:
    return [c for c in clocks.clocks_of([ticket.id])[ticket.id] if c.measure == measure][-1]


def test_the_clocks_start_at_contact_and_the_reason_is_kept(cast):
    contact_at = NOW - 20 * MINUTE
    ticket = opened(cast, contact_at=contact_at, late_because="The form was down")

    first = clock(ticket, "first_response")
    assert (first.started_at, first.due_at) == (contact_at, contact_at + 30 * MINUTE)
    (started, *_) = clocks.events_of(first)
    assert (started.known_at, started.reason) == (NOW, "The form was down")
    assert (ticket.contact_at, ticket.opened_at) == (contact_at, NOW)


def test_a_call_that_reached_them_met_the_first_response_at_contact(cast):
    contact_at = NOW - 20 * MINUTE
    ticket = opened(cast, contact_at=contact_at, late_because="On the road", how=How.REACHED)

    first = clock(ticket, "first_response")
    assert (first.state, first.met_at) == ("met", contact_at)
    assert (ticket.status, clock(ticket, "resolution").state) == (Status.OPEN, "running")


def test_what_an_agent_writes_first_is_the_answer_and_the_letter(cast):
    ticket = opened(cast, how=How.OURS)

    message = db.session.query(Message).one()
    assert (message.side, message.author_id, message.is_response) == (
        Side.DESK,
        cast.mara.id,
        True,
    )
    assert clock(ticket, "first_response").met_at == NOW
    assert [notice.kind for notice in db.session.query(Notice)] == ["ticket-replied"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"contact_at": NOW - 25 * 60 * MINUTE, "late_because": "x"}, "24 hours, not more"),
        ({"contact_at": NOW + MINUTE}, "lies ahead"),
        ({"contact_at": NOW - MINUTE}, "Say why"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(cast, more, sentence):
    with pytest.raises(Refusal, match=sentence):
        opened(cast, **more)


def test_nobody_answers_their_own_request_by_opening_it(cast):
    with pytest.raises(Refusal, match="your own request"):
        opened(cast, requester=cast.mara, how=How.REACHED)


def test_the_version_in_force_at_contact_is_pinned(cast):
    begins_at = datetime(2024, 12, 31, 23, tzinfo=UTC)  # 1 January in Berlin
    ticket = opened(
        cast,
        at=begins_at + 60 * MINUTE,
        contact_at=begins_at - MINUTE,
        late_because="New Year's Eve",
    )

    assert ticket.version_id != cast.workplace.version.id
