"""Martin contests what Halden measured; Jens and he decide; a correction is a new fact."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.agreements import history
from app.agreements.models import Agreement
from app.clocks import queries as clocks
from app.clocks import running
from app.clocks.models import Clock
from app.clocks.state import Kind
from app.database import db, transaction
from app.disputes import deciding, queries, raising
from app.disputes.models import Dispute, Outcome, Subject
from app.errors import Forbidden, NotFound, Refusal
from app.notices.models import Notice
from app.people import grants
from app.people.models import GrantKind, Organisation, Person
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from tests import factories
from tests.cast import Cast, sign_in
from tests.disputes.conftest import LATE


def _contest(agreement: Agreement, clock: Clock, ticket: Ticket, by: Person) -> Dispute:
    with transaction():
        return raising.contest(
            agreement,
            clock,
            ticket,
            subject=Subject.BREACH,
            claim="Our own line was down.",
            by=by,
            at=LATE,
        )


def _decide(dispute: Dispute, agreement: Agreement, outcome: Outcome, by: Person) -> bool:
    with transaction():
        return deciding.decide(
            queries.for_change(dispute.id), agreement, outcome, reason="So it was.", by=by, at=LATE
        )


def test_what_both_correct_counts_in_no_figure_and_stays_as_it_was(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    due_at, breached_at = clock.due_at, clock.breached_at
    dispute = _contest(agreement, clock, ticket, cast.jens)
    assert not _decide(dispute, agreement, Outcome.CORRECTED, cast.jens)
    assert not _decide(dispute, agreement, Outcome.STANDS, cast.martin)
    assert _decide(dispute, agreement, Outcome.CORRECTED, cast.martin)
    excluded = db.session.get_one(Clock, clock.id)
    assert excluded.excluded_because == f"dispute {dispute.id}"
    assert (excluded.due_at, excluded.breached_at) == (due_at, breached_at)
    figures = db.session.get_one(Dispute, dispute.id).figures
    before, after = figures["before"], figures["after"]
    assert (before["missed"] - after["missed"], after["excluded"] - before["excluded"]) == (1, 1)
    with pytest.raises(Refusal, match="is decided"):
        _decide(dispute, agreement, Outcome.STANDS, cast.martin)


def test_what_stands_changes_no_figure(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    _decide(dispute, agreement, Outcome.STANDS, cast.martin)
    assert _decide(dispute, agreement, Outcome.STANDS, cast.jens)
    assert db.session.get_one(Clock, clock.id).excluded_because is None
    figures = db.session.get_one(Dispute, dispute.id).figures
    assert figures["before"] == figures["after"]


def test_an_exclusion_outlives_an_answer_that_came_back(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    for person in (cast.martin, cast.jens):
        _decide(dispute, agreement, Outcome.CORRECTED, person)
    with transaction():
        answered = next(event for event in clocks.events_of(clock) if event.kind is Kind.MET)
        running.taken_back(
            ticket.id,
            terms=tickets.terms_of(tickets.for_change(ticket.id)),
            undoes=answered.cause,
            at=LATE + timedelta(minutes=1),
            actor_id=None,
            cause="letter:1",
            bounced=True,
        )
    again = db.session.get_one(Clock, clock.id)
    assert again.met_at is None
    assert again.excluded_because == f"dispute {dispute.id}"
    folded = clocks.events_of(again)
    assert [event.kind.value for event in folded][-2:] == ["excluded", "taken_back"]


def test_a_breach_that_nobody_has_recorded_yet_can_be_contested(cast: Cast, agreement: Agreement):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=LATE)
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    a_week_later = LATE + timedelta(days=7)
    assert clock.breached_at is None
    found, _key = queries.broken(agreement, since=LATE, at=a_week_later)
    assert clock.id in [one.clock.id for one in found]
    with transaction():
        raising.contest(
            agreement,
            clock,
            ticket,
            subject=Subject.BREACH,
            claim="Nobody was there.",
            by=cast.martin,
            at=a_week_later,
        )
    assert db.session.get_one(Clock, clock.id).breached_at == clock.due_at


def test_only_signatories_contest_and_only_the_named_decide(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    with pytest.raises(Forbidden, match="Signatories"):
        _contest(agreement, clock, ticket, cast.nora)
    with pytest.raises(Forbidden):
        _contest(agreement, clock, ticket, cast.elke)
    dispute = _contest(agreement, clock, ticket, cast.martin)
    with pytest.raises(Forbidden, match="named"):
        _decide(dispute, agreement, Outcome.STANDS, cast.nora)
    with pytest.raises(NotFound):
        queries.dispute(dispute.id, seen_by=cast.sigrid)
    with pytest.raises(Refusal, match="open dispute about this promise"):
        _contest(agreement, clock, ticket, cast.jens)


def test_who_decides_may_be_named_anew_and_their_decision_falls(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    _decide(dispute, agreement, Outcome.CORRECTED, cast.martin)
    with transaction():
        brenner = db.session.get_one(Organisation, cast.brenner.id)
        grants.give(cast.elke, brenner, GrantKind.SIGNATORY, by=cast.nora, at=LATE)
        deciding.name_decider(
            queries.for_change(dispute.id), agreement, cast.elke, by=cast.martin, at=LATE
        )
    assert not _decide(dispute, agreement, Outcome.CORRECTED, cast.jens)
    assert _decide(dispute, agreement, Outcome.CORRECTED, cast.elke)


def test_both_are_told_and_the_agreement_remembers(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    with transaction():
        deciding.say(
            queries.for_change(dispute.id),
            agreement,
            "Look at the line’s own log.",
            with_evidence=True,
            by=cast.jens,
            at=LATE,
        )
    _decide(dispute, agreement, Outcome.CORRECTED, cast.martin)
    _decide(dispute, agreement, Outcome.CORRECTED, cast.jens)
    told = [
        (notice.person_id, notice.facts["what"])
        for notice in db.session.query(Notice).filter_by(kind="dispute").order_by(Notice.id)
    ]
    assert told == [
        (cast.jens.id, "raised"),
        (cast.martin.id, "said"),
        (cast.jens.id, "voted"),
        (cast.martin.id, "decided"),
    ]
    verbs = [entry.event.verb for entry in history.page(agreement)]
    assert verbs[:3] == ["dispute-corrected", "dispute-voted", "dispute-raised"]
    statement, _name = queries.statements_of(dispute)[0]
    assert statement.evidence["clock"] == clock.id


def test_evidence_says_nothing_that_only_staff_may_read(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.jens)
    assert "Mara" not in str(dispute.evidence)


def test_a_dispute_is_given_up_by_the_side_that_raised_it(
    cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    with pytest.raises(Forbidden):
        deciding.withdraw(dispute, agreement, reason="No.", by=cast.jens, at=LATE)
    with transaction():
        deciding.withdraw(
            queries.for_change(dispute.id), agreement, reason="We agree.", by=cast.martin, at=LATE
        )
    assert queries.open_about(clock.id) is None


def test_a_promise_that_holds_has_no_breach_to_contest_but_a_start(
    cast: Cast, agreement: Agreement
):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=LATE)
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    with pytest.raises(Refusal, match="was not broken"):
        _contest(agreement, clock, ticket, cast.martin)
    with transaction():
        made = raising.contest(
            agreement,
            clock,
            ticket,
            subject=Subject.START,
            claim="I called an hour before.",
            by=cast.martin,
            at=LATE,
        )
    assert made.details["started_at"] == LATE.isoformat()


def test_it_goes_its_way_through_the_pages(
    client: FlaskClient, cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    sign_in(client, cast.martin)
    page = client.get(f"/agreements/{agreement.key}/disputes").text
    assert f"/disputes/new?promise={clock.id}" in page
    again = client.post(
        f"/agreements/{agreement.key}/disputes/new",
        data={"promise": clock.id, "subject": "breach", "claim": ""},
    ).text
    assert "Say why." in again
    client.post(
        f"/agreements/{agreement.key}/disputes/new",
        data={"promise": clock.id, "subject": "breach", "claim": "Our own line was down."},
    )
    dispute_id = db.session.query(Dispute.id).scalar()
    url = f"/disputes/{dispute_id}"
    client.post(f"{url}/decision", data={"outcome": "corrected", "reason": "It was us."})
    sign_in(client, cast.jens)
    shown = client.get(url).text
    assert "Our own line was down." in shown
    assert url in client.get(f"/agreements/{agreement.key}").text, "beside the document"
    assert "The explanation as it stood" in shown
    client.post(f"{url}/statements", data={"body": "We saw it, too.", "with_evidence": "y"})
    done = client.post(
        f"{url}/decision",
        data={"outcome": "corrected", "reason": "Agreed."},
        follow_redirects=True,
    ).text
    assert "Both sides decided alike: the dispute is over." in done
    assert "Before the decision" in done
    assert "Managed workplace" in client.get("/disputes").text
    why = client.get(f"/desk/tickets/{ticket.id}/why/{clock.id}").text
    assert f"both parties decided so in dispute {dispute_id}" in why


def test_a_stranger_finds_no_dispute(
    client: FlaskClient, cast: Cast, agreement: Agreement, clock: Clock, ticket: Ticket
):
    dispute = _contest(agreement, clock, ticket, cast.martin)
    for stranger in (cast.sigrid, cast.elke, cast.mara):
        sign_in(client, stranger)
        assert client.get(f"/disputes/{dispute.id}").status_code == 404
        assert client.get(f"/agreements/{agreement.key}/disputes").status_code == 404
