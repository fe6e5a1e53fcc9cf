"""Looking for words: a query narrowed to the documents that hold them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from app.database import is_postgresql
from app.fulltext.documents import FTS5, VECTORS
from app.fulltext.words import Phrase, Sought


def holding(
    query: Select[*tuple[Any, ...]], number: ColumnElement[int], sought: Sought, *, internal: bool
) -> tuple[Select[*tuple[Any, ...]], ColumnElement[int]]:
    """``query``, whose documents are numbered ``number``, with those that hold what is ``sought``.

    With ``internal`` the internal words count, too. Answers also the number to order and to page
    by: newest first, the index of FTS5 then gives a page without looking at the rest. What is
    sought stands in it by the name ``sought``, in the words of `asked`.

    PostgreSQL is told it in the statement itself, for the way to rare words is not that to
    frequent ones, and what it has prepared it would go one way; words are letters and digits.
    """
    if not sought:
        return query, number
    said, is_spelled = asked(sought, internal=internal), is_postgresql()
    words = bindparam("sought", said, type_=String(), literal_execute=is_spelled)
    if is_postgresql():
        match = VECTORS.c.words.op("@@")(cast(words, TSQUERY))
        return query.join(VECTORS, VECTORS.c.ticket_id == number).where(match), number
    match = literal_column("fts_ticket").op("MATCH")(words)
    if sought.phrases:
        return query.join(FTS5, FTS5.c.rowid == number).where(match), FTS5.c.rowid
    return query.where(number.not_in(select(FTS5.c.rowid).where(match))), number


def asked(sought: Sought, *, internal: bool) -> str:
    """What is ``sought``, in the words of this database."""
    return (_tsquery if is_postgresql() else _fts5)(sought, internal)


def _fts5(sought: Sought, internal: bool) -> str:
    """What FTS5 is asked; of what is only to be left out, what has any of it."""
    wanted = " AND ".join(map(_fts5_phrase, sought.phrases))
    left_out = " OR ".join(map(_fts5_phrase, sought.without))
    said = f"({wanted}) NOT ({left_out})" if wanted and left_out else wanted or left_out
    return said if internal else f"{{public}} : ({said})"


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{"*" if phrase.is_beginning else ""}'


def _tsquery(sought: Sought, internal: bool) -> str:
    return " & ".join(
        [
            *(_ts_phrase(phrase, internal) for phrase in sought.phrases),
            *(f"!({_ts_phrase(phrase, internal)})" for phrase in sought.without),
        ]
    )


def _ts_phrase(phrase: Phrase, internal: bool) -> str:
    weight = "" if internal else "A"
    *first, last = [f"'{word}'" for word in phrase.words]
    ending = ("*" if phrase.is_beginning else "") + weight
    marks = [f"{word}:{weight}" if weight else word for word in first]
    return "(" + " <-> ".join([*marks, f"{last}:{ending}" if ending else last]) + ")"
