"""Rows of tables, made of the columns that a statement has read.

With every statement the ORM works out anew what becomes of each column. For what every page asks
that costs more than the statement itself (performance.md, "How"); here it is worked out once.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.database import Base, db

Kind = TypeVar("Kind", bound=Base)


class Entity(Generic[Kind]):
    """The columns of a table that a statement asks for, and the session's row that they make.

    ``names`` are those asked for besides ``id``, all where none is named: what is left out is read
    when somebody looks at it. ``of`` is the table's alias in the statement, where it has one;
    ``joined`` are the rows that this one refers to, by the relationship's name.
    """

    def __init__(
        self, kind: type[Kind], *names: str, of: Any = None, **joined: "Entity[Any]"
    ) -> None:
        mapper = inspect(kind)
        wanted = names or [column.key for column in mapper.column_attrs]
        self._kind, self._of, self._joined = kind, of or kind, joined
        self._key = mapper.identity_key_from_primary_key
        self._names = ("id", *(name for name in wanted if name != "id"))
        self.columns: tuple[Any, ...] = (
            *(getattr(self._of, name) for name in self._names),
            *(column for entity in joined.values() for column in entity.columns),
        )

    def join(self, statement: Select[Any]) -> Select[Any]:
        """``statement``, of this table, with those joined that its rows refer to."""
        for name, entity in self._joined.items():
            statement = statement.outerjoin(getattr(self._of, name).of_type(entity._of))
            statement = entity.join(statement)
        return statement

    def taken_from(self, row: Sequence[Any]) -> tuple[Kind | None, Sequence[Any]]:
        """The row of this table that ``row`` begins with, and what follows in it.

        None where there was none to join. One that the session holds already stays as it is: only
        what it lacks is added.
        """
        end = len(self._names)
        found = None if row[0] is None else self._row(row[:end])
        rest = row[end:]
        for name, entity in self._joined.items():
            other, rest = entity.taken_from(rest)
            if found is not None:
                set_committed_value(found, name, other)
        return found, rest

    def _row(self, values: Sequence[Any]) -> Kind:
        session = db.session()
        held: Any = session.identity_map.get(self._key((values[0],)))
        if held is None:
            made = self._kind()
            made.__dict__.update(zip(self._names, values, strict=True))
            make_transient_to_detached(made)
            session.add(made)
            return made
        for name, value in zip(self._names, values, strict=True):
            if name not in held.__dict__:
                set_committed_value(held, name, value)
        kept: Kind = held
        return kept
