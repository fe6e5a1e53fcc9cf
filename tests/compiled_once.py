"""What a process compiles once is compiled once here too, where each test has its own application.

The code of routes (Werkzeug writes and compiles two functions for each that is bound), of templates
and of SQL statements depends on words alone, never on the application or the database: kept, it
serves all of them. That was more than half of what the tests cost.
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

_routes: dict[tuple[object, ...], Callable[..., Any]] = {}
_statements: LRUCache[Any, Any] = LRUCache(5000)


@contextmanager
def kept() -> Iterator[None]:
    """Compile each route, template and statement once while the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _compile_route_with(Rule._compile_builder))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
        patch.setattr(Dialect, "__eq__", _is_alike)
        patch.setattr(Dialect, "__hash__", _of_its_kind)
        yield


def share_statements(engine: Engine) -> None:
    """Let ``engine`` use the statements that engines of its kind have compiled."""
    engine._compiled_cache = _statements


def _compile_route_with(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    def once(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in _routes:
            _routes[key] = compile_builder(self, append_unknown)
        return _routes[key]

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
