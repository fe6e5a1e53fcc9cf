"""Public holidays by country and subdivision."""

from datetime import date

import pytest

from app.businesstime.holidays import public_holidays


def test_holidays_are_named_in_english_in_order_of_date():
    found = public_holidays("DE", "BE", [2027, 2026])

    assert found[date(2026, 12, 25)] == "Christmas Day"
    assert found[date(2026, 3, 8)] == "Women's Day"  # Berlin's own
    assert list(found) == sorted(found)
    assert {on.year for on in found} == {2026, 2027}


def test_the_whole_country_has_no_day_of_one_part():
    assert date(2026, 3, 8) not in public_holidays("DE", None, [2026])


@pytest.mark.parametrize(("country", "subdivision"), [("ZZ", None), ("DE", "XX")])
def test_an_unknown_place_is_refused(country, subdivision):
    with pytest.raises(ValueError, match=subdivision or country):
        public_holidays(country, subdivision, [2026])
