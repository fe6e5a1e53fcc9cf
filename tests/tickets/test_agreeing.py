"""A date agreed with the requester: reminders of its own, and no promise moves."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clocks import queries as clocks
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.tickets import agreeing, assignment, lifecycle
from app.tickets.models import AgreedDate
from app.tickets.queries import for_change
from tests.cast import NOW, Cast
from tests.factories import open_request

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 10:00 in Berlin
FRIDAY_BEFORE = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket_id(cast: Cast) -> int:
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        assignment.assign(
            for_change(ticket_id),
            assignee=cast.mara,
            team=cast.service_desk,
            by=cast.jens,
            at=NOW,
        )
    return ticket_id


def agree(cast: Cast, ticket_id: int, due_at: datetime = MONDAY, **more: str) -> None:
    with transaction():
        agreeing.agree(
            for_change(ticket_id),
            due_at=due_at,
            reason=more.get("reason", "The part comes then"),
            accepted_by=more.get("accepted_by", "Elke Sommer"),
            by=cast.mara,
            at=NOW,
        )


def remind(ticket_id: int, at: datetime) -> bool:
    with transaction():
        return agreeing.remind(ticket_id, lambda: at)


def reminders() -> list[tuple[int, str]]:
    db.session.expire_all()
    found = db.session.query(Notice).filter_by(kind="agreed-date").order_by(Notice.id)
    return [(notice.person_id, notice.facts["when"]) for notice in found]


def test_no_promise_moves_and_none_is_hidden(cast, ticket_id):
    before = [(c.measure, c.state, c.due_at) for c in clocks.clocks_of([ticket_id])[ticket_id]]

    agree(cast, ticket_id)

    after = [(c.measure, c.state, c.due_at) for c in clocks.clocks_of([ticket_id])[ticket_id]]
    assert after == before


def test_assignee_and_lead_are_reminded_a_working_day_before_and_when_it_comes(cast, ticket_id):
    agree(cast, ticket_id)
    assert agreeing.to_remind(FRIDAY_BEFORE) == []
    assert agreeing.to_remind(FRIDAY_BEFORE + SECOND) == [ticket_id]

    remind(ticket_id, FRIDAY_BEFORE + SECOND)
    assert not remind(ticket_id, FRIDAY_BEFORE + 2 * SECOND)
    remind(ticket_id, MONDAY + SECOND)

    both = [cast.mara.id, cast.petra.id]
    assert reminders() == [(id_, when) for when in ("before", "at") for id_ in both]
    assert agreeing.to_remind(MONDAY + timedelta(days=9)) == []


def test_late_only_the_newest_reminder_is_told(cast, ticket_id):
    agree(cast, ticket_id)

    remind(ticket_id, MONDAY + timedelta(hours=3))

    assert {when for _, when in reminders()} == {"at"}


def test_a_ticket_that_is_solved_reminds_nobody_until_it_is_reopened(cast, ticket_id):
    agree(cast, ticket_id)
    with transaction():
        lifecycle.resolve(for_change(ticket_id), by=cast.mara, solution="Done", at=NOW)

    assert agreeing.to_remind(MONDAY + SECOND) == []
    assert not remind(ticket_id, MONDAY + SECOND)


def test_it_is_changed_and_removed_with_a_reason(cast, ticket_id):
    agree(cast, ticket_id)
    agree(cast, ticket_id, MONDAY + timedelta(days=2), reason="The part is late")
    assert db.session.query(AgreedDate).one().due_at == MONDAY + timedelta(days=2)

    with pytest.raises(Refusal, match="Say why"), transaction():
        agreeing.remove(for_change(ticket_id), reason="", by=cast.mara, at=NOW)
    with transaction():
        agreeing.remove(for_change(ticket_id), reason="Not needed", by=cast.mara, at=NOW)
    assert db.session.query(AgreedDate).count() == 0


@pytest.mark.parametrize(
    ("due_at", "more", "sentence"),
    [
        (NOW, {}, "lies ahead"),
        (NOW + timedelta(days=900), {}, "two years"),
        (MONDAY, {"accepted_by": " "}, "who accepted"),
        (MONDAY, {"reason": " "}, "Say why"),
    ],
)
def test_what_is_no_agreement_is_refused(cast, ticket_id, due_at, more, sentence):
    with pytest.raises(Refusal, match=sentence):
        agree(cast, ticket_id, due_at, **more)
