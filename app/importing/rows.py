"""What passes between the steps of an import: sources, rows, facts and problems. Pure."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from app.importing.events import ORDER
from app.importing.mapping import Mapping as LogMapping


class Unusable(ValueError):
    """A row that cannot be used; the message is the sentence for the report."""


@dataclass(frozen=True, eq=False)
class Source:
    """A file as it is read: its name, the zone of its local times, perhaps a mapping."""

    name: str
    zone: str
    mapping: LogMapping | None = None
    id: int = 0

    @property
    def reading(self) -> str:
        """The digest of mapping and zone: rows read alike have the same."""
        document: Any = self.mapping.document if self.mapping else None
        text = json.dumps([self.zone, document], sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=12).hexdigest()


@dataclass(slots=True, eq=False)
class Row:
    """A row that could be read. `position` is its place among the rows of the same instant."""

    source: Source
    line: int
    ticket: str
    at: datetime
    position: int
    event: str
    value: str
    actor: str
    digest: str


@dataclass(slots=True, eq=False)
class Fact:
    """An event of a ticket with the row it comes from; `value` and `actor` as in the log.

    `goes_first`: of what its row tells it happened first, whatever the order of events says (a
    column that leaves a closed value tells a reopening, and then what it changed to).
    """

    at: datetime
    position: int
    name: str
    value: str
    actor: str
    row: Row
    ticket: str
    goes_first: bool = False

    @property
    def key(self) -> tuple[datetime, int, int, str]:
        """The order in which facts happen, whatever order they came in."""
        place = -1 if self.goes_first else ORDER[self.name]
        return self.at, self.position, place, self.row.digest


@dataclass(frozen=True)
class Problem:
    """Why a line was not used; `row` where it could be read at all."""

    source: str
    line: int
    reason: str
    row: Row | None = None


@dataclass
class Account:
    """What became of a file: rows read = used + reported + already known.

    `measures` counts promises and breaches per measure, on the tickets of the file; `waiting`
    the tickets whose `opened` has not come yet; `elsewhere` are rows of earlier files that
    cannot be used on the tickets of this one.
    """

    read: int = 0
    used: int = 0
    known: int = 0
    tickets: int = 0
    waiting: int = 0
    as_of: datetime | None = None
    measures: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    elsewhere: list[Problem] = field(default_factory=list)

    @property
    def promises(self) -> int:
        """The promises on the tickets of the file."""
        return sum(promised for promised, _ in self.measures.values())

    @property
    def breaches(self) -> int:
        """Those of them that were broken."""
        return sum(missed for _, missed in self.measures.values())

    @property
    def reported(self) -> int:
        """The rows of this file that could not be used."""
        return len(self.problems)


def digest_of(*cells: str) -> str:
    """The digest of a row as it stood."""
    return blake2b("\x1f".join(cells).encode(), digest_size=12).hexdigest()
