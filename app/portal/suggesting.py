"""What may already help, while somebody writes a request: the help of its own kind, then of others.

There are no articles yet: what request types say of themselves takes their place.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue import queries as catalogue
from app.catalogue.queries import Tile

MOST = 3
LONGEST = 300
SHORTEST_WORD, STEM = 3, 6


@dataclass(frozen=True)
class Hint:
    """A text that may help; ``key`` is the request type it is from where that is another one."""

    title: str
    text: str
    key: str | None = None


def hints_for(kind: Tile, subject: str | None) -> Sequence[Hint]:
    """The help of ``kind``, then of those whose words the subject shares, the most first.

    What nearly every request type says tells nothing.
    """
    own = [Hint(kind.name, kind.help)] if kind.help else []
    asked = _stems((subject or "")[:LONGEST])
    if not asked:
        return own
    others = [other for other in catalogue.request_types() if other.id != kind.id and other.help]
    stems = {one.id: _stems(f"{one.name} {one.help}") for one in others}
    common = Counter(stem for each in stems.values() for stem in each)
    telling = {stem for stem in asked if common[stem] in (1, 2)}
    shared = [(len(telling & stems[one.id]), one) for one in others]
    fitting = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])
    return [*own, *(Hint(one.name, one.help, one.key) for _count, one in fitting)][:MOST]


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the longer words of ``text``, by which they are compared."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(word[:STEM] for word in words if len(word) >= SHORTEST_WORD)
