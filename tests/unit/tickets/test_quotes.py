"""Quoted words are found to be folded; nothing of a message is ever lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tickets import quotes

ANSWER = """Still the same after the new profile.

Elke

On Wed, 18 Nov 2026 at 13:40, Mara Lindt <mara.lindt@halden.example> wrote:
> Good afternoon Elke,
>
> could you try the new profile?
> Mara
"""
OUTLOOK = """Thank you.

-----Original Message-----
From: Mara Lindt
Sent: Wednesday
Subject: VPN

Could you try?
"""


def shape(body: str) -> list[tuple[int, str]]:
    return [(part.lines, part.whom) for part in quotes.parts(body)]


def test_a_quoted_mail_beneath_an_answer_is_folded_with_its_writer():
    own, quoted = quotes.parts(ANSWER)

    assert own.text.startswith("Still the same") and own.text.rstrip().endswith("Elke")
    assert (quoted.lines, quoted.whom) == (4, "Mara Lindt")
    assert "could you try the new profile?" in quoted.text


@pytest.mark.parametrize(
    "body",
    [
        OUTLOOK,
        "Danke.\n\nVon: Mara Lindt <m@halden.example>\nGesendet: Mittwoch\nBetreff: VPN\n\nWort\n",
        "Danke.\n\n________________________________\nFrom: Mara Lindt\nTo: Elke\n\nWords\n",
        "Danke.\n\nAm Mi., 18.11.2026 um 13:40 Uhr schrieb Mara Lindt <m@h.example>:\n\n> Wort\n",
    ],
)
def test_mail_programs_quote_in_several_ways(body):
    own, quoted = quotes.parts(body)

    assert not own.is_quote
    assert quoted.whom in {"Mara Lindt", ""} and quoted.lines


def test_a_short_quote_between_answers_stays_open():
    assert shape("> Which client?\n5.2\n> Which gateway?\n2\n") == [(0, "")]
    assert shape("See:\n> a\n> b\n> c\n> d\nall four") == [(0, ""), (4, ""), (0, "")]


def test_a_message_of_nothing_but_a_quote_is_not_folded():
    assert shape("> one\n> two\n> three\n> four") == [(0, "")]
    assert shape("") == [(0, "")]


@given(st.text(alphabet="> ab\n-_:F", max_size=80), st.booleans())
def test_every_word_is_still_there(body, answered):
    body = f"{body}\nFrom: x\nTo: y" if answered else body
    told = "\n".join(part.text for part in quotes.parts(body))

    assert [line for line in told.split("\n") if line.strip()] == [
        line for line in body.split("\n") if line.strip()
    ]


def test_a_hostile_message_costs_no_time():
    bodies = ("On " + "x " * 50_000, "> " * 50_000, "From: " * 16_000, "_" * 100_000, "\n" * 99_000)
    began = time.process_time()
    for body in bodies:
        quotes.parts(body)

    assert time.process_time() - began < 1
