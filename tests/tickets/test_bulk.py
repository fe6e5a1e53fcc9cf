"""One change of many tickets: shown first, made one by one, reported, and taken back in time."""

from datetime import timedelta

import pytest

from app.clocks import checking
from app.clocks import queries as clocks
from app.clocks.models import Deadline
from app.database import db, transaction
from app.errors import Refusal
from app.importing import writing
from app.notices.models import Notice
from app.people import access
from app.people.models import Assigning
from app.tickets import assignment, bulk, bulk_undoing, queries, refolding, tagging
from app.tickets.bulk import Deed
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.words import Status
from tests.cast import NOW
from tests.factories import open_request

SOON = NOW + timedelta(minutes=1)
SECONDS = timedelta(seconds=1)


@pytest.fixture
def tickets(cast) -> list[int]:
    return [
        open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"No. {n}").id for n in range(3)
    ]


class Desk:
    """Mara changes these tickets; each change is told apart by its number."""

    def __init__(self, cast, tickets: list[int]) -> None:
        self.cast, self.tickets, self.made = cast, tickets, 0

    def change(self, *, at=SOON, undo_s=10, once=None, **deed):
        self.made += 1
        sight = access.sight_of(self.cast.mara)
        with transaction():
            return bulk.change(
                sight,
                self.tickets,
                Deed(**deed),
                by=self.cast.mara,
                now=lambda: at,
                once=once or f"change {self.made}",
                undo_s=undo_s,
            )

    def preview(self, **deed):
        sight = access.sight_of(self.cast.mara)
        with transaction():
            return bulk.preview(
                sight, self.tickets, Deed(**deed), by=self.cast.mara, now=lambda: SOON
            )

    def undo(self, change, *, by=None, at=SOON + 5 * SECONDS):
        with transaction():
            return bulk_undoing.undo(change, by=by or self.cast.mara, now=lambda: at)

    def rows(self) -> list[Ticket]:
        db.session.expire_all()
        return [db.session.get_one(Ticket, id_) for id_ in self.tickets]

    def dues(self) -> list:
        db.session.expire_all()
        found = [clocks.clocks_of([id_])[id_] for id_ in self.tickets]
        return [[(clock.measure, clock.due_at, clock.budget_s) for clock in each] for each in found]


@pytest.fixture
def desk(cast, tickets):
    return Desk(cast, tickets)


def errors(change) -> list[str]:
    return [each["error"] for each in change.results if each["error"]]


def test_many_tickets_are_given_to_one_person_and_no_due_time_moves(desk, cast):
    before = desk.dues()
    change = desk.change(assignee=str(cast.tomas.id), team=str(cast.network.id), tag="wave")

    assert bulk.sentence(change) == "3 tickets changed."
    assert {row.assignee_id for row in desk.rows()} == {cast.tomas.id}
    assert {row.team_id for row in desk.rows()} == {cast.network.id}
    assert tagging.tags_of(desk.tickets) == {id_: ["wave"] for id_ in desk.tickets}
    assert desk.dues() == before


def test_what_cannot_be_done_to_one_is_reported_and_holds_up_no_other(desk, cast, tickets):
    with transaction():
        queries.for_change(tickets[1]).status = Status.SPAM

    change = desk.change(assignee=str(cast.mara.id))

    assert bulk.sentence(change) == "2 tickets changed; 1 could not be."
    assert errors(change) == [f"#{tickets[1]} is spam."]
    assert [row.assignee_id for row in desk.rows()] == [cast.mara.id, None, cast.mara.id]


def test_a_preview_says_what_the_change_then_does_and_writes_nothing(desk, cast):
    entries = db.session.query(HistoryEntry).count()
    lines = desk.preview(priority="urgent")
    assert db.session.query(HistoryEntry).count() == entries
    assert {row.priority.value for row in desk.rows()} == {"high"}

    desk.change(priority="urgent")
    foreseen = [line.due_after for line in lines]
    assert foreseen == [db.session.get_one(Deadline, id_).due_at for id_ in desk.tickets]
    assert all(line.moves for line in lines)


def test_a_preview_of_giving_says_that_due_times_stay(desk, cast):
    lines = desk.preview(assignee=str(cast.mara.id))

    assert [line.error for line in lines] == [None, None, None]
    assert not any(line.moves for line in lines)


def test_a_change_taken_back_in_time_leaves_tickets_and_promises_as_they_were(desk, cast):
    before = [(row.status, row.priority, row.assignee_id, row.why) for row in desk.rows()]
    dues = desk.dues()
    change = desk.change(
        assignee=str(cast.tomas.id),
        priority="low",
        status="waiting_vendor",
        reason="the spare part",
        tag="wave",
    )
    assert {row.status for row in desk.rows()} == {Status.WAITING_VENDOR}

    assert desk.undo(change) == []

    after = [(row.status, row.priority, row.assignee_id, row.why) for row in desk.rows()]
    assert after == before
    assert tagging.tags_of(desk.tickets) == {}
    assert [[(m, b) for m, _, b in each] for each in desk.dues()] == [
        [(m, b) for m, _, b in each] for each in dues
    ]
    assert checking.check(desk.tickets, refolding.terms_of_all).drifts == ()


def test_a_change_taken_back_in_time_is_told_in_no_log(desk, cast):
    desk.undo(desk.change(team=str(cast.service_desk.id), priority="low", reason="A slip"))

    log = list(writing.lines())
    assert not [line for line in log if isinstance(line, writing.Refused)]
    assert not {"priority", "corrected"} & {line[2] for line in log}


