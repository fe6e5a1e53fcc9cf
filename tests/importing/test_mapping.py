from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.clocks.models import Clock
from app.database import db
from app.errors import Refusal
from app.importing import mapping
from app.tickets.models import HistoryEntry, Ticket
from tests.cast import Cast, assemble
from tests.importing.logs import promised, replayed, written

LOG = """
ticket = "number"
unknown = "?"
measures = ["resolution"]
[time]
column = "updated"
format = "%d/%m/%Y %H:%M"
order = "count"
[opened]
at = "opened"
organisation = "Fjordbank"
subject = { column = "category", default = "nothing" }
priority = { column = "priority", values = { "1" = "urgent", "3" = "normal" } }
[[change]]
column = "state"
reopened = "reopened requester"
[change.values]
New = "nothing"
Active = "status open"
"Awaiting User Info" = "status waiting_requester"
Resolved = "resolved"
Closed = "closed"
[last]
resolved = "resolved"
"""
HEADER = ("number", "updated", "count", "state", "opened", "category", "priority", "resolved")


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def row(updated: str, count: int, state: str, *, priority: str = "3", resolved: str = "?"):
    return ("I1", updated, str(count), state, "2/3/2016 08:00", "?", priority, resolved)


def history() -> list[tuple[str, str]]:
    query = select(HistoryEntry.verb, HistoryEntry.at).order_by(HistoryEntry.id)
    return [(verb, f"{at:%d %H:%M}") for verb, at in db.session.execute(query)]


def test_changes_of_a_column_become_events(cast: Cast, tmp_path: Path) -> None:
    rows = [
        row("2/3/2016 08:10", 0, "New"),
        row("2/3/2016 09:00", 1, "Active"),
        row("2/3/2016 09:00", 2, "Awaiting User Info"),
        row("2/3/2016 11:00", 3, "Active", priority="1"),
        row("2/3/2016 11:30", 4, "?", priority="1"),
        row("2/3/2016 11:40", 5, "Resolved", priority="1"),
        row("2/3/2016 12:00", 6, "Awaiting User Info", priority="1"),
        row("2/3/2016 13:00", 7, "Resolved", priority="1"),
        row("2/3/2016 13:30", 8, "Resolved", resolved="2/3/2016 13:20", priority="1"),
        row("2/3/2016 15:00", 9, "Closed", priority="1"),
        row("2/3/2016 07:00", 10, "Active"),
        row("2/3/2016 15:10", 11, "-100"),
        row("2/3/2016 15:20", 12, "Closed", priority="9"),
    ]
    log = mapping.load(LOG)

    account = replayed(written(tmp_path / "log.csv", rows, HEADER), zone="UTC", log=log)

    assert [(problem.line, problem.reason) for problem in account.problems] == [
        (12, "It is dated before the ticket was opened (2016-03-02 08:00 UTC)."),
        (13, "state '-100' is no event in the mapping."),
        (14, "priority '9' has no value in the mapping."),
    ]
    assert account.used == 10
    assert history() == [
        ("opened", "02 08:00"),
        ("status", "02 09:00"),
        ("status", "02 09:00"),
        ("priority", "02 11:00"),
        ("status", "02 11:00"),
        ("resolved", "02 11:40"),
        ("reopened", "02 12:00"),
        ("status", "02 12:00"),
        ("resolved", "02 13:20"),
        ("closed", "02 15:00"),
    ]
    ticket = db.session.scalars(select(Ticket)).one()
    assert (ticket.subject, str(ticket.priority), str(ticket.status)) == (
        "nothing",
        "urgent",
        "closed",
    )
    assert db.session.scalars(select(Clock.measure)).all() == ["resolution"]


def test_rows_of_a_mapped_log_may_come_in_any_order(cast: Cast, tmp_path: Path) -> None:
    rows = [
        row("2/3/2016 08:10", 0, "New"),
        row("2/3/2016 09:00", 1, "Awaiting User Info"),
        row("2/3/2016 11:00", 2, "Active"),
        row("2/3/2016 12:00", 3, "Resolved", resolved="2/3/2016 12:30"),
    ]
    log = mapping.load(LOG)
    replayed(written(tmp_path / "all.csv", rows, HEADER), log=log)
    whole = promised()
    db.session.rollback()

    for place in (2, 0, 3, 1):
        replayed(written(tmp_path / f"{place}.csv", [rows[place]], HEADER), log=log)

    assert promised() == whole
    assert len(whole) == 1


def test_a_corrected_mapping_reads_known_rows_anew(cast: Cast, tmp_path: Path) -> None:
    rows = [row("2/3/2016 08:10", 0, "New"), row("2/3/2016 12:00", 3, "Resolved")]
    path = written(tmp_path / "log.csv", rows, HEADER)
    replayed(path, log=mapping.load(LOG.replace('Resolved = "resolved"', 'Resolved = "nothing"')))
    before = db.session.scalar(select(Ticket.resolved_at))

    account = replayed(path, zone="UTC", log=mapping.load(LOG))

    assert before is None
    assert (account.used, account.known) == (2, 0)
    assert db.session.scalar(select(Ticket.resolved_at)) == datetime(2016, 3, 2, 12, tzinfo=UTC)


def test_an_organisation_that_a_mapping_names_must_exist(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "log.csv", [row("2/3/2016 08:10", 0, "New")], HEADER)

    with pytest.raises(Refusal, match=r"opened\.organisation: There is no organisation 'Nobody'"):
        replayed(path, log=mapping.load(LOG.replace("Fjordbank", "Nobody")))


def test_every_mistake_of_a_mapping_is_named_with_its_key() -> None:
    with pytest.raises(mapping.BadMapping) as caught:
        mapping.load(
            LOG.replace('ticket = "number"', 'tickets = "number"')
            .replace('"status open"', '"status asleep"')
            .replace('"resolution"', '"happiness"')
            .replace('order = "count"', 'zone = "Mars/Base"')
        )

    assert sorted(mistake.split(":")[0] for mistake in caught.value.mistakes) == [
        "change[0].values.Active",
        "measures",
        "ticket",
        "tickets",
        "time.zone",
    ]
