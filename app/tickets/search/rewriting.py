"""Other ways to write a line whose words find nothing. Pure.

What is quoted, left out by a minus, or a field stays as it stands.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from app.fulltext.words import words_of
from app.tickets.search import grammar
from app.tickets.search.searching import SHORTEST
from app.tickets.search.terms import Mistake, Term

_SIGNS_BEHIND = re.compile(r"[\W_]+$")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
_UMLAUT = re.compile("|".join(_UMLAUTS))
_WRITTEN_OUT = {two: one for one, two in _UMLAUTS.items()}
_TWO_LETTERS = re.compile("|".join(_WRITTEN_OUT))


def readable(line: str) -> str:
    """``line``, or where it cannot be read its words alone."""
    try:
        grammar.read(line)
    except Mistake:
        return " ".join(words_of(line)[: grammar.MOST])
    return line


def begun(line: str) -> str:
    """``line`` with each word of `SHORTEST` letters or more as a beginning: ``dresd*``."""
    return _written(line, lambda term, said: _beginning(said) if _is_word(term) else said)


def respelled(line: str) -> str:
    """As `begun`, with ``ae`` for each ``ä`` of a word, and in other words the other way round."""
    return _written(
        line, lambda term, said: _beginning(_respelled(said)) if _is_word(term) else said
    )


def each_alone(line: str) -> Iterator[str]:
    """``line`` with one of its words, as a beginning; nothing where it has one word only."""
    words = [term for term in grammar.read(line) if _is_word(term)]
    if len(words) > 1:
        yield from (begun(_with_one(line, word)) for word in words)


def words(line: str) -> str:
    """The words of ``line`` as one would say them: ``sabine groß``."""
    found = [term for term in grammar.read(line) if not term.field and not term.is_not]
    return " ".join(term.words.said for term in found if words_of(term.words.said))


def with_field(line: str, said: str) -> str:
    """``line`` with the field ``said`` in place of its words."""
    rest = _written(line, lambda term, text: text if term.field or term.is_not else "")
    return f"{said} {rest}".rstrip()


def _written(line: str, write: Callable[[Term, str], str]) -> str:
    """``line`` with each term as ``write`` has it; what is empty is left out."""
    terms = [(term, line[term.spot.start : term.spot.end]) for term in grammar.read(line)]
    return " ".join(filter(None, (write(term, said) for term, said in terms)))


def _is_word(term: Term) -> bool:
    """Whether it is a word to be found that may be written otherwise."""
    if term.field or term.is_not or term.words.is_quoted or term.words.said.startswith("#"):
        return False
    found = words_of(term.words.said)
    return bool(found) and len(found[-1]) >= SHORTEST


def _with_one(line: str, word: Term) -> str:
    def is_kept(term: Term) -> bool:
        return term == word or bool(term.field) or term.is_not

    return _written(line, lambda term, said: said if is_kept(term) else "")


def _beginning(said: str) -> str:
    return said if said.endswith("*") else f"{_SIGNS_BEHIND.sub('', said)}*"


def _respelled(said: str) -> str:
    low = unicodedata.normalize("NFC", said.lower())
    if _UMLAUT.search(low):
        return _UMLAUT.sub(lambda found: _UMLAUTS[found[0]], low)
    if _TWO_LETTERS.search(low):
        return _TWO_LETTERS.sub(lambda found: _WRITTEN_OUT[found[0]], low)
    return said
