"""What a process compiles once is compiled once here too, where each test has its own application.

Routes (Werkzeug reads each that is bound and writes two functions for it), the code of templates
and that of SQL statements depend on words alone, never on the application or the database: kept,
they serve all of them. They were more than half of what the tests cost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

MADE = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
"""What Werkzeug makes of the words of a route."""

_routes: dict[tuple[object, ...], dict[str, Any]] = {}
_statements: LRUCache[Any, Any] = LRUCache(5000)


@contextmanager
def kept() -> Iterator[None]:
    """Compile each route, template and statement once while the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", _compile_route_with(Rule.compile))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
        patch.setattr(Dialect, "__eq__", _is_alike)
        patch.setattr(Dialect, "__hash__", _of_its_kind)
        yield


def share_statements(engine: Engine) -> None:
    """Let ``engine`` use the statements that engines of its kind have compiled."""
    engine._compiled_cache = _statements


def _compile_route_with(compile_route: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """Bind a route with what binding one of the same words has made."""

    def once(self: Rule) -> None:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, defaults)
        if key not in _routes:
            compile_route(self)
            _routes[key] = {name: self.__dict__[name] for name in MADE}
        self.__dict__.update(_routes[key])
        self._build = self._build.__func__.__get__(self)  # type: ignore[attr-defined]
        self._build_unknown = self._build_unknown.__func__.__get__(self)  # type: ignore[attr-defined]

    return once


class _Templates(BytecodeCache):
    """The code of templates in memory, as long as their files do not change."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key] = bucket.checksum, bucket.code


def _is_alike(self: Dialect, other: object) -> bool:
    return type(self) is type(other)


def _of_its_kind(self: Dialect) -> int:
    return hash(type(self))
