"""The ladder of a ticket, before and after it fires: as the worker does it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.agreements import amending
from app.agreements.amending import Amendment
from app.agreements.ladder_rows import RungRow
from app.clocks import queries as clocks
from app.clocks.models import Escalation
from app.database import db, transaction
from app.escalation import acknowledging, firing, preview
from app.escalation.preview import Standing
from app.people import absences
from app.tickets import assignment, conversation, watching
from app.tickets.queries import for_change
from tests import cast as stage
from tests import factories
from tests.cast import NOW, Cast, sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


@pytest.fixture
def ticket(cast):
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def ladder(ticket, name, *, at=NOW):
    return next(
        one for one in preview.of_ticket(ticket, zone="Europe/Berlin", at=at) if one.name == name
    )


def take(ticket, person):
    with transaction():
        assignment.take(for_change(ticket.id), by=person, at=NOW)


def test_before_anything_fires_every_rung_lies_ahead(ticket):
    shown = preview.of_ticket(ticket, zone="Europe/Berlin", at=NOW)

    assert {line.standing for one in shown for line in one.lines} == {Standing.AHEAD}
    assert all(one.next_line is one.lines[0] for one in shown)
    first = shown[0]
    assert [line.instant_at for line in first.lines] == sorted(
        line.instant_at for line in first.lines
    )
    assert first.lines[0].instant_at == clocks.clocks_of([ticket.id])[ticket.id][0].next_at


def test_what_was_shown_ahead_is_what_fires(ticket, cast):
    take(ticket, cast.mara)
    foretold = {
        (one.clock.id, line.place): (line.instant_at, line.told)
        for one in preview.of_ticket(ticket, zone="Europe/Berlin", at=NOW)
        for line in one.lines
    }

    firing.fire_due(lambda: NOW + 30 * DAY)

    for shown in preview.of_ticket(ticket, zone="Europe/Berlin", at=NOW + 30 * DAY):
        for line in shown.lines:
            instant_at, told = foretold[shown.clock.id, line.place]
            assert line.standing is Standing.FIRED
            assert line.instant_at == instant_at
            names = [one.split(" (")[0] for one in told]
            assert [one[: len(name)] for one, name in zip(line.told, names, strict=True)] == names
    assert db.session.query(Escalation).count() == len(foretold)


def test_whoever_is_away_when_a_rung_comes_is_stood_in_for(ticket, cast):
    take(ticket, cast.mara)
    with transaction():
        absences.note(
            cast.mara,
            starts_at=NOW + timedelta(minutes=1),
            ends_at=NOW + DAY,
            substitute=cast.tomas,
            reason="",
            by=cast.mara,
            at=NOW,
        )

    line = ladder(ticket, "First response").lines[0]

    assert line.told[0].startswith("Tomás Rivera")
    assert "for Mara Lindt, who is away until Thu 14:20 CET" in line.told[0]


def test_while_a_clock_is_paused_its_ladder_stands_still(ticket, cast):
    with transaction():
        conversation.reply(
            for_change(ticket.id),
            by=cast.mara,
            body="Which office?",
            at=NOW,
            then=conversation.Then.WAIT,
        )

    shown = ladder(ticket, "Resolution", at=NOW + HOUR)

    assert shown.state == "paused"
    assert shown.next_line is None
    assert {line.instant_at for line in shown.lines} == {None}
    assert ladder(ticket, "First response", at=NOW + HOUR).lines == ()


def test_the_page_tells_what_is_ahead_and_why_they(client: FlaskClient, ticket, cast):
    sign_in(client, cast.mara)

    page = client.get(f"/desk/tickets/{ticket.id}/ladder").text

    assert "Stopped by the first answer by a person." in page
    assert "Next: " in page
    assert "because there is no assignee" in page


NEXT_DAY = NOW + DAY


@pytest.fixture
def watched(cast):
    """A request under a ladder with a reminder and a wait, filed the day after it was signed."""
    row = RungRow(
        measures=("first_response",),
        amount="50",
        roles=("manager",),
        every="10 min",
        times=2,
        acknowledge="30 min",
    )
    with transaction():
        amending.amend(
            amending.house(),
            Amendment("standard", [row], None, NEXT_DAY.date()),
            based_on=1,
            by=cast.jens,
            at=NOW,
        )
    return factories.open_request(cast.sigrid, cast.vpn_problem, at=NEXT_DAY)


def shown(ticket, at):
    return ladder(ticket, "First response", at=at).lines


def test_a_rung_that_waits_says_until_when_and_its_reminders_lie_ahead(watched):
    firing.fire_due(lambda: NEXT_DAY + timedelta(minutes=61))

    first, *reminders = shown(watched, NEXT_DAY + timedelta(minutes=61))

    assert first.standing is Standing.FIRED
    assert first.wait_until == NEXT_DAY + timedelta(minutes=91)
    assert [line.standing for line in reminders] == [Standing.AHEAD, Standing.AHEAD]
    assert reminders[0].place == "50 %, reminder 1"


def test_once_somebody_is_on_it_no_reminder_is_sent(watched, cast):
    at = NEXT_DAY + timedelta(minutes=61)
    firing.fire_due(lambda: at)
    with transaction():
        acknowledging.acknowledge_all(for_change(watched.id), by=cast.mara, at=at)

    first, *reminders = shown(watched, at)

    assert first.notes == ("Mara Lindt is on it",)
    assert first.wait_until is None
    assert {line.standing for line in reminders} == {Standing.STILLED}
    assert ladder(watched, "First response", at=at).next_line is None


def test_a_rung_that_an_answer_came_before_says_so(watched, cast):
    with transaction():
        conversation.reply(
            for_change(watched.id), by=cast.mara, body="I look.", at=NEXT_DAY + 3 * HOUR
        )

    lines = shown(watched, NEXT_DAY + 3 * HOUR)

    assert lines[0].standing is Standing.NOT_TOLD
    assert "stopped or paused first" in lines[0].notes[0]


def test_watchers_are_told_too(watched, cast):
    with transaction():
        watching.watch(
            for_change(watched.id), who=cast.tomas, because="asked", by=cast.mara, at=NEXT_DAY
        )

    line = shown(watched, NEXT_DAY)[0]

    assert line.told == ("Jens Adler (service manager)", "Tomás Rivera (watcher)")
