"""How a search is written: ``is:open team:net due:<2h "exact words" -word created:2026-01..``.

Words and fields stand side by side and all must hold; a minus turns one round; a comma means
either. A word with a colon in it that is no field (``10:30``, an address of the web) is a word.
"""

from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from app.languages import gettext as _
from app.tickets.search.terms import Atom, Compared, Either, Mistake, Range, Spot, Term

LONGEST, MOST = 500, 30
"""Characters of a line, and words and values in it."""

_OPENING = frozenset('"“„«')
_GRAMMAR = r"""
start: _WS? (term (_WS term)*)? _WS?
term: NOT? (filter | QUOTED | WORD)
filter: FIELD (either | compared | range)
either: atom ("," atom)*
compared: SIGN atom
range: atom TO atom -> closed
     | atom TO -> upward
     | TO atom -> downward
atom: QUOTED | ATOM

NOT.5: /-(?=[^\s-])/
FIELD.4: /[A-Za-z][A-Za-z-]*:(?=\S)(?!\/\/)/
QUOTED.3: /"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»/
SIGN.3: /[<>]=?/
TO.3: ".."
WORD: /[^\s"“„«][^\s]*/
ATOM: /((?!\.\.)[^\s",“„«])+/
_WS: /\s+/
"""


def read(line: str) -> tuple[Term, ...]:
    """The terms of ``line`` in order; raises `Mistake` at the spot that cannot be read."""
    if len(line) > LONGEST:
        raise Mistake(
            _("A search has %(most)s characters at most.", most=LONGEST),
            Spot(LONGEST, len(line)),
        )
    try:
        terms: tuple[Term, ...] = _parser.parse(line)  # type: ignore[assignment]
    except UnexpectedInput as unexpected:
        raise _mistake(line, unexpected) from None
    spots = [spot for term in terms for spot in _spots_of(term)]
    if len(spots) > MOST:
        raise Mistake(
            _("A search has %(most)s words and values at most.", most=MOST),
            Spot(spots[MOST].start, spots[-1].end),
        )
    return terms


def _spots_of(term: Term) -> list[Spot]:
    """Where what is asked of one term stands: each of its values where a comma means either."""
    if isinstance(term.value, Either) and len(term.value.atoms) > 1:
        return [atom.spot for atom in term.value.atoms]
    return [term.spot]


class _Reading(Transformer[Token, Any]):
    """From lark's tree to terms."""

    def start(self, terms: list[Term]) -> tuple[Term, ...]:
        return tuple(terms)

    def term(self, parts: list[Any]) -> Term:
        *turned, said = parts
        name, value, spot = said if isinstance(said, tuple) else ("", *_words(said))
        start = turned[0].start_pos if turned else spot.start
        return Term(value, Spot(start, spot.end), field=name, is_not=bool(turned))

    def filter(self, parts: list[Any]) -> tuple[str, Any, Spot]:
        name, value = parts
        return str(name)[:-1].lower(), value, Spot(_start(name), _end_of(value, name))

    def either(self, atoms: list[Atom]) -> Either:
        return Either(tuple(atoms))

    @v_args(inline=True)
    def compared(self, sign: Token, atom: Atom) -> Compared:
        return Compared(str(sign), atom)

    @v_args(inline=True)
    def closed(self, first: Atom, _to: Token, last: Atom) -> Range:
        return Range(first, last)

    @v_args(inline=True)
    def upward(self, first: Atom, _to: Token) -> Range:
        return Range(first, None)

    @v_args(inline=True)
    def downward(self, _to: Token, last: Atom) -> Range:
        return Range(None, last)

    @v_args(inline=True)
    def atom(self, token: Token) -> Atom:
        return _atom(token)


def _atom(token: Token) -> Atom:
    is_quoted = token.type == "QUOTED"
    said = str(token)[1:-1] if is_quoted else str(token)
    return Atom(said, Spot(_start(token), _start(token) + len(token)), is_quoted)


def _words(token: Token) -> tuple[Either, Spot]:
    atom = _atom(token)
    return Either((atom,)), atom.spot


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end_of(value: Either | Compared | Range, name: Token) -> int:
    match value:
        case Either(atoms):
            return atoms[-1].spot.end
        case Compared(_, atom):
            return atom.spot.end
        case Range(_, Atom() as last):
            return last.spot.end
        case Range(Atom() as first, _):
            return first.spot.end + len("..")
    return _start(name) + len(name)


def _mistake(line: str, unexpected: UnexpectedInput) -> Mistake:
    """What is wrong where the line could not be read on."""
    at: int = unexpected.pos_in_stream if unexpected.pos_in_stream is not None else -1
    is_over = isinstance(unexpected, UnexpectedToken) and unexpected.token.type == "$END"
    start = len(line) if is_over or at < 0 else at
    rest = line[start:]
    if rest[:1] in _OPENING:
        spot = Spot(start, len(line))
        return Mistake(_("The quotation mark that begins here has no end."), spot)
    if not rest or rest[0].isspace() or rest[0] == ",":
        return Mistake(_("A value is missing here."), Spot(start, start + 1))
    spot = Spot(start, start + len(rest.split(maxsplit=1)[0]))
    return Mistake(_("This cannot be understood here."), spot)


_parser = Lark(_GRAMMAR, parser="lalr", transformer=_Reading())
