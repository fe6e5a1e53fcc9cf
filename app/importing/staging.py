"""Staging: rows are kept as they stood, each once, so that a ticket is folded from all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from app.database import db, is_postgresql
from app.importing import mapping
from app.importing.loading import table_of
from app.importing.models import ImportSource, StagedEvent
from app.importing.rows import Row, Source

T = TypeVar("T")
CHUNK = 500
"""Names in one statement: SQLite and PostgreSQL both take that many."""
_table = table_of(StagedEvent)
_READ = ("source_id", "line", "at", "position", "event", "value", "actor")
"""What depends on how a row is read, its place in the file included."""


def keep_source(source: Source, *, at: datetime) -> Source:
    """Record the file and answer the same source with its id.

    The table of staged rows is locked against other imports until the transaction ends (SQLite
    has only one writer anyway).
    """
    if is_postgresql():
        db.session.execute(text("LOCK TABLE staged_event IN SHARE ROW EXCLUSIVE MODE"))
    row = ImportSource(
        name=source.name,
        reading=source.reading,
        zone=source.zone,
        mapping=source.mapping.document if source.mapping else None,
        imported_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return Source(source.name, source.zone, source.mapping, row.id)


def keep(rows: Iterable[Row], reading: str) -> tuple[list[Row], int]:
    """Stage what is not staged yet; answers what is new, and how many rows were known.

    All ``rows`` are read alike (``reading``). A row that was staged under another mapping or
    zone counts as new and is read anew.
    """
    pending: dict[tuple[str, str], Row] = {}
    known = 0
    for row in rows:
        if pending.setdefault((row.ticket, row.digest), row) is not row:
            known += 1
    changed: list[Row] = []
    if _is_any_staged():
        readings = dict(db.session.execute(select(ImportSource.id, ImportSource.reading)).all())
        for ticket, digest, source_id in _staged_keys({ticket for ticket, _ in pending}):
            again = pending.pop((ticket, digest), None)
            if again is None:
                continue
            if readings[source_id] == reading:
                known += 1
            else:
                changed.append(again)
    fresh = list(pending.values())
    for chunk in in_chunks(fresh, 5000):
        db.session.execute(insert(_table), [_columns(row) for row in chunk])
    if changed:
        _read_anew(changed)
    return fresh + changed, known


def rows_of(tickets: Collection[str]) -> dict[str, list[Row]]:
    """All staged rows of these tickets."""
    read_from: dict[int, Source] = {}
    found: dict[str, list[Row]] = defaultdict(list)
    for chunk in in_chunks(sorted(tickets), CHUNK):
        query = select(
            StagedEvent.source_id,
            StagedEvent.line,
            StagedEvent.ticket,
            StagedEvent.at,
            StagedEvent.position,
            StagedEvent.event,
            StagedEvent.value,
            StagedEvent.actor,
            StagedEvent.digest,
        ).where(StagedEvent.ticket.in_(chunk))
        rows = db.session.execute(query).all()
        read_from.update(sources({row[0] for row in rows} - read_from.keys()))
        for source_id, line, ticket, *cells in rows:
            row = Row(read_from[source_id], line, ticket, *cells)  # type: ignore[arg-type]
            found[ticket].append(row)
    return found


def sources(ids: Collection[int]) -> dict[int, Source]:
    """The imported files with these ids."""
    found: dict[int, Source] = {}
    for chunk in in_chunks(sorted(ids), CHUNK):
        query = select(
            ImportSource.id, ImportSource.name, ImportSource.zone, ImportSource.mapping
        ).where(ImportSource.id.in_(chunk))
        for id_, name, zone, document in db.session.execute(query):
            log = mapping.read(document) if document is not None else None
            found[id_] = Source(name, zone, log, id_)
    return found


def forget_source(source: Source) -> None:
    """Take the record of a file back that brought nothing new."""
    db.session.execute(delete(ImportSource).where(ImportSource.id == source.id))


def merges() -> Iterator[tuple[str, str]]:
    """Every staged merge: the ticket and the one it went into."""
    query = select(StagedEvent.ticket, StagedEvent.value).where(text("event = 'merged'"))
    return iter(db.session.execute(query).all())


def last_at() -> datetime | None:
    """The instant of the last row of all that is staged."""
    return db.session.scalar(select(func.max(StagedEvent.at)))


def in_chunks(items: list[T], size: int) -> Iterator[list[T]]:
    """``items`` in lists of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _is_any_staged() -> bool:
    return db.session.scalar(select(StagedEvent.id).limit(1)) is not None


def _staged_keys(tickets: set[str]) -> Iterator[tuple[str, str, int]]:
    for chunk in in_chunks(sorted(tickets), CHUNK):
        query = select(StagedEvent.ticket, StagedEvent.digest, StagedEvent.source_id).where(
            StagedEvent.ticket.in_(chunk)
        )
        yield from db.session.execute(query).all()


def _columns(row: Row) -> dict[str, object]:
    return {
        "source_id": row.source.id,
        "line": row.line,
        "ticket": row.ticket,
        "at": row.at,
        "position": row.position,
        "event": row.event,
        "value": row.value,
        "actor": row.actor,
        "digest": row.digest,
    }


def _read_anew(rows: list[Row]) -> None:
    statement = (
        update(_table)
        .where(_table.c.ticket == bindparam("of"), _table.c.digest == bindparam("known"))
        .values({name: bindparam(f"new_{name}") for name in _READ})
    )
    db.session.execute(
        statement,
        [
            {
                "of": row.ticket,
                "known": row.digest,
                **{f"new_{name}": value for name, value in _columns(row).items() if name in _READ},
            }
            for row in rows
        ],
        execution_options={"synchronize_session": None},
    )
