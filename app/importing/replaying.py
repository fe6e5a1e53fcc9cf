"""Replaying an event log: read, stage, fold every ticket it touches, and write (clocks.md).

The caller holds one transaction around it: a file goes in whole or not at all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import select

from app.clocks.models import Clock
from app.clocks.state import Phase
from app.database import db
from app.errors import Refusal
from app.importing import loading, staging, storing
from app.importing.folded import Context, Folded
from app.importing.folding import Fold
from app.importing.loading import table_of
from app.importing.models import ImportedTicket, ImportSource
from app.importing.reading import opened, rows_of
from app.importing.rows import Account, Fact, Problem, Row, Source
from app.importing.staging import in_chunks
from app.importing.telling import Telling, measures_of
from app.mail import outbox
from app.tickets.models import Message, Ticket

BATCH = 1000
"""Tickets that are folded and written together."""
_SAID = frozenset({"requester_message", "agent_reply", "workaround", "note", "resolved"})

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def silently(what: str, done: int, whole: int) -> None:
    """Tell nobody about progress."""


def replay(
    path: Path, source: Source, *, at: datetime, as_of: datetime | None, tell: Progress = silently
) -> Account:
    """Import the log at ``path`` and answer what became of its rows.

    What still runs is judged at ``as_of``, by default the last row of all that was imported.
    No letter and no notice is written. Raises `Refusal` for a file that cannot be read, for an
    instant that lies in the future, and when there is no house agreement.
    """
    if as_of is not None and as_of > at:
        raise Refusal(f"--as-of {as_of.isoformat()} lies in the future.")
    with outbox.muted():
        return _Replay(source, at, tell).run(path, as_of)


@dataclass
class _Replay:
    """One import on its way."""

    source: Source
    at: datetime
    tell: Progress
    account: Account = field(default_factory=Account)
    bad: dict[tuple[int, int], Problem] = field(default_factory=dict)
    telling: Telling = field(default_factory=Telling)

    def run(self, path: Path, as_of: datetime | None) -> Account:
        directory = loading.directory()
        context = Context(loading.Agreements(), directory, count(1))
        self.source = staging.keep_source(self.source, at=self.at)
        read = self._read(path, context)
        fresh, self.account.known = staging.keep(read, self.source.reading)
        self.account.as_of = as_of or staging.last_at() or self.at
        touched = {row.ticket for row in fresh}
        groups = self._with_merged(touched)
        rows = self._rows_of(fresh, {name for group in groups for name in group})
        self._fold(groups, rows, context, in_file={row.ticket for row in read})
        others = self._to_be_judged({name for group in groups for name in group})
        self._fold(self._with_merged(others), self._rows_of([], others), context, in_file=())
        if not fresh:
            staging.forget_source(self.source)
        self._finish()
        return self.account

    def _read(self, path: Path, context: Context) -> list[Row]:
        found: list[Row] = []
        whole = path.stat().st_size if path.exists() else 0
        with opened(path) as (text, position):
            rows = rows_of(text, self.source, context.directory, now=self.at)
            for number, row in enumerate(rows):
                self.account.read += 1
                if isinstance(row, Problem):
                    self.account.problems.append(row)
                else:
                    found.append(row)
                if number % 2000 == 0:
                    self.tell("Reading", position(), whole)
        self.tell("Reading", whole, whole)
        return found

    def _with_merged(self, touched: Collection[str]) -> list[list[str]]:
        """The touched tickets, each with those it hangs together with by merges."""
        partners: dict[str, set[str]] = defaultdict(set)
        for ticket, into in staging.merges():
            partners[ticket].add(into)
            partners[into].add(ticket)
        groups, seen = [], set[str]()
        for name in sorted(touched):
            if name in seen:
                continue
            group, waiting = [], [name]
            while waiting:
                member = waiting.pop()
                if member not in seen:
                    seen.add(member)
                    group.append(member)
                    waiting.extend(partners.get(member, ()))
            groups.append(group)
        return groups

    def _rows_of(self, fresh: Iterable[Row], names: Collection[str]) -> dict[str, list[Row]]:
        """All rows of these tickets; from the file itself when nothing else was ever staged."""
        sources = db.session.scalars(select(ImportSource.id).limit(2)).all()
        if len(sources) > 1 or not fresh:
            return staging.rows_of(names)
        found: dict[str, list[Row]] = defaultdict(list)
        for row in fresh:
            found[row.ticket].append(row)
        return found

    def _fold(
        self,
        groups: Sequence[list[str]],
        rows: dict[str, list[Row]],
        context: Context,
        in_file: Collection[str],
    ) -> None:
        whole, done = sum(map(len, groups)), 0
        for batch in in_chunks(list(groups), BATCH):
            names = [name for group in batch for name in group if name in rows]
            ids = storing.ids_of(names)
            worked_on = storing.worked_on(ids.values())
            folded: list[Folded] = []
            facts = {name: self._facts(rows[name]) for name in names}
            said = sum(fact.name in _SAID for of in facts.values() for fact in of)
            context.message_ids = count(loading.take_ids(table_of(Message), said))
            for group in batch:
                members = [name for name in group if name in facts]
                if any(ids.get(name) in worked_on for name in members):
                    self._refuse_worked_on(members, rows)
                else:
                    folded += self._fold_group(members, facts, rows, context)
            storing.store(
                folded, {t.name: ids[t.name] for t in folded if t.name in ids}, at=self.at
            )
            self._count(ticket for ticket in folded if ticket.name in in_file)
            done += sum(map(len, batch))
            self.tell("Folding", done, whole)

    def _facts(self, rows: Iterable[Row]) -> list[Fact]:
        facts, problems = self.telling.facts(rows)
        for problem in problems:
            assert problem.row is not None
            self._report(problem.row, problem.reason)
        return facts

    def _fold_group(
        self,
        members: list[str],
        facts: dict[str, list[Fact]],
        rows: dict[str, list[Row]],
        context: Context,
    ) -> Iterator[Folded]:
        fold = Fold(context, {name: measures_of(rows[name]) for name in members})
        for fact, reason in fold.run([fact for name in members for fact in facts[name]]):
            self._report(fact.row, reason)
        assert self.account.as_of is not None
        fold.settle(self.account.as_of)
        for ticket in fold.tickets.values():
            if ticket.opening is not None:
                yield ticket
                continue
            if not any(fact.name == "opened" for fact in facts[ticket.name]):
                self.account.waiting += 1
                reason = f"Ticket {ticket.name} has no opened yet; the row is kept until it comes."
                for row in rows[ticket.name]:
                    if row.source.id == self.source.id:
                        self._report(row, reason)

    def _refuse_worked_on(self, members: list[str], rows: dict[str, list[Row]]) -> None:
        for name in members:
            for row in rows[name]:
                if row.source.id == self.source.id:
                    self._report(row, f"Ticket {name} has been worked on here since its import.")

    def _report(self, row: Row, reason: str) -> None:
        self.bad[row.source.id, row.line] = Problem(row.source.name, row.line, reason, row)

    def _to_be_judged(self, done: Collection[str]) -> set[str]:
        """Imported tickets besides, on which a promise broke up to the instant of judging."""
        query = (
            select(Ticket.external_ref)
            .join(ImportedTicket, ImportedTicket.ticket_id == Ticket.id)
            .join(Clock, Clock.ticket_id == Ticket.id)
            .where(
                Clock.state == Phase.RUNNING,
                Clock.breached_at.is_(None),
                Clock.next_at.is_(None),
                Clock.due_at < self.account.as_of,
            )
        )
        return {str(name) for name in db.session.scalars(query)} - set(done)

    def _count(self, folded: Iterable[Folded]) -> None:
        totals: Counter[str] = Counter()
        broken: Counter[str] = Counter()
        for ticket in folded:
            self.account.tickets += 1
            for clock in ticket.course.clocks:
                totals[clock.measure] += 1
                broken[clock.measure] += clock.is_breached
        for measure, promised in totals.items():
            before, missed = self.account.measures.get(measure, (0, 0))
            self.account.measures[measure] = (before + promised, missed + broken[measure])

    def _finish(self) -> None:
        """Sort what could not be used into rows of this file and rows of earlier ones."""
        account = self.account
        for (source_id, _), problem in sorted(self.bad.items()):
            mine = source_id == self.source.id
            (account.problems if mine else account.elsewhere).append(problem)
        account.problems.sort(key=lambda problem: problem.line)
        account.used = account.read - account.known - account.reported
