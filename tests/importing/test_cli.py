"""The commands themselves: in, out, back in, and live."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.words import Priority
from app.clocks.models import Clock, Escalation, EscalationState
from app.database import db, transaction
from app.mail.models import Letter
from app.notices.models import Notice
from app.tickets import classification, conversation, lifecycle, queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.words import Channel
from tests import factories
from tests.cast import NOW, Cast, assemble
from tests.importing.logs import made_up, promised, replayed, written

AGREEMENT = Path(__file__).parents[2] / "docs/examples/servicenow-agreement.toml"


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def run(app: Flask, *args: str, **more: str):
    return app.test_cli_runner().invoke(args=list(args), **more)


def table(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as text:
        return list(csv.reader(text))


def test_what_is_exported_as_events_gives_the_same_promises(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with transaction():
        replayed(written(tmp_path / "log.csv", made_up(60)))
    before = promised()
    out = tmp_path / "out.csv"

    result = run(app, "export", "events", "-o", str(out))

    assert (result.exit_code, result.output) == (0, "")
    rows = [tuple(["again " + line[0], *line[1:]]) for line in table(out)[1:]]
    rows = [(*row[:3], "again " + row[3] if row[2] == "merged" else row[3], row[4]) for row in rows]
    account = replayed(written(tmp_path / "again.csv", rows))
    assert account.problems == []
    after = [(str(line[0]).removeprefix("again "), *line[1:]) for line in promised("again ")]
    assert after == before


def test_work_done_here_is_told_as_events(app: Flask, cast: Cast, tmp_path: Path) -> None:
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=_at(8))
    with transaction():
        ticket = queries.for_change(ticket.id)
        conversation.reply(ticket, by=cast.mara, body="=Which office?", then=Then.WAIT, at=_at(9))
        conversation.requester_message(
            ticket, by=cast.elke, body="Bern; = all", channel=Channel.PORTAL, at=_at(10)
        )
        lifecycle.wait_for_vendor(ticket, by=cast.mara, reason="Swisscom", at=_at(11))
        conversation.reply(ticket, by=cast.mara, body="They are on it.", at=_at(12))
        lifecycle.resolve(ticket, by=cast.mara, solution="silent", at=_at(13))
        conversation.requester_message(
            ticket, by=cast.elke, body="No.", channel=Channel.PORTAL, at=_at(14)
        )
    before = promised("#1")
    out = tmp_path / "out.csv"

    assert run(app, "export", "events", "-o", str(out)).exit_code == 0
    told = written(tmp_path / "in.csv", [tuple(row) for row in table(out)[1:]])
    account = replayed(told, as_of=NOW)

    assert account.problems == []
    assert len(before) == 4
    assert promised("#1") == sorted(before * 2, key=lambda line: (line[6], line[7]))


def test_a_history_that_events_cannot_tell_is_refused_by_name(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    told = factories.open_request(cast.elke, cast.vpn_problem, at=_at(8))
    untold = factories.open_request(cast.elke, cast.vpn_problem, at=_at(8))
    with transaction():
        conversation.reply(queries.for_change(untold.id), by=cast.mara, body="Hello", at=_at(9))
        entry = select(HistoryEntry).where(HistoryEntry.verb == "replied")
        db.session.delete(db.session.scalars(entry).one())

    result = run(app, "export", "events", "-o", str(tmp_path / "out.csv"))

    assert result.exit_code == 1
    assert f"{untold.ref} is not written. first_response 1 would have another state." in (
        result.output
    )
    assert {row[0] for row in table(tmp_path / "out.csv")[1:]} == {told.ref}


def test_promises_are_exported_by_due_time(app: Flask, cast: Cast, tmp_path: Path) -> None:
    rows = [
        ("A", "2026-03-02T10:00:00+01:00", "opened", "organisation=Fjordbank;subject==x", ""),
        ("A", "2026-03-02T10:30:00+01:00", "agent_reply", "Hello", ""),
        ("A", "2026-03-02T11:00:00+01:00", "status", "waiting_requester", ""),
    ]
    log = written(tmp_path / "log.csv", rows)

    result = run(app, "import", "events", str(log))
    assert "3 rows read: 3 used, 0 reported, 0 already known." in result.output
    assert "1 tickets, 2 promises, 0 breached" in result.output

    whole, part = tmp_path / "whole.csv", tmp_path / "part.csv"
    run(app, "export", "promises", "-o", str(whole))
    run(app, "export", "promises", "--from", "2026-03-02", "--to", "2026-03-02", "-o", str(part))

    header, first, resolution = table(whole)
    assert ",".join(header) == (
        "external_ref,ref,organisation,agreement,version,tier,priority,measure,sequence,"
        "started_at,due_at,stopped_at,state,budget_s,used_s,paused_s,breached,excluded"
    )
    assert first == [
        "A", "#1", "Fjordbank", "house", "1", "standard", "normal", "first_response", "1",
        "2026-03-02T09:00:00Z", "2026-03-02T13:00:00Z", "2026-03-02T09:30:00Z", "met",
        "14400", "1800", "0", "no", "",
    ]  # fmt: skip
    assert (resolution[10], resolution[12], resolution[14]) == ("", "paused", "3600")
    assert table(part) == [header, first]


def test_going_live_covers_what_has_passed_and_tells_nobody(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    opened = "priority=normal;kind=incident;organisation=Fjordbank"
    log = written(
        tmp_path / "log.csv",
        [
            ("A", "2026-03-02T10:00:00+01:00", "opened", opened, ""),
            ("B", "2026-03-02T10:00:00+01:00", "opened", opened, ""),
            ("B", "2026-03-02T10:05:00+01:00", "resolved", "Done", ""),
        ],
    )

    refused = run(app, "import", "events", str(log), "--live", input="n\n")
    assert "Going live: 1 open tickets with 2 running clocks." in refused.output
    assert db.session.scalars(select(Clock.id).where(Clock.next_at.is_not(None))).all() == []

    result = run(app, "import", "events", str(log), "--live", "--yes")

    assert "1 tickets are live." in result.output
    db.session.expire_all()
    live = db.session.scalars(select(Clock).where(Clock.next_at.is_not(None))).all()
    assert {clock.measure for clock in live} == {"first_response", "resolution"}
    states = set(db.session.scalars(select(Escalation.state)))
    assert states == {EscalationState.COVERED}
    assert db.session.scalars(select(Letter)).all() == []
    assert db.session.scalars(select(Notice)).all() == []
    ticket = db.session.scalars(select(Ticket).where(Ticket.external_ref == "A")).one()
    classification.prioritise(
        queries.for_change(ticket.id), priority=Priority.HIGH, reason="", by=None, at=NOW
    )


def test_an_agreement_comes_first_and_its_mistakes_stop_everything(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    rows = [("A", "2016-03-02T10:00:00Z", "opened", "priority=high;organisation=Company", "")]
    log = written(tmp_path / "log.csv", rows)
    broken = tmp_path / "broken.toml"
    broken.write_text(AGREEMENT.read_text("utf-8").replace('"weekdays"', '"weekends"'), "utf-8")

    stopped = run(app, "import", "events", str(log), "--agreement", str(broken))
    assert stopped.exit_code == 1
    assert "weekends" in stopped.output
    assert db.session.scalars(select(Ticket)).all() == []

    result = run(app, "import", "events", str(log), "--agreement", str(AGREEMENT))
    assert result.exit_code == 0, result.output
    assert [line[2] for line in promised("A")] == ["servicenow"]


def _at(hour: int) -> datetime:
    return datetime(2026, 11, 17, hour, tzinfo=UTC)
