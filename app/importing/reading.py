"""Opening a log: CSV, plain or gzip, canonical or with a mapping; row by row, bad ones named."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from app.errors import Refusal
from app.importing.directory import Directory
from app.importing.events import COLUMNS, ORDER, ROW
from app.importing.instants import reader_of
from app.importing.mapped import checker_of
from app.importing.rows import Problem, Row, Source, Unusable, digest_of
from app.importing.values import check

MAX_CELL = 1_000_000
_GZIP = b"\x1f\x8b"
_DEFUSED = ("'@", "'+", "'-", "'=", "'|", "'%")

Parse = Callable[[int, list[str]], Row]


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[str], Callable[[], int]]]:
    """The text of a log and a function that tells how many bytes of the file are read.

    `Refusal` for a file that cannot be read.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            binary = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield text, raw.tell
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror or error}.") from None


def rows_of(
    text: IO[str], source: Source, directory: Directory, *, now: datetime
) -> Iterator[Row | Problem]:
    """The rows of a log, a `Problem` in place of each that cannot be read.

    `Refusal` when the columns are not there, or when the file is damaged half-way.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(text)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        parse = (_mapped if source.mapping else _canonical)(header, source, directory)
        last = reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cells):
                continue
            try:
                if len(cells) != len(header):
                    raise Unusable(f"It has {len(cells)} cells, the header {len(header)}.")
                if "\0" in "".join(cells):
                    raise Unusable("It holds a NUL character.")
                row = parse(line, cells)
                if row.at > now:
                    raise Unusable(f"{row.at.isoformat()} lies in the future.")
                yield row
            except ValueError as error:
                yield Problem(source.name, line, str(error))
    except (csv.Error, UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refusal(
            f"{source.name} is damaged or no CSV in UTF-8 after line {reader.line_num}: {error}."
        ) from None


def _canonical(header: list[str], source: Source, directory: Directory) -> Parse:
    places = _places(header, COLUMNS, source)
    read_at = reader_of(source.zone)

    def parse(line: int, cells: list[str]) -> Row:
        ticket, at_text, event, value, actor = (_plain(cells[place]) for place in places)
        if not ticket:
            raise Unusable("The ticket is missing.")
        if event not in ORDER:
            raise Unusable(f"{event!r} is no event; known are {', '.join(ORDER)}.")
        at = read_at(at_text)
        check(event, value, directory)
        digest = digest_of(at_text, event, value, actor)
        return Row(source, line, ticket, at, 0, event, value, actor, digest)

    return parse


def _mapped(header: list[str], source: Source, directory: Directory) -> Parse:
    mapping = source.mapping
    assert mapping is not None
    named = [mapping.ticket, mapping.time, *mapping.columns]
    ticket_at, time_at, *kept = _places(header, named, source)
    (order_at,) = _places(header, [mapping.order], source) if mapping.order else (None,)
    (actor_at,) = _places(header, [mapping.actor], source) if mapping.actor else (None,)
    read_at = reader_of(source.zone, mapping.format)
    check_cells = checker_of(mapping, read_at, directory)

    def parse(line: int, cells: list[str]) -> Row:
        cells = [cell.strip() for cell in cells]
        ticket, at_text = cells[ticket_at], cells[time_at]
        if ticket in ("", mapping.unknown):
            raise Unusable("The ticket is missing.")
        at = read_at(at_text)
        order = cells[order_at] if order_at is not None else ""
        actor = cells[actor_at] if actor_at is not None else ""
        mine = [cells[place] for place in kept]
        check_cells(mine)
        return Row(
            source,
            line,
            ticket,
            at,
            _number(order, mapping.unknown),
            ROW,
            json.dumps(mine, ensure_ascii=False),
            "" if actor == mapping.unknown else actor,
            digest_of(*cells),
        )

    return parse


def _number(order: str, unknown: str) -> int:
    if order in ("", unknown):
        return 0
    try:
        return int(order)
    except ValueError:
        raise Unusable(f"{order!r} is no whole number to order rows by.") from None


def _places(header: list[str], named: Sequence[str], source: Source) -> list[int]:
    missing = [name for name in named if name not in header]
    if missing:
        raise Refusal(
            f"{source.name} has no column {', '.join(map(repr, missing))}; "
            f"it has {', '.join(map(repr, header)) or 'no header'}."
        )
    return [header.index(name) for name in named]


def _plain(cell: str) -> str:
    """The cell without what the export puts before text that a spreadsheet would compute."""
    cell = cell.strip()
    if cell.startswith(_DEFUSED):
        return cell[1:].replace("\\|", "|")
    return cell
