"""How a search is read: its terms, and the spot where it cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tickets.search import grammar
from app.tickets.search.terms import Compared, Either, Mistake, Range, quoted


def said(line: str) -> list[str]:
    """Each term in one way of writing: ``-field=value``."""
    return [
        f"{'-' if term.is_not else ''}{term.field}{'=' if term.field else ''}{_value(term.value)}"
        for term in grammar.read(line)
    ]


def _value(value: Either | Compared | Range) -> str:
    match value:
        case Either(atoms):
            return "|".join(atom.said for atom in atoms)
        case Compared(sign, atom):
            return f"{sign} {atom.said}"
        case Range(first, last):
            return f"{first.said if first else ''} to {last.said if last else ''}"


def test_words_fields_phrases_and_ranges_stand_side_by_side():
    line = (
        'is:open team:net sla:breached due:<2h from:anna tag:vpn has:attachment "exact words"'
        " -word created:2026-01.."
    )

    assert said(line) == [
        "is=open",
        "team=net",
        "sla=breached",
        "due=< 2h",
        "from=anna",
        "tag=vpn",
        "has=attachment",
        "exact words",
        "-word",
        "created=2026-01 to ",
    ]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("", []),
        ("  vpn  down ", ["vpn", "down"]),
        ('from:"Anna Berg",me', ["from=Anna Berg|me"]),
        ("“exact words” „genau so“ «juste ça»", ["exact words", "genau so", "juste ça"]),
        ('-is:open -"not this"', ["-is=open", "-not this"]),
        ("http://x.example/a?b:c 10:30 Re: c++", ["http://x.example/a?b:c", "10:30", "Re:", "c++"]),
        ("created:..2026-02 rating:<=2", ["created= to 2026-02", "rating=<= 2"]),
        ("#1042 net* - --", ["#1042", "net*", "-", "--"]),
    ],
)
def test_a_line_is_read_as_it_is_meant(line, read):
    assert said(line) == read


@pytest.mark.parametrize(
    "value", ["net", "vpn:8", "two words", "no\xa0break", "a..b", "»x", "„x", ""]
)
def test_a_value_is_quoted_so_that_it_is_read_as_one(value):
    assert said(f"tag:{quoted(value)}") == [f"tag={value}"]


@pytest.mark.parametrize(
    ("line", "spot", "sentence"),
    [
        ('vpn "no end', '"no end', "has no end"),
        ("is:open, vpn", " ", "A value is missing"),
        ("due:< vpn", " ", "A value is missing"),
        ("created:2026..2027..2028", "..2028", "cannot be understood"),
        ("created:<..", "..", "cannot be understood"),
        ("w " * 31, "w", "30 words and values at most"),
        ("vpn from:" + "a," * 29 + "b,c", "b,c", "30 words and values at most"),
        ("is:" + "new," * 15 + "new ref:" + "1," * 14 + "2", "2", "30 words and values at most"),
        ("w" * 501, "w", "500 characters at most"),
    ],
)
def test_a_mistake_names_its_spot(line, spot, sentence):
    with pytest.raises(Mistake, match=sentence) as mistake:
        grammar.read(line)

    where = mistake.value.spot
    assert line[where.start : where.end] == spot


@given(st.text(alphabet=' ab:-",.<>=#*“”„\u00e9\n', max_size=60))
def test_whatever_is_typed_is_read_or_has_its_spot_within_the_line(line):
    try:
        terms = grammar.read(line)
    except Mistake as mistake:
        assert 0 <= mistake.spot.start <= len(line)
    else:
        assert all(0 <= term.spot.start < term.spot.end <= len(line) for term in terms)
