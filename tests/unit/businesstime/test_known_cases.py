"""Tables of cases worked out by hand, the days on which zones jump above all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.businesstime import Calendar, NeverOpen

OFFICE = {day: [("09:00", "12:30"), ("13:30", "17:00")] for day in range(5)}
ALWAYS = {day: [("00:00", "24:00")] for day in range(7)}
NIGHTS = {day: [("22:00", "06:00")] for day in range(7)}
HOUR = 3600


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-28", 7),  # the night loses 02:00-03:00
        ("Europe/Berlin", "2026-10-24", 9),  # and has it twice
        ("America/New_York", "2026-03-07", 7),
        ("America/New_York", "2026-10-31", 9),
        ("Australia/Lord_Howe", "2026-04-04", 8.5),  # half an hour only
        ("Australia/Lord_Howe", "2026-10-03", 7.5),
        ("America/Sao_Paulo", "2018-11-03", 7),  # midnight itself is skipped
        ("America/Sao_Paulo", "2018-02-17", 9),  # 23:00-24:00 is shown twice
        ("Asia/Kathmandu", "1985-12-31", 7.75),  # 15 minutes skipped for good
        ("Europe/Berlin", "2026-06-01", 8),
    ],
)
def test_an_overnight_window_counts_real_seconds_across_a_change(zone, day, hours):
    evening = date.fromisoformat(day)
    calendar = Calendar(zone, {evening.weekday(): [("22:00", "06:00")]})
    noon = datetime(evening.year, evening.month, evening.day, 12, tzinfo=ZoneInfo(zone))

    opens = calendar.next_open(noon)

    assert calendar.elapsed(noon, noon + timedelta(days=1)) == hours * HOUR
    assert calendar.closing(opens) == opens + timedelta(hours=hours)
    assert calendar.add(opens, int(hours * HOUR)) == calendar.closing(opens)


@pytest.mark.parametrize(
    ("zone", "window", "day", "hours"),
    [
        ("Europe/Berlin", ("02:00", "03:00"), "2026-03-29", 0),  # wholly skipped
        ("Europe/Berlin", ("02:00", "03:00"), "2026-10-25", 2),  # shown twice
        ("Europe/Berlin", ("02:15", "02:30"), "2026-10-25", 0.5),  # two openings
        ("Europe/Berlin", ("01:30", "02:30"), "2026-03-29", 0.5),
        ("Europe/Berlin", ("00:00", "24:00"), "2026-03-29", 23),
        ("Europe/Berlin", ("00:00", "24:00"), "2026-10-25", 25),
        ("America/Sao_Paulo", ("00:00", "01:00"), "2018-11-04", 0),
        ("America/Sao_Paulo", ("00:00", "24:00"), "2018-11-04", 23),
        ("Australia/Lord_Howe", ("00:00", "24:00"), "2026-04-05", 24.5),
        ("Pacific/Apia", ("00:00", "24:00"), "2011-12-30", 0),  # that Friday never was
    ],
)
def test_a_window_of_the_day_itself_across_a_change(zone, window, day, hours):
    on = date.fromisoformat(day)
    calendar = Calendar(zone, {0: [("09:00", "09:01")]} | {on.weekday(): []}, {on: [window]})
    start = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=30)

    counted = [
        span
        for span in calendar.spans(start, start + timedelta(hours=90))
        if span.counted and span.seconds != 60
    ]

    assert sum(span.seconds for span in counted) == hours * HOUR


def test_apia_keeps_the_night_of_a_date_that_was_skipped():
    calendar = Calendar("Pacific/Apia", {4: [("22:00", "06:00")]})  # Fridays only

    opens = calendar.next_open(utc("2011-12-29T12:00"))

    assert opens == utc("2011-12-30T10:00")  # Saturday 00:00 there, right after Thursday 24:00
    assert calendar.closing(opens) == utc("2011-12-30T16:00")


def test_half_past_eleven_on_the_eve_of_a_change_round_the_clock():
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar("Europe/Berlin", ALWAYS)

    due = calendar.add(datetime(2026, 3, 28, 23, 30, tzinfo=berlin), 4 * HOUR)

    assert due == datetime(2026, 3, 29, 4, 30, tzinfo=berlin)
    assert calendar.closing(due) is None


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2026-01-05T08:00", 0, "2026-01-05T08:00"),
        ("2026-01-03T10:00", 0, "2026-01-03T10:00"),  # nothing to add, closed or not
        ("2026-01-05T08:00", 3.5 * HOUR, "2026-01-05T11:30"),  # exactly at closing: stays there
        ("2026-01-05T08:00", 3.5 * HOUR + 1, "2026-01-05T12:30:01"),
        ("2026-01-05T11:30", 1, "2026-01-05T12:30:01"),
        ("2026-01-03T10:00", 7 * HOUR, "2026-01-05T16:00"),
        ("2026-01-09T15:59:59", 2, "2026-01-12T08:00:01"),
        ("2026-03-27T15:00", 2 * HOUR, "2026-03-30T08:00"),  # an hour earlier in UTC
    ],
)
def test_adding_in_office_hours(start, seconds, due):
    calendar = Calendar("Europe/Berlin", OFFICE)

    assert calendar.add(utc(start), int(seconds)) == utc(due)
    assert calendar.elapsed(utc(start), utc(due)) == seconds


def test_a_reversed_stretch_holds_nothing():
    calendar = Calendar("UTC", OFFICE)

    assert calendar.elapsed(utc("2026-01-06T12:00"), utc("2026-01-05T12:00")) == 0
    assert list(calendar.spans(utc("2026-01-06T12:00"), utc("2026-01-05T12:00"))) == []


def test_windows_that_touch_or_overlap_are_one():
    pieces = [("09:00", "12:00"), ("12:00", "15:00"), ("14:00", "20:00"), ("20:00", "02:00")]
    calendar = Calendar("UTC", {0: pieces, 1: [("01:00", "03:00")]})

    assert calendar.closing(utc("2026-01-05T09:00")) == utc("2026-01-06T03:00")


def test_an_exception_takes_its_night_with_it_and_leaves_the_night_before():
    calendar = Calendar("UTC", NIGHTS, {date(2026, 12, 25): []}, {date(2026, 12, 25): "Christmas"})

    told = [
        (span.starts_at, span.ends_at, span.reason)
        for span in calendar.spans(utc("2026-12-24T12:00"), utc("2026-12-26T23:00"))
    ]

    assert told == [
        (utc("2026-12-24T12:00"), utc("2026-12-24T22:00"), "closed"),
        (utc("2026-12-24T22:00"), utc("2026-12-25T06:00"), "open"),
        (utc("2026-12-25T06:00"), utc("2026-12-26T06:00"), "Christmas"),
        (utc("2026-12-26T06:00"), utc("2026-12-26T22:00"), "closed"),
        (utc("2026-12-26T22:00"), utc("2026-12-26T23:00"), "open"),
    ]


def test_a_holiday_is_named_between_the_closed_hours_around_it():
    day = date(2026, 12, 25)
    calendar = Calendar("Europe/Berlin", OFFICE, {day: []}, {day: "Christmas Day"})

    reasons = [s.reason for s in calendar.spans(utc("2026-12-24T16:00"), utc("2026-12-28T08:00"))]

    assert reasons == ["closed", "Christmas Day", "closed"]


def test_the_far_past_and_future_are_known():
    calendar = Calendar("America/New_York", OFFICE)

    assert calendar.add(utc("1970-01-01T00:00"), 7 * HOUR) == utc("1970-01-01T22:00")
    assert calendar.next_open(utc("2100-07-03T00:00")) == utc("2100-07-05T13:00")
    assert calendar.elapsed(utc("1970-01-01T00:00"), utc("2100-01-01T00:00")) > 0


@pytest.mark.parametrize("year", [1850, 2200, 9999])
def test_years_beyond_the_known_are_refused(year):
    calendar = Calendar("UTC", OFFICE)

    with pytest.raises(ValueError, match="from 1900 to 2199"):
        calendar.add(datetime(year, 6, 1, tzinfo=UTC), 1)


def test_a_budget_past_the_last_year_is_refused():
    with pytest.raises(ValueError, match="past the year 2199"):
        Calendar("UTC", ALWAYS).add(utc("2026-01-01T00:00"), 10**11)


def closed_for(days: int) -> Calendar:
    closed = (date(2026, 1, 1) + timedelta(days=n) for n in range(days))
    return Calendar("UTC", ALWAYS, {on: [] for on in closed})


def test_a_year_without_an_opening_is_never():
    calendar, eve = closed_for(366), utc("2025-12-31T23:00")

    for question in (
        lambda: calendar.add(eve, HOUR + 1),
        lambda: calendar.add(utc("2026-01-01T00:00"), 1),
        lambda: calendar.next_open(utc("2026-01-01T00:00")),
        lambda: calendar.add_many([int(eve.timestamp())], [HOUR + 1]),
    ):
        with pytest.raises(NeverOpen, match="366 days after 2026-01-01"):
            question()
    assert calendar.add(eve, HOUR) == utc("2026-01-01T00:00")
    assert calendar.add(utc("2026-01-01T00:01"), 1) == utc("2027-01-02T00:00:01")
    assert calendar.elapsed(eve, utc("2027-01-03T00:00")) == 25 * HOUR


def test_never_does_not_depend_on_what_was_asked_before():
    calendar = closed_for(366)
    calendar.elapsed(utc("2020-01-01T00:00"), utc("2030-01-01T00:00"))

    with pytest.raises(NeverOpen):
        calendar.add(utc("2025-12-01T00:00"), 60 * 86_400)


def test_a_day_less_than_never_is_waited_for():
    assert closed_for(365).next_open(utc("2026-01-01T00:00")) == utc("2027-01-01T00:00")


def test_asking_for_the_closing_of_a_closed_instant_is_an_error():
    with pytest.raises(ValueError, match="is not open"):
        Calendar("UTC", OFFICE).closing(utc("2026-01-05T17:00"))


def test_naive_fractional_and_negative_input_is_refused():
    calendar, at = Calendar("UTC", OFFICE), utc("2026-01-05T10:00")

    with pytest.raises(ValueError, match="no time zone"):
        calendar.add(at.replace(tzinfo=None), 1)
    with pytest.raises(ValueError, match="whole second"):
        calendar.elapsed(at, at.replace(microsecond=1))
    with pytest.raises(ValueError, match="-1 seconds"):
        calendar.add(at, -1)
    with pytest.raises(ValueError, match="-1 seconds"):
        calendar.add_many([0], [-1])
    with pytest.raises(ValueError, match="whole seconds"):
        calendar.elapsed_many([0.5], [1])
    with pytest.raises(TypeError):
        calendar.add(at, 1.5)


def test_instants_of_any_zone_are_answered_in_utc():
    calendar, at = Calendar("Europe/Berlin", OFFICE), datetime(2026, 10, 25, 2, 30, fold=1)

    opens = calendar.next_open(at.replace(tzinfo=ZoneInfo("Europe/Berlin")))

    assert opens == utc("2026-10-26T08:00")
    assert opens.tzinfo is UTC
    assert calendar.add(at.replace(tzinfo=ZoneInfo("Europe/Berlin")), 0) == utc("2026-10-25T01:30")


def test_empty_arrays_and_scalars_broadcast():
    calendar = Calendar("UTC", OFFICE)

    assert calendar.add_many([], []).tolist() == []
    assert calendar.elapsed_many([[0], [86_400]], 2 * 86_400).shape == (2, 1)


def test_threads_that_extend_one_calendar_at_once_get_the_same_answers():
    calendar, years = Calendar("Europe/Berlin", OFFICE), [*range(1990, 2050, 3)] * 4
    starts = [utc(f"{year}-05-04T06:00") for year in years]

    with ThreadPoolExecutor(8) as pool:
        dues = list(pool.map(lambda start: calendar.add(start, 2_000_000), starts))

    fresh = Calendar("Europe/Berlin", OFFICE)
    assert dues == [fresh.add(start, 2_000_000) for start in starts]
