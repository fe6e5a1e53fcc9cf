"""Documents in the index: written in the caller's transaction, so that it never lags behind.

A document is one ticket. It has words that everybody may find who sees the ticket, and internal
ones that only staff find. The table `fts_ticket` is made by a migration and known to this
package alone: on SQLite a table of FTS5 with a column for each of the two, on PostgreSQL one
tsvector whose public words have the weight A.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    TableClause,
    bindparam,
    cast,
    column,
    delete,
    insert,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.database import db, is_postgresql
from app.fulltext.words import words_of
from app.statements import built_once

FULL = 100_000
"""Characters of words that a document keeps: some 16,000 words, as far as a tsvector counts."""

FTS5 = table("fts_ticket", column("rowid"), column("public"), column("internal"), column("size"))
VECTORS = table("fts_ticket", column("ticket_id"), column("words"), column("size"))

_GAP = "\ue000"
"""A word nobody can type, between two texts of a document: no phrase reaches over it."""


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of one ticket: for everybody who sees it, and for staff only."""

    number: int
    public: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()


def put(documents: Iterable[Document]) -> None:
    """Write documents anew, whatever was known of them."""
    found = list(documents)
    forget([document.number for document in found])
    begin(found)


def begin(documents: Iterable[Document]) -> None:
    """Write documents of which nothing is known yet."""
    rows = [_row(document) for document in documents]
    if not rows:
        return
    db.session.connection().execute(_begun(), rows)


@built_once
def _begun() -> Insert:
    """The statement that writes documents, each a row as `_row` makes it."""
    if not is_postgresql():
        return insert(FTS5)
    values: dict[str, Any] = {name: bindparam(name) for name in ("ticket_id", "words", "size")}
    return insert(VECTORS).values({**values, "words": cast(values["words"], TSVECTOR)})


def add(number: int, said: str, *, internal: bool) -> bool:
    """Add a text to a document; False where there is none, or it is full: write it anew then."""
    more = _row(Document(number, (), (said,)) if internal else Document(number, (said,)))
    of, key = _table()
    if is_postgresql():
        grown = {"words": VECTORS.c.words.op("||")(cast(more["words"], TSVECTOR))}
    else:
        kept = "internal" if internal else "public"
        grown = {kept: FTS5.c[kept].op("||")(more[kept])}
    statement = (
        update(of)
        .where(key == number, of.c.size <= FULL - more["size"])
        .values({**grown, "size": of.c.size + more["size"]})
    )
    return bool(db.session.connection().execute(statement).rowcount)


def forget(numbers: Sequence[int]) -> None:
    """Delete documents; one that never was is none."""
    of, key = _table()
    rows = [{"number": number} for number in numbers]
    if rows:
        db.session.connection().execute(delete(of).where(key == bindparam("number")), rows)


def _table() -> tuple[TableClause, ColumnElement[int]]:
    return (VECTORS, VECTORS.c.ticket_id) if is_postgresql() else (FTS5, FTS5.c.rowid)


def _row(document: Document) -> dict[str, Any]:
    public = [words_of(said) for said in document.public]
    internal = [words_of(said) for said in document.internal]
    runs = {"public": _run(public), "internal": _run(internal)}
    size = len(runs["public"]) + len(runs["internal"])
    if is_postgresql():
        return {"ticket_id": document.number, "words": _vector(public, internal), "size": size}
    return {"rowid": document.number, **runs, "size": size}


def _run(texts: Iterable[list[str]]) -> str:
    """The words of some texts as FTS5 keeps them, with a gap after each text."""
    return "".join(f"{' '.join(words)} {_GAP} " for words in texts)


def _vector(public: Iterable[list[str]], internal: Iterable[list[str]]) -> str:
    """The words of some texts as a tsvector is written: ``'vpn':2A,7A 'down':3A``."""
    places: dict[str, list[str]] = {}
    place = 0
    for weight, texts in (("A", public), ("", internal)):
        for words in texts:
            place += 1  # the gap
            for word in words:
                place += 1
                places.setdefault(word, []).append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())
