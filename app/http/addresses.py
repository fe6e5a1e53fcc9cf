"""What stands in a URL: numbers that can be rows, and targets that stay in the house."""

from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.routing import IntegerConverter, Map

MAX_ROW = 2**63 - 1


def local_path(target: str | None) -> str | None:
    """``target`` when it is a path of ours, else None: no redirect leaves the house.

    What cannot be printed is none: browsers drop tabs and line ends before they look.
    """
    if target and not target.isprintable():
        return None
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or "\\" in target else target


class RowNumber(IntegerConverter):
    """A number in a URL that can be a row's: one too big for a column is no page, not a crash."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ROW, **kwargs})


def row_number(name: str) -> int | None:
    """The argument ``name`` of this URL as a row's number; None where it is none."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= MAX_ROW else None
