"""The value: what it refuses and how it is written."""

from datetime import date, datetime

import pytest

from app.businesstime import Calendar

DAY = date(2026, 12, 24)
WEEK = {0: [("09:00", "17:00")]}


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"zone": "Europe/Berln"}, "zone: 'Europe/Berln' is not a known time zone."),
        ({"zone": "Europe"}, "zone: 'Europe' is not a known time zone."),
        ({"week": {}}, "week: it has no window, so it would never open."),
        ({"week": {0: []}}, "week: it has no window, so it would never open."),
        ({"week": {7: []}}, "week: 7 is not a weekday from 0 (Monday) to 6."),
        ({"week": {1: [("9:00", "17:00")]}}, "week.tue: '9:00' is not a time"),
        ({"week": {1: [("09:00", "24:01")]}}, "week.tue: '24:01' is not a time"),
        ({"week": {1: [("24:00", "06:00")]}}, "week.tue: 24:00-06:00 opens at 24:00"),
        ({"week": {1: [("09:00", "09:00")]}}, "week.tue: 09:00-09:00 opens and closes at the"),
        ({"week": {1: ["09:00-17:00"]}}, "week.tue: '09:00-17:00' is not a pair of times."),
        ({"week": {1: "09:00"}}, "week.tue: '09:00' is not a list of windows."),
        ({"exceptions": {DAY: [("08:00", "x")]}}, "exceptions.2026-12-24: 'x' is not a time"),
        ({"exceptions": {"2026-12-24": []}}, "exceptions: '2026-12-24' is not a date."),
        ({"exceptions": {datetime(2026, 12, 24): []}}, "is not a date."),
        ({"names": {DAY: "Eve"}}, "names.2026-12-24: 'Eve' names a date that is no exception."),
        ({"exceptions": {DAY: []}, "names": {DAY: " "}}, "names.2026-12-24: ' ' is not a name."),
    ],
)
def test_a_wrong_calendar_is_refused_by_key_and_window(terms, sentence):
    with pytest.raises(ValueError) as refusal:
        Calendar(**({"zone": "Europe/Berlin", "week": WEEK} | terms))

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"zone": "UTC"}, "week: a calendar needs it."),
        ({"zone": "UTC", "week": {"mo": []}}, "week: 'mo' is not one of mon, tue"),
        ({"zone": "UTC", "week": []}, "week: [] is not a table."),
        ({"zone": "UTC", "week": {}, "day": 1}, "day: a calendar has no such key."),
        (
            {"zone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "exceptions": {"24.12.": []}},
            "exceptions: '24.12.' is not a date such as 2026-12-24.",
        ),
    ],
)
def test_a_wrong_stored_form_is_refused_by_key(form, sentence):
    with pytest.raises(ValueError) as refusal:
        Calendar.from_dict(form)

    assert sentence in str(refusal.value)


def test_the_stored_form_is_canonical():
    messy = Calendar(
        "Europe/Berlin",
        {4: [("13:00", "17:00"), ("09:00", "12:30")], 0: [["09:00", "12:30"]], 2: []},
        {date(2027, 1, 1): [], DAY: [("09:00", "12:00"), ("09:00", "12:00")]},
        {date(2027, 1, 1): " New Year's Day "},
    )

    assert messy.to_dict() == {
        "zone": "Europe/Berlin",
        "week": {"mon": [["09:00", "12:30"]], "fri": [["09:00", "12:30"], ["13:00", "17:00"]]},
        "exceptions": {"2026-12-24": [["09:00", "12:00"]], "2027-01-01": []},
        "names": {"2027-01-01": "New Year's Day"},
    }
    assert list(messy.to_dict()["week"]) == ["mon", "fri"]


def test_equal_calendars_are_one_key_and_others_are_not():
    twin = {Calendar("UTC", WEEK): "office"}[Calendar("UTC", {0: (("09:00", "17:00"),), 1: ()})]

    assert twin == "office"
    assert Calendar("UTC", WEEK) != Calendar("Europe/London", WEEK)
    assert Calendar("UTC", WEEK) != Calendar("UTC", WEEK, {DAY: []})


def test_a_calendar_cannot_be_changed():
    calendar = Calendar("UTC", WEEK)

    with pytest.raises(AttributeError):
        calendar.zone = "Europe/Berlin"
    with pytest.raises(TypeError):
        calendar.week[1] = ()
