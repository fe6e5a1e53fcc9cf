"""What other searches know and this one does not: OR, brackets, two minuses. Pure.

Each would silently be a word, and the answer to another question than was asked.
"""

from collections.abc import Sequence

from app.fulltext.words import words_of
from app.languages import gettext as _
from app.tickets.search.terms import Either, Mistake, Spot, Term


def refuse(line: str, terms: Sequence[Term]) -> None:
    """Raise `Mistake` at the first thing in ``line`` that is none of this search's."""
    bare = [term for term in terms if not term.field and not term.words.is_quoted]
    for before, term, after in zip([None, *terms], terms, [*terms[1:], None], strict=False):
        if term in bare:
            _refuse_either(before, term, after)
            _refuse_and_not(term, after)
            _refuse_minuses(term)
    _refuse_brackets(line, bare)
    if terms and not any(term.field or words_of(term.words.said) for term in terms):
        said = _("There is nothing to look for here: write letters or digits.")
        raise Mistake(said, Spot(terms[0].spot.start, terms[-1].spot.end))


def _refuse_either(before: Term | None, term: Term, after: Term | None) -> None:
    at = term.words.said.find("|")
    if term.words.said != "OR" and at < 0:
        return
    said = _(
        "All words must be there: there is no “or” between them. Of the values of a field either "
        "will do: is:new,waiting. To look for “%(typed)s” itself put it in quotation marks.",
        typed="OR" if at < 0 else "|",
    )
    if before and after and term.words.said in ("OR", "|", "||") and _are_alike(before, after):
        assert isinstance(after.value, Either)
        spot = Spot(before.spot.end, after.value.atoms[0].spot.start)
        raise Mistake(said, spot, instead=",")
    start = term.words.spot.start + max(at, 0)
    raise Mistake(said, Spot(start, start + 1) if at >= 0 else term.words.spot)


def _are_alike(before: Term, after: Term) -> bool:
    """Whether a comma can say either of the two."""
    return (
        before.field == after.field != ""
        and isinstance(before.value, Either)
        and isinstance(after.value, Either)
        and not (before.is_not or after.is_not)
    )


def _refuse_and_not(term: Term, after: Term | None) -> None:
    if term.words.said == "AND":
        said = _("All words must be there: leave “AND” out, or put it in quotation marks.")
        raise Mistake(said, term.words.spot, instead="")
    if term.words.said == "NOT":
        said = _(
            "A minus before a word leaves out what holds it: -vpn. To look for “NOT” itself put it "
            "in quotation marks."
        )
        if after is None or after.is_not:
            raise Mistake(said, term.words.spot)
        raise Mistake(said, Spot(term.words.spot.start, after.spot.start), instead="-")


def _refuse_minuses(term: Term) -> None:
    said, start = term.words.said, term.words.spot.start
    rest = said.lstrip("-")
    if said.startswith("--") and words_of(rest):
        raise Mistake(
            _(
                "One minus leaves out what holds a word: -vpn. To look for it with its signs put "
                "it in quotation marks."
            ),
            Spot(start, start + len(said) - len(rest)),
            instead="-",
        )


def _refuse_brackets(line: str, bare: Sequence[Term]) -> None:
    """Refuse brackets around words; within a word, as in ``printer(s)``, they do no harm."""
    words = [term.words for term in bare if words_of(term.words.said)]
    opening = [word.spot.start for word in words if word.said.startswith("(")]
    closing = [word.spot.end - 1 for word in words if _closes(word.said)]
    if not opening and not closing:
        return
    spot = Spot(min(opening + closing), max(opening + closing) + 1)
    within = line[spot.start : spot.end]
    raise Mistake(
        _(
            "Brackets are not understood: all words must be there. To look for them put the words "
            "in quotation marks."
        ),
        spot,
        instead=within.replace("(", "").replace(")", ""),
    )


def _closes(word: str) -> bool:
    return word.endswith(")") and word.count("(") < word.count(")")
