"""From a ticket's rows to its facts, whatever mappings they were read with. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from app.importing.events import MEASURES, ROW
from app.importing.instants import Reader, reader_of
from app.importing.mapped import facts_of
from app.importing.rows import Fact, Problem, Row, Source

_ALL = frozenset(MEASURES)


class Telling:
    """Tells facts of many tickets; remembers the instants it has read."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._readers: dict[str, Reader] = {}
        self._readings: dict[int, str] = {}

    def facts(self, rows: Iterable[Row]) -> tuple[list[Fact], list[Problem]]:
        """The facts of one ticket, and the rows that tell none with the reason."""
        facts: list[Fact] = []
        problems: list[Problem] = []
        by_reading: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.event == ROW:
                by_reading[self._reading(row.source)].append(row)
            else:
                facts.append(
                    Fact(row.at, row.position, row.event, row.value, row.actor, row, row.ticket)
                )
        for alike in by_reading.values():
            alike.sort(key=lambda row: (row.at, row.position, row.digest))
            source = alike[0].source
            assert source.mapping is not None
            for told in facts_of(alike, source.mapping, self._reader(source)):
                if isinstance(told, Fact):
                    facts.append(told)
                else:
                    row, reason = told
                    problems.append(Problem(row.source.name, row.line, reason, row))
        return facts, problems

    def _reading(self, source: Source) -> str:
        if source.id not in self._readings:
            self._readings[source.id] = source.reading
        return self._readings[source.id]

    def _reader(self, source: Source) -> Reader:
        reading = self._reading(source)
        if reading not in self._readers:
            format_ = source.mapping.format if source.mapping else None
            self._readers[reading] = reader_of(source.zone, format_)
        return self._readers[reading]


def measures_of(rows: Iterable[Row]) -> frozenset[str]:
    """The measures that at least one of the rows' sources can support."""
    return measures_of_sources({row.source for row in rows})


def measures_of_sources(sources: Iterable[Source]) -> frozenset[str]:
    """The measures that at least one of the sources can support."""
    found: frozenset[str] = frozenset()
    for source in sources:
        found |= source.mapping.measures if source.mapping else _ALL
    return found
