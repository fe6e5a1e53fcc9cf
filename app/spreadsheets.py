"""Lines of a table as CSV that a spreadsheet opens as it is meant: letters right, no formula run.

It begins with the byte order mark, without which Excel reads UTF-8 as the letters of the system.
What begins like a formula is made text by defusedcsv, and here what begins with one of the wide
signs that East Asian spreadsheets take for the same. Source: OWASP, "CSV Injection".
"""

import io
from collections.abc import Iterable

from defusedcsv import csv

MARK = "\ufeff"
"""Stands once, before the first line."""
_WIDE = ("＝", "＋", "－", "＠")


def line(cells: Iterable[object]) -> str:
    """One line of the table, with CRLF."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(map(_safe, cells))
    return out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_WIDE) else cell
