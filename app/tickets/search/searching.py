"""A search as it is understood: which words are sought, and what else holds of the tickets."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from app.fulltext.words import Phrase, Sought, words_of
from app.languages import gettext as _
from app.people.access import Sight
from app.tickets.models import Ticket
from app.tickets.search import conditions, fields, grammar
from app.tickets.search.conditions import Asking
from app.tickets.search.terms import Atom, Either, Mistake, Spot, Term
from app.tickets.search.times import Moment
from app.tickets.words import Status


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


def understand(line: str, sight: Sight, *, zone: str, at: datetime) -> Search:
    """What ``line`` asks for; days are those of ``zone``. Raises `Mistake` with its spot.

    Staff find what was set aside as spam only where they ask for it.
    """
    terms = [_as_ref(term) for term in grammar.read(line)]
    asking = Asking(sight, Moment(at, zone))
    phrases = [(_phrase(term.words), term.is_not) for term in terms if not term.field]
    sought = Sought(
        tuple(phrase for phrase, is_not in phrases if phrase.words and not is_not),
        tuple(phrase for phrase, is_not in phrases if phrase.words and is_not),
    )
    held = [conditions.condition(term, asking) for term in terms if term.field]
    if (sought or held) and sight.is_agent and not any(map(_names_spam, terms)):
        held.append(Ticket.status != Status.SPAM)
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


def _names_spam(term: Term) -> bool:
    asked = isinstance(term.value, Either) and term.field in {"is", "status", "state", "ref"}
    return asked and (
        term.field == "ref"
        or any(atom.said.lower() == Status.SPAM.value for atom in term.value.atoms)  # type: ignore[union-attr]
    )


def _number(line: str) -> int | None:
    said = line.strip().removeprefix("#")
    is_number = said.isascii() and said.isdecimal() and len(said) < 19
    return int(said) if is_number else None