def test_who_was_given_tickets_and_lost_them_within_the_undo_is_never_told(desk, cast):
    change = desk.change(assignee=str(cast.tomas.id))
    held = [notice.held_until for notice in db.session.query(Notice).filter_by(kind="assigned")]
    assert held == [SOON + 10 * SECONDS] * 3

    desk.undo(change)

    told = db.session.query(Notice).filter_by(kind="assigned").all()
    assert all(notice.withdrawn_at for notice in told)


def test_a_ticket_that_somebody_changed_since_is_left_alone(desk, cast, tickets):
    change = desk.change(assignee=str(cast.tomas.id))
    with transaction():
        assignment.take(queries.for_change(tickets[0]), by=cast.petra, at=SOON + SECONDS)

    left = desk.undo(change)

    assert left == [(tickets[0], f"#{tickets[0]} was changed since.")]
    assert [row.assignee_id for row in desk.rows()] == [cast.petra.id, None, None]


@pytest.mark.parametrize(("seconds", "who"), [(11, "mara"), (5, "petra")])
def test_it_is_taken_back_in_time_and_by_who_made_it_or_not_at_all(desk, cast, seconds, who):
    change = desk.change(assignee=str(cast.tomas.id))

    with pytest.raises(Refusal):
        desk.undo(change, by=getattr(cast, who), at=SOON + seconds * SECONDS)
    assert {row.assignee_id for row in desk.rows()} == {cast.tomas.id}


def test_the_same_form_sent_twice_changes_once_and_undo_works_once(desk, cast):
    first = desk.change(assignee=str(cast.tomas.id), once="one")
    assert desk.change(assignee=str(cast.petra.id), once="one").id == first.id
    assert {row.assignee_id for row in desk.rows()} == {cast.tomas.id}

    desk.undo(first)
    with pytest.raises(Refusal, match="already"):
        desk.undo(first)


def test_a_form_that_somebody_else_has_sent_is_one_s_own_all_the_same(desk, cast, tickets):
    first = desk.change(assignee=str(cast.tomas.id), once="one")
    with transaction():
        second = bulk.change(
            access.sight_of(cast.petra),
            tickets[:1],
            Deed(tag="wave"),
            by=cast.petra,
            now=lambda: SOON,
            once="one",
            undo_s=10,
        )

    assert second.id != first.id
    assert second.person_id == cast.petra.id
    assert tagging.tags_of(tickets) == {tickets[0]: ["wave"]}


def test_what_goes_to_another_team_stays_with_a_member_of_it_alone(desk, cast, tickets):
    for ticket_id, person in zip(tickets, (cast.petra, cast.mara, cast.tomas), strict=True):
        with transaction():
            one = queries.for_change(ticket_id)
            assignment.assign(one, assignee=person, team=cast.service_desk, by=cast.jens, at=NOW)
    told = db.session.query(Notice).filter_by(kind="assigned").count()

    desk.change(team=str(cast.network.id))

    assert [row.assignee_id for row in desk.rows()] == [None, cast.mara.id, cast.tomas.id]
    assert db.session.query(Notice).filter_by(kind="assigned").count() == told
    desk.change(team=str(cast.service_desk.id), assignee=str(cast.tomas.id))
    assert {row.assignee_id for row in desk.rows()} == {cast.tomas.id}
    assert db.session.query(Notice).filter_by(kind="assigned").count() == told + 2


def test_whom_the_team_s_rule_chose_is_told_and_a_change_taken_back_tells_nobody(
    desk, cast, tickets
):
    with transaction():
        cast.network.assigning = Assigning.ROUND_ROBIN
        cast.network.last_assigned_id = cast.mara.id
        one = queries.for_change(tickets[0])
        assignment.assign(one, assignee=cast.petra, team=cast.service_desk, by=cast.jens, at=NOW)
    desk.tickets = tickets[:1]

    change = desk.change(team=str(cast.network.id))
    assert desk.rows()[0].assignee_id == cast.tomas.id
    held = db.session.query(Notice).filter_by(kind="assigned").order_by(Notice.id.desc()).first()
    assert held.held_until == SOON + 10 * SECONDS
    desk.undo(change)

    db.session.refresh(held)
    assert held.withdrawn_at is not None
    assert desk.rows()[0].assignee_id == cast.petra.id


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        ({"status": "waiting_vendor"}, "Say what you are waiting for"),
        ({"status": "on_hold", "reason": "a part"}, "Choose the day"),
        ({"priority": "low"}, "say why"),
        ({"priority": "high"}, "is so already"),
        ({"untag": "absent"}, "is so already"),
        ({"tag": "!!"}, "no tag"),
    ],
)
def test_a_verb_s_own_refusals_are_what_is_reported(desk, deed, sentence):
    change = desk.change(**deed)

    assert [sentence in error for error in errors(change)] == [True, True, True]
    assert change.undo_until is None


def test_a_change_of_nothing_or_of_nothing_selected_is_refused(desk):
    with pytest.raises(Refusal, match="Choose what to change"):
        desk.change()
    desk.tickets = []
    with pytest.raises(Refusal, match="Select a ticket"):
        desk.change(tag="wave")
    desk.tickets = list(range(1, 202))
    with pytest.raises(Refusal, match="200 tickets at once"):
        desk.change(tag="wave")


def test_tickets_out_of_sight_are_not_touched(desk, cast, tickets):
    with transaction():
        queries.for_change(tickets[0]).team_id = cast.network.id
        cast.petra.is_limited = True
    change = None
    with transaction():
        change = bulk.change(
            access.sight_of(cast.petra),
            tickets,
            Deed(tag="wave"),
            by=cast.petra,
            now=lambda: SOON,
            once="petra",
            undo_s=10,
        )

    assert change.results == []
    assert tagging.tags_of(tickets) == {}
