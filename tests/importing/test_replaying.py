import gzip
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clocks.models import Clock
from app.database import db
from app.errors import Refusal
from app.importing.models import ImportSource, StagedEvent
from app.importing.rows import Account
from app.mail.models import Letter
from app.notices.models import Notice
from app.tickets import conversation, queries
from app.tickets.models import HistoryEntry, Message, Ticket
from tests.cast import NOW, Cast, assemble
from tests.importing.logs import made_up, promised, replayed, written


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def reasons(account: Account) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in account.problems]


def test_shuffled_batches_give_the_same_promises_as_one_file(cast: Cast, tmp_path: Path) -> None:
    rows = made_up(80)
    replayed(written(tmp_path / "all.csv", rows))
    whole = promised()
    messages = db.session.scalar(select(func.count()).select_from(Message))
    history = db.session.scalar(select(func.count()).select_from(HistoryEntry))
    db.session.rollback()

    random.Random(3).shuffle(rows)
    for start in range(0, len(rows), 11):
        replayed(written(tmp_path / f"batch{start}.csv", rows[start : start + 11]))

    assert promised() == whole
    assert db.session.scalar(select(func.count()).select_from(Message)) == messages
    assert db.session.scalar(select(func.count()).select_from(HistoryEntry)) == history
    assert len({line[6] for line in whole}) == 3, "every measure of the product occurs"
    assert db.session.scalars(select(Letter)).all() == []
    assert db.session.scalars(select(Notice)).all() == []
    assert db.session.scalars(select(Clock.id).where(Clock.next_at.is_not(None))).all() == []


def test_the_same_file_twice_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "log.csv", made_up(10))
    first = replayed(path)
    before = promised(), db.session.scalars(select(Ticket.id)).all()

    second = replayed(path)

    assert second.known == second.read == first.read
    assert (second.used, second.reported, second.tickets) == (0, 0, 0)
    assert (promised(), db.session.scalars(select(Ticket.id)).all()) == before
    assert len(db.session.scalars(select(ImportSource)).all()) == 1


def test_a_later_row_refolds_the_ticket_and_keeps_its_id(cast: Cast, tmp_path: Path) -> None:
    opened = ("A", "2026-03-02T10:00:00+01:00", "opened", "organisation=Fjordbank", "")
    resolved = ("A", "2026-03-02T12:00:00+01:00", "resolved", "Done", "")
    waited = ("A", "2026-03-02T10:30:00+01:00", "status", "waiting_requester", "")
    replayed(written(tmp_path / "1.csv", [opened, resolved]))
    ticket_id = db.session.scalar(select(Ticket.id))
    used_s = db.session.scalar(select(Clock.used_s).where(Clock.measure == "resolution"))

    replayed(written(tmp_path / "2.csv", [waited]))

    assert db.session.scalar(select(Ticket.id)) == ticket_id
    assert used_s == 2 * 3600
    assert db.session.scalar(select(Clock.used_s).where(Clock.measure == "resolution")) == 1800


