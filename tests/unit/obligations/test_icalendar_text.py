"""Dates of agreements as other programs read them."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from app.agreements.models import Agreement
from app.obligations import icalendar_text
from app.obligations.coming import Coming, What

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
WORKPLACE = Agreement(key="workplace", title="Managed workplace; with “quotes”, and commas")
MEETING = Coming(
    What.MEETING,
    date(2026, 11, 30),
    WORKPLACE,
    "review-1-2026-12-01",
    at=datetime(2026, 11, 30, 9, tzinfo=UTC),
    place="Room 3\nHalden",
)


def events(*rows: Coming) -> list[dict[str, object]]:
    text = icalendar_text.text(
        rows, name="Halden", host="help.example", link=lambda row: "https://help.example/", at=AT
    )
    return [
        {name: event[name].dt if name.startswith("DT") else str(event[name]) for name in event}
        for event in Calendar.from_ical(text).walk("VEVENT")
    ]


def test_a_meeting_has_its_time_and_place():
    (event,) = events(MEETING)

    assert event["DTSTART"] == MEETING.at
    assert event["LOCATION"] == "Room 3\nHalden"
    assert event["SUMMARY"] == "Managed workplace; with “quotes”, and commas: Review meeting"


def test_a_day_takes_all_of_it_and_keeps_its_name_when_it_is_moved():
    due = Coming(What.REVIEW, date(2026, 12, 1), WORKPLACE, MEETING.key)

    (event,) = events(due)

    assert (event["DTSTART"], event["DTEND"]) == (date(2026, 12, 1), date(2026, 12, 2))
    assert event["UID"] == events(MEETING)[0]["UID"]
