"""The code of routes, compiled once per process: every test has an application of its own.

Werkzeug writes and compiles two functions per route whenever a route is bound; with a hundred
routes that is most of what making an application costs. The functions depend on the route's
words alone and take the route as their first argument, so that one serves all applications.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.routing import Rule

_compiled: dict[tuple[object, ...], Callable[..., Any]] = {}


@contextmanager
def kept() -> Iterator[None]:
    """Compile each route once while the block lasts."""
    compile_builder = Rule._compile_builder

    def once(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in _compiled:
            _compiled[key] = compile_builder(self, append_unknown)
        return _compiled[key]

    Rule._compile_builder = once  # type: ignore[method-assign]
    try:
        yield
    finally:
        Rule._compile_builder = compile_builder  # type: ignore[method-assign]