def test_bad_rows_are_reported_by_line_and_the_rest_goes_in(cast: Cast, tmp_path: Path) -> None:
    opened = "priority=high;kind=incident;organisation=Fjordbank;subject=Down"
    rows = [
        ("A", "2026-03-02T10:00:00+01:00", "opened", opened, ""),
        ("A", "2026-03-02T10:05:00+01:00", "exploded", "", ""),
        ("A", "soon", "note", "", ""),
        ("B", "2026-03-02T10:00:00+01:00", "opened", "organisation=Nobody", ""),
        ("A", "2026-03-02T09:00:00+01:00", "note", "too early", ""),
        ("A", "2026-03-02T10:10:00+01:00", "reopened", "", ""),
        ("C", "2026-03-02T10:10:00+01:00", "note", "of what?", ""),
        ("", "2026-03-02T10:10:00+01:00", "note", "", ""),
        ("A", "2099-03-02T10:10:00+01:00", "note", "", ""),
        ("A", "2026-03-02T10:20:00+01:00", "resolved", "silent", ""),
        ("A", "2026-03-02T10:30:00+01:00", "agent_reply", "Hello\nthere", ""),
        ("A", "2026-03-29 02:30", "note", "skipped in Berlin", ""),
        ("A", "2026-03-30 02:30", "priority", "vital", ""),
        ("A", "2026-03-02T11:00:00+01:00", "merged", "Z", ""),
    ]

    account = replayed(written(tmp_path / "log.csv", rows))

    assert reasons(account) == [
        (
            3,
            "'exploded' is no event; known are opened, requester_message, agent_reply, "
            "workaround, needs_no_answer, note, assigned, acknowledged, priority, corrected, "
            "version, status, resolved, reopened, closed, merged, spam, not_spam.",
        ),
        (4, "'soon' is no time in ISO 8601."),
        (5, "There is no organisation 'Nobody'."),
        (6, "It is dated before the ticket was opened."),
        (7, "A ticket that is new need not be reopened."),
        (8, "Ticket C has no opened yet; the row is kept until it comes."),
        (9, "The ticket is missing."),
        (10, "2099-03-02T09:10:00+00:00 lies in the future."),
        (11, "The requester has had no answer yet: resolve it with a text that reaches them."),
        (14, "2026-03-29 02:30 never was in Europe/Berlin: the clocks were put forward."),
        (15, "'vital' is no priority; known are high, low, normal, urgent."),
        (16, "There is no ticket 'Z' yet that it could go into."),
    ]
    assert (account.read, account.used, account.known) == (14, 2, 0)
    assert db.session.scalars(select(Message.body)).all() == ["Hello\nthere"]


def test_what_still_runs_is_judged_at_the_last_row_or_as_of(cast: Cast, tmp_path: Path) -> None:
    opened = "priority=urgent;kind=incident;organisation=Fjordbank"
    first = ("A", "2026-03-02T10:00:00+01:00", "opened", opened, "")
    later = ("B", "2026-03-20T10:00:00+01:00", "opened", opened, "")

    alone = replayed(written(tmp_path / "1.csv", [first]))
    assert (alone.promises, alone.breaches) == (2, 0)
    together = replayed(written(tmp_path / "2.csv", [later]))
    assert (together.tickets, together.promises, together.breaches) == (1, 2, 0)
    assert [line[15] for line in promised("A")] == ["yes", "yes"]

    db.session.rollback()
    judged = replayed(written(tmp_path / "1.csv", [first]), as_of=NOW)
    assert (judged.promises, judged.breaches) == (2, 2)
    with pytest.raises(Refusal):
        replayed(tmp_path / "1.csv", as_of=NOW + timedelta(days=1))


def test_local_times_are_of_the_zone_and_gzip_is_read(cast: Cast, tmp_path: Path) -> None:
    rows = [
        ("A", "2026-03-02 10:00", "opened", "organisation=Fjordbank", ""),
        ("A", "2026-10-25 02:30", "resolved", "the first of the two", ""),
    ]
    plain = written(tmp_path / "log.csv", rows)
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    replayed(packed, zone="Europe/Oslo")

    ticket = db.session.scalars(select(Ticket)).one()
    assert ticket.contact_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert ticket.resolved_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_damaged_file_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    packed = tmp_path / "log.csv.gz"
    plain = written(tmp_path / "log.csv", made_up(20)).read_bytes()
    packed.write_bytes(gzip.compress(plain)[:-400])

    with pytest.raises(Refusal, match="damaged"):
        replayed(packed)
    with pytest.raises(Refusal, match="no column 'event'"):
        replayed(written(tmp_path / "other.csv", [], header=("ticket", "at", "value", "actor")))


def test_a_ticket_that_was_worked_on_is_folded_no_more(cast: Cast, tmp_path: Path) -> None:
    opened = ("A", "2026-11-18T10:00:00+01:00", "opened", "organisation=Fjordbank", "")
    replayed(written(tmp_path / "1.csv", [opened]))
    ticket = db.session.scalars(select(Ticket)).one()
    conversation.reply(queries.for_change(ticket.id), by=cast.mara, body="On it.", at=NOW)
    db.session.flush()

    again = replayed(
        written(tmp_path / "2.csv", [("A", "2026-11-18T11:00:00+01:00", "note", "", "")])
    )

    assert reasons(again) == [(2, "Ticket A has been worked on here since its import.")]
    assert db.session.scalars(select(Message.body)).all() == ["On it."]
    assert db.session.scalar(select(func.count()).select_from(StagedEvent)) == 2
