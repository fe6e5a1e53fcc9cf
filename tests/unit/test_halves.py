"""What PostgreSQL need not see is named by what is there."""

from tests.halves import SQLITE_ALONE, TESTS, is_left_out


def test_every_place_that_is_left_out_exists():
    places = [place for named in SQLITE_ALONE.values() for place in named]
    assert [place for place in places if not (TESTS / place).exists()] == []
    assert len(places) == len(set(places))


def test_a_place_is_left_out_with_everything_in_it():
    assert is_left_out(TESTS / "editor" / "test_editor.py")
    assert not is_left_out(TESTS / "tickets" / "test_bulk.py")
