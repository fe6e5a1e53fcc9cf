"""Which words of a text were looked for, and the stretch of it that shows them best. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.fulltext.words import LONGEST as LONGEST_WORD
from app.fulltext.words import Phrase, Sought, plain, words_of

WIDTH = 160
"""Characters of an excerpt, about."""
LONGEST = 20_000
"""How far into a text is looked."""

_PIECE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that was looked for, or was not."""

    said: str
    is_hit: bool = False


def marked(said: str, sought: Sought) -> list[Part]:
    """``said`` in parts, those marked that were looked for."""
    return _parts(said, 0, len(said), _hits(said, sought))


def excerpt(said: str, sought: Sought) -> list[Part]:
    """One line of ``said`` around the first place that was looked for; nothing without one."""
    said = " ".join(said[:LONGEST].split())
    hits = _hits(said, sought)
    if not hits:
        return []
    start = max(0, hits[0][0] - WIDTH // 3)
    if start:
        start = said.find(" ", start, hits[0][0]) + 1 or start
    end = min(len(said), start + WIDTH)
    if end < len(said):
        end = max(said.rfind(" ", hits[0][1], end), hits[0][1])
    parts = _parts(said, start, end, hits)
    before = [Part("… ")] if start else []
    return [*before, *parts, *([Part(" …")] if end < len(said) else [])]


def _hits(said: str, sought: Sought) -> list[tuple[int, int]]:
    """Where something sought stands, in order, none over another."""
    compared = plain(said)
    if not any(phrase.words[0] in compared for phrase in sought.phrases):
        return []
    lone = _lone(sought.phrases) if said.isascii() else None
    if lone is not None:
        return [found.span() for found in lone.finditer(compared)]
    pieces = list(_pieces(said))
    words = [word for word, _, _ in pieces]
    hits = set()
    for phrase in sought.phrases:
        for place in _places(words, phrase):
            hits.add((pieces[place][1], pieces[place + len(phrase.words) - 1][2]))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


@lru_cache(maxsize=256)
def _lone(phrases: tuple[Phrase, ...]) -> re.Pattern[str] | None:
    """What finds these words in plain ASCII; None where some belong together or may be cut."""
    if any(len(phrase.words) > 1 or len(phrase.words[0]) >= LONGEST_WORD for phrase in phrases):
        return None
    rest = r"[^\W_]*"
    said = [re.escape(phrase.words[0]) + rest * phrase.is_beginning for phrase in phrases]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(said)})(?![^\W_])")


def _pieces(said: str) -> Iterator[tuple[str, int, int]]:
    """Each word of ``said`` with where it stands."""
    for found in _PIECE.finditer(said):
        piece = found.group()
        if piece.isascii():
            yield piece.lower()[:LONGEST_WORD], found.start(), found.end()
        else:
            yield from ((word, found.start(), found.end()) for word in words_of(piece))


def _places(words: Sequence[str], phrase: Phrase) -> list[int]:
    """Where in ``words`` the phrase begins."""
    *first, last = phrase.words
    more = len(first)
    if phrase.is_beginning:
        ends = [place for place, word in enumerate(words) if word.startswith(last)]
    else:
        ends = [place for place, word in enumerate(words) if word == last]
    return [end - more for end in ends if end >= more and list(words[end - more : end]) == first]


def _parts(said: str, start: int, end: int, hits: Sequence[tuple[int, int]]) -> list[Part]:
    parts, done = [], start
    for first, last in hits:
        if first < start or last > end:
            continue
        parts += [Part(said[done:first]), Part(said[first:last], is_hit=True)]
        done = last
    return [part for part in [*parts, Part(said[done:end])] if part.said]
