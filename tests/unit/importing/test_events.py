from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.events import parts_of, written
from app.importing.instants import bound, reader_of


@given(st.text().map(str.strip), st.text().map(str.strip))
def test_a_value_written_is_read_back(subject: str, organisation: str) -> None:
    parts = {"subject": subject, "organisation": organisation}

    assert parts_of(written(parts)) == {key: text for key, text in parts.items() if text}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("subject=a; b", "' b' is not key=value; a semicolon inside a value is written \\;."),
        ("colour=red", "'colour' is none of"),
        ("kind=incident;kind=request", "'kind' is given twice."),
    ],
)
def test_a_value_that_is_wrong_is_refused_with_a_sentence(value: str, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        parts_of(value)
    assert str(caught.value).startswith(sentence)


def test_an_equals_sign_inside_a_value_needs_no_backslash() -> None:
    assert parts_of("subject=a=b;priority=high") == {"subject": "a=b", "priority": "high"}


def test_local_times_are_read_in_their_zone() -> None:
    read = reader_of("Europe/Berlin")
    assert read("2026-03-29T01:59") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert read("2026-10-25 02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first"
    assert read("2026-10-25 02:30+01:00") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="never was in Europe/Berlin"):
        read("2026-03-29 02:30")
    with pytest.raises(ValueError, match="is no time"):
        reader_of("UTC", "%d/%m/%Y")("2026-03-29")


def test_a_date_as_an_end_includes_its_day() -> None:
    assert bound("2026-03-29", "Europe/Berlin") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert bound("2026-03-29", "Europe/Berlin", is_end=True) == datetime(
        2026, 3, 29, 22, tzinfo=UTC
    )
