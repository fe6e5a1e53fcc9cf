"""Works on tickets through the real verbs and writes down durably what became of each.

A line before COMMIT says what was tried and at which instant, a line after it how it ended:
``committed``, ``refused`` or ``failed`` (rolled back), ``unknown`` (the answer to COMMIT never
came). No second line is unknown, too. A ticket is worked on by one thread at a time.
"""

import itertools
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from app import wallclock
from app.catalogue.models import RequestType
from app.catalogue.words import Priority
from app.database import begin_writing, db
from app.errors import Refusal
from app.people.models import Person
from app.tickets import classification, conversation, lifecycle, opening, queries
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.words import Channel

Change = Callable[[Ticket, Any, str], object]


class DriverLog:
    """JSON lines that survive the death of whoever writes them."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, **line: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True)
class Roles:
    """Who acts, by id: rows belong to a session, the driver has many."""

    requester: int
    agent: int
    kind: int


class Driver:
    """The verbs; each answers how it ended."""

    def __init__(self, app: Flask, roles: Roles, log: DriverLog) -> None:
        self._app, self._roles, self._log = app, roles, log
        self._numbers = itertools.count(1)

    def open(self, *, priority: str = "urgent", ago_s: int = 0) -> int | None:
        """A new request, made ``ago_s`` seconds ago; its ticket's id.

        None when it is not known to be there.
        """
        op = self._next()
        made: list[int] = []

        def file(_ticket: None, at: Any, op: str) -> None:
            ticket = opening.open_ticket(
                requester=self._person(self._roles.requester),
                subject=f"Request {op}",
                body="Nobody can connect.",
                priority=Priority(priority),
                kind=(kind := db.session.get_one(RequestType, self._roles.kind)).kind,
                by=self._person(self._roles.requester),
                channel=Channel.PORTAL,
                at=at,
                request_type=kind,
                once=op,
            )
            made.append(ticket.id)

        outcome = self._do(op, "open", None, file, ago_s=ago_s, priority=priority)
        return made[0] if outcome == "committed" else None

    def answer(self, ticket_id: int) -> str:
        return self._reply("answer", ticket_id, Then.NOTHING)

    def wait(self, ticket_id: int) -> str:
        """Answer and wait for the requester: the resolution clock stands still."""
        return self._reply("wait", ticket_id, Then.WAIT)

    def resolve(self, ticket_id: int) -> str:
        return self._reply("resolve", ticket_id, Then.RESOLVE)

    def message(self, ticket_id: int) -> str:
        """The requester writes: ends waiting, reopens what was resolved."""

        def write(ticket: Ticket, at: Any, op: str) -> None:
            conversation.requester_message(
                ticket,
                by=self._person(self._roles.requester),
                body="Here is the log.",
                channel=Channel.PORTAL,
                at=at,
                once=op,
            )

        return self._do(self._next(), "message", ticket_id, write)

    def reopen(self, ticket_id: int) -> str:
        """An agent reopens what was resolved: nothing is granted."""

        def again(ticket: Ticket, at: Any, op: str) -> None:
            lifecycle.reopen(ticket, by=self._person(self._roles.agent), reason=op, at=at)

        return self._do(self._next(), "reopen_by_agent", ticket_id, again)

    def prioritise(self, ticket_id: int, priority: str) -> str:
        def change(ticket: Ticket, at: Any, op: str) -> None:
            by = self._person(self._roles.agent)
            classification.prioritise(ticket, priority=Priority(priority), reason=op, by=by, at=at)

        return self._do(self._next(), "priority", ticket_id, change, priority=priority)

    def _reply(self, verb: str, ticket_id: int, then: Then) -> str:
        def reply(ticket: Ticket, at: Any, op: str) -> None:
            by = self._person(self._roles.agent)
            conversation.reply(ticket, by=by, body="Looking.", at=at, then=then, once=op)

        return self._do(self._next(), verb, ticket_id, reply)

    def _do(
        self,
        op: str,
        verb: str,
        ticket_id: int | None,
        change: Any,
        *,
        ago_s: int = 0,
        **facts: str,
    ) -> str:
        with self._session():
            try:
                ticket = queries.for_change(ticket_id) if ticket_id is not None else None
                at = wallclock.now() - timedelta(seconds=ago_s)
                line = {"op": op, "verb": verb, "at": int(at.timestamp()), **facts}
                change(ticket, at, op)
                db.session.flush()
                self._log.write(**line)
            except Refusal:
                return "refused"
            except Exception as error:
                self._log.write(op=op, verb=verb, at=0, outcome="failed", why=_words(error))
                return "failed"
            try:
                db.session.commit()
            except Exception as error:
                self._log.write(op=op, outcome="unknown", why=_words(error))
                return "unknown"
            self._log.write(op=op, outcome="committed")
            return "committed"

    @contextmanager
    def _session(self) -> Iterator[None]:
        """A session of this verb's own, as a writing request has one."""
        with self._app.app_context():
            begin_writing()
            try:
                yield
            finally:
                _discard()

    def _person(self, person_id: int) -> Person:
        return db.session.get_one(Person, person_id)

    def _next(self) -> str:
        return f"op-{next(self._numbers)}"


def _discard() -> None:
    try:
        db.session.rollback()
    finally:
        db.session.remove()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
