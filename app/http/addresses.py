"""What stands in a URL: numbers that can be rows, and targets that stay in the house.

A page names dozens of addresses, most of them the same on every page: they are made once.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, has_request_context, request
from werkzeug.routing import IntegerConverter, Map

MAX_ROW = 2**63 - 1
_ABROAD = frozenset({"_external", "_scheme"})
"""What asks for an address that names the host: such a one is the request's own."""


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


class Site(Flask):
    """An application that keeps the local addresses that it made: they depend on nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._local_url = lru_cache(maxsize=1024)(self._make_local_url)

    def url_for(self, endpoint: str, **values: Any) -> str:  # type: ignore[override]
        """The address of a page, as `Flask.url_for` says it."""
        is_local = has_request_context() and not _ABROAD & values.keys()
        if not is_local or endpoint == "static" or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        try:
            return self._local_url(request.root_path, endpoint, *values.items())
        except TypeError:  # a list of values, which cannot be kept
            return super().url_for(endpoint, **values)

    def _make_local_url(self, _root: str, endpoint: str, *values: tuple[str, Any]) -> str:
        return super().url_for(endpoint, **dict(values))


class RowNumber(IntegerConverter):
    """A number in a URL that can be a row's: one too big for a column is no page, not a crash."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ROW, **kwargs})


def row_number(name: str) -> int | None:
    """The argument ``name`` of this URL as a row's number; None where it is none."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= MAX_ROW else None
