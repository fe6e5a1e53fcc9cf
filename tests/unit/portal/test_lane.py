"""The drawing under a promise."""

from datetime import UTC, datetime

from app.businesstime import Calendar
from app.portal import lane

BERLIN = "Europe/Berlin"
OFFICE = Calendar(zone=BERLIN, week={day: [("08:00", "18:00")] for day in range(5)})
NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


def drawn(calendar: Calendar, *seconds: int) -> lane.Lane:
    dues = [calendar.add(NOW, amount) for amount in seconds]
    found = lane.draw(calendar, dues, now=NOW, zone=BERLIN)
    assert found is not None
    return found


def test_a_night_is_a_gap_between_two_stretches():
    found = drawn(OFFICE, 1800, 4 * 3600)

    assert [bar.is_open for bar in found.bars] == [True, False, True]
    assert [label.text for label in found.labels] == [
        "Thu 08:20",
        "14:50",
        "14:20",
        "18:00",
        "08:00",
        "closed",
    ]
    assert found.sentence == (
        "Sent at 14:20, closed from 18:00 today to 08:00 tomorrow, "
        "due by 14:50 today and 08:20 tomorrow"
    )


def test_many_nights_name_the_days():
    found = drawn(OFFICE, 1800, 40 * 3600)

    assert [label.text for label in found.labels if not label.is_due] == [
        "14:20",
        "Thu",
        "Fri",
        "Mon",
        "Tue",
    ]


def test_labels_never_touch_and_stay_inside():
    breaks = Calendar(
        zone=BERLIN, week={day: [("09:00", "12:30"), ("13:30", "17:00")] for day in range(5)}
    )
    for calendar in (OFFICE, breaks):
        for seconds in (60, 900, 3 * 3600, 9 * 3600, 30 * 3600, 90 * 3600):
            labels = drawn(calendar, 60, seconds).labels
            for label in labels:
                assert label.extent[0] >= -1
                assert label.extent[1] <= lane.WIDTH + 1
                assert not [
                    other
                    for other in labels
                    if other is not label
                    and other.y == label.y
                    and other.extent[0] < label.extent[1]
                    and label.extent[0] < other.extent[1]
                ]


def test_nothing_is_drawn_for_what_lies_behind_or_half_a_year_ahead():
    year = Calendar(zone=BERLIN, week={0: [("09:00", "10:00")]})

    assert lane.draw(OFFICE, [NOW], now=NOW, zone=BERLIN) is None
    assert lane.draw(year, [year.add(NOW, 26 * 3600)], now=NOW, zone=BERLIN) is None
