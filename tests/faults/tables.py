"""What the tables say, read by plain SQL over a connection of the checker's own.

Instants come as whole seconds since 1970 on both databases, JSON as Python values.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

Record = Mapping[str, Any]

OPS = """
SELECT 'ticket' AS kind, once AS op, id AS ticket_id FROM ticket WHERE once IS NOT NULL
UNION ALL SELECT 'message', once, ticket_id FROM message WHERE once IS NOT NULL
"""
REASONS = "SELECT ticket_id, verb, facts FROM history_entry WHERE verb IN ('priority', 'reopened')"
RUNGS = """
SELECT e.id, e.clock_id, e.generation, e.nth, e.state, e.instant_at, e.fired_at, e.late_by_s,
       r.position, r.id AS rung_id, c.measure, c.sequence, c.ticket_id
FROM escalation e JOIN rung r ON r.id = e.rung_id JOIN clock c ON c.id = e.clock_id
ORDER BY e.id
"""
NOTICES = """
SELECT n.id, n.event, n.kind, n.at, n.gathered_at, n.letter_id, n.ticket_id, n.facts,
       n.person_id, p.address
FROM notice n JOIN person p ON p.id = n.person_id ORDER BY n.id
"""
LETTERS = """
SELECT id, kind, to_address, state, message_id, reason, ticket_id, tries, created_at, facts
FROM letter ORDER BY id
"""
TROUBLE = "SELECT ticket_id, tries, error, parked_at FROM escalation_trouble"
CLOCKS = "SELECT id, ticket_id, measure, state, next_at FROM clock"


@dataclass(frozen=True)
class Tables:
    """Everything the checker looks at, as it stood in one transaction."""

    ops: list[Record]
    reasons: list[Record]
    rungs: list[Record]
    notices: list[Record]
    letters: list[Record]
    trouble: list[Record]
    clocks: list[Record]


def read(url: str) -> Tables:
    """Read all of them from the database at ``url``."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            return _all(lambda query: connection.execute(query).fetchall())
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _all(lambda query: connection.execute(query).fetchall())


def now(url: str) -> int:
    """The installation's clock: the test clock where it is set, else the database's own."""
    test = "SELECT at FROM test_clock WHERE id = 1"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            row = connection.execute(test).fetchone()
            found = row or connection.execute("SELECT unixepoch()").fetchone()
            return int(found[0])
    with psycopg.connect(url) as postgres:
        found = postgres.execute(test).fetchone()
        found = found or postgres.execute("SELECT clock_timestamp()").fetchone()
        assert found is not None
        return int(found[0].timestamp())


def _all(ask: Any) -> Tables:
    queries = (OPS, REASONS, RUNGS, NOTICES, LETTERS, TROUBLE, CLOCKS)
    return Tables(*([_plain(row) for row in ask(query)] for query in queries))


def _plain(row: Any) -> Record:
    return {key: _value(key, value) for key, value in dict(row).items()}


def _value(key: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if key in {"facts", "told"} and isinstance(value, str):
        return json.loads(value)
    return value


LEFT = {
    "clocks": "SELECT count(*) FROM clock WHERE next_at IS NOT NULL AND ticket_id NOT IN"
    " (SELECT ticket_id FROM escalation_trouble WHERE parked_at IS NOT NULL)",
    "notices": "SELECT count(*) FROM notice WHERE gathered_at IS NULL",
    "letters": "SELECT count(*) FROM letter WHERE state IN ('queued', 'sending')",
}


def overdue(url: str, *, by_s: int) -> int:
    """How many clocks have something that should have been looked at ``by_s`` seconds ago."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            query = "SELECT count(*) FROM clock WHERE next_at < unixepoch() - ?"
            return int(connection.execute(query, [by_s]).fetchone()[0])
    with psycopg.connect(url) as postgres:
        query = "SELECT count(*) FROM clock WHERE next_at < now() - make_interval(secs => %s)"
        found = postgres.execute(query, [by_s]).fetchone()
        return int(found[0]) if found else 0


def unfinished(url: str) -> dict[str, int]:
    """How much is left to fire, to gather and to send; empty when all is quiet."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            found = {key: connection.execute(query).fetchone() for key, query in LEFT.items()}
    else:
        with psycopg.connect(url) as postgres:
            found = {key: postgres.execute(query).fetchone() for key, query in LEFT.items()}
    return {key: int(row[0]) for key, row in found.items() if row and row[0]}
