"""Words as they are compared, and what may be looked for among them. Pure.

Both databases are handed the words cut here, so they find the same.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 60
"""Characters of one word; what is longer is cut, in documents and in what is looked for."""

_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other; of the last a beginning will do (``net*``)."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What a document must hold, all of it, and what it must not."""

    phrases: tuple[Phrase, ...] = ()
    without: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases or self.without)


def plain(said: str) -> str:
    """``said`` as words are compared: lower case, without the accents of Latin letters."""
    if said.isascii():
        return said.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", said))
    return unicodedata.normalize("NFC", bare.casefold())


def words_of(said: str) -> list[str]:
    """The words of ``said`` in order; Chinese and Japanese signs are words each."""
    return [word[:LONGEST] for word in _WORD.findall(plain(said))]
