"""A search as it is understood: which words are sought, and what else holds of the tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from app.fulltext.words import Phrase, Sought, words_of
from app.languages import gettext as _
from app.people.access import Sight
from app.statements import spelled
from app.tickets.models import Ticket
from app.tickets.search import conditions, fields, grammar, strangers
from app.tickets.search.conditions import Asking
from app.tickets.search.terms import Atom, Either, Mistake, Spot, Term
from app.tickets.search.times import Moment
from app.tickets.words import Status

SHORTEST = 3
"""Letters of a beginning (``net*``) at least."""
_SPAM = Status.SPAM.value
_NO_SPAM = Ticket.status != spelled(Status.SPAM)
_ANY = (Phrase(("any",)),)


@dataclass(frozen=True)
class Search:
    """What ``line`` asks for, on behalf of ``sight``; ``number`` where it is a ticket's alone."""

    line: str
    sight: Sight
    sought: Sought
    held: tuple[ColumnElement[bool], ...]
    number: int | None

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.sought and not self.held

    @property
    def is_words_alone(self) -> bool:
        """Whether nothing but words is asked for."""
        return not self.held or (len(self.held) == 1 and self.held[0] is _NO_SPAM)

    @property
    def shape(self) -> "Search":
        """The same for all words and all readers who see alike, where words alone are asked for.

        Its words are nobody's: those that are looked for are handed over by name.
        """
        sought = Sought(_ANY if self.sought.phrases else (), _ANY if self.sought.without else ())
        return Search("", self.sight.shape, sought, self.held, None)


def understand(line: str, sight: Sight, *, zone: str, at: datetime) -> Search:
    """What ``line`` asks for; days are those of ``zone``. Raises `Mistake` with its spot.

    Staff find what was set aside as spam only where they ask for it.
    """
    read = grammar.read(line)
    strangers.refuse(line, read)
    terms = [_as_ref(term) for term in read]
    words = [term for term in terms if not term.field]
    for term in words:
        _refuse_short(_phrase(term.words), term.words)
    asking = Asking(sight, Moment(at, zone))
    held = [conditions.condition(term, asking) for term in terms if term.field]
    return _search(line, sight, words, held, terms)


def understand_kindly(line: str, sight: Sight, *, zone: str, at: datetime) -> Search:
    """As `understand`, but what is no field, or no value of one, is looked for as words.

    For requesters, who need know nothing of fields.
    """
    asking = Asking(sight, Moment(at, zone))
    words, held = [], []
    for term in _terms(line):
        try:
            if not term.field:
                _refuse_short(_phrase(term.words), term.words)
                words.append(term)
            else:
                held.append(conditions.condition(term, asking))
        except Mistake:
            said = line[term.spot.start + term.is_not : term.spot.end]
            words.append(Term(Either((Atom(said, term.spot, True),)), term.spot))
    return _search(line, sight, words, held, ())


def _terms(line: str) -> Sequence[Term]:
    try:
        return [_as_ref(term) for term in grammar.read(line)]
    except Mistake:
        spot = Spot(0, len(line))
        said = words_of(line)[: grammar.MOST]
        return [Term(Either((Atom(word, spot),)), spot) for word in said]


def _search(
    line: str,
    sight: Sight,
    words: Sequence[Term],
    held: list[ColumnElement[bool]],
    terms: Sequence[Term],
) -> Search:
    phrases = [(_phrase(term.words), term.is_not) for term in words]
    sought = Sought(
        tuple(phrase for phrase, is_not in phrases if phrase.words and not is_not),
        tuple(phrase for phrase, is_not in phrases if phrase.words and is_not),
    )
    if (sought or held) and sight.is_agent and not any(map(_names_spam, terms)):
        held = [*held, _NO_SPAM]
    return Search(line, sight, sought, tuple(held), number=_number(line))


def _as_ref(term: Term) -> Term:
    """``#1042`` says ``ref:1042``; a field without a value says nothing."""
    if term.field or term.words.is_quoted:
        return term
    said, spot = term.words.said, term.words.spot
    if said.startswith("#") and said[1:].isdecimal() and said.isascii():
        return Term(Either((Atom(said[1:], spot),)), term.spot, "ref", is_not=term.is_not)
    name = said[:-1].lower()
    if said.endswith(":") and (name in fields.ALSO or any(name == f.name for f in fields.FIELDS)):
        raise Mistake(_("A value is missing here."), Spot(spot.end, spot.end + 1))
    return term


def _phrase(atom: Atom) -> Phrase:
    is_beginning = not atom.is_quoted and atom.said.endswith("*")
    return Phrase(tuple(words_of(atom.said)), is_beginning=is_beginning)


def _refuse_short(phrase: Phrase, atom: Atom) -> None:
    """Half of all words begin with some letter: to read them all tells nobody anything."""
    if phrase.is_beginning and phrase.words:
        last = phrase.words[-1]
        if last.isascii() and len(last) < SHORTEST:
            said = _("Write at least %(least)s letters before the star.", least=SHORTEST)
            raise Mistake(said, atom.spot)


def _names_spam(term: Term) -> bool:
    if not isinstance(term.value, Either):
        return False
    said = {atom.said.lower() for atom in term.value.atoms}
    return term.field == "ref" or (term.field in {"is", "status", "state"} and _SPAM in said)


def _number(line: str) -> int | None:
    said = line.strip().removeprefix("#")
    is_number = said.isascii() and said.isdecimal() and len(said) < 19
    return int(said) if is_number else None
