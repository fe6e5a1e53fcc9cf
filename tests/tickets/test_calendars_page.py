"""/manage/calendars: the hours that promises count in, and other hours on a single day."""

import html
import io

import pytest

from app.agreements.models import CalendarChange
from app.calendars.models import CalendarVersion
from app.clocks import queries as clocks
from app.clocksource import set_test_clock
from app.database import db, transaction
from app.manage import calendar_forms
from app.notices.models import Notice
from tests.cast import NOW, assemble, sign_in
from tests.factories import open_request


@pytest.fixture
def url(app, client) -> str:
    """The form of the hours of Elke's request, at 14:20 of a Wednesday; Jens is signed in."""
    cast = assemble()
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    hours = db.session.get_one(CalendarVersion, clock.calendar_version_id)
    with transaction():
        set_test_clock(NOW)
    sign_in(client, cast.jens)
    return f"/manage/calendars/{hours.calendar_id}/versions/{ticket.version_id}/exceptions/new"


FORM = {"on": "2026-11-19", "windows": "", "name": "Works outing", "reason": "All are away."}


def test_the_page_lists_hours_in_words_and_what_is_excepted(client, url):
    page = client.get("/manage/calendars").text

    assert f'href="{url}"' in page
    assert "Monday to Friday 08:00 to 18:00 CET" in page
    assert "Fri 25 Dec 2026, Christmas Day: closed" in page
    assert "Sun 31 Dec 2028" in page


def test_what_moves_is_shown_first_and_done_only_then(client, url):
    shown = client.post(url, data=FORM).text

    assert "1 of 2 running promises moves, the latest by 24 h." in shown
    assert db.session.query(CalendarChange).count() == 0

    confirmed = shown.partition('name="confirmed" value="')[2].partition('"')[0]
    answer = client.post(url, data={**FORM, "confirmed": confirmed})
    assert answer.status_code == 303
    assert db.session.query(CalendarChange).one().reason == "All are away."
    assert "Thu 19 Nov 2026, Works outing: closed" in client.get("/manage/calendars").text


def test_days_on_which_a_newer_list_of_holidays_differs_are_proposed(client, url):
    assert "A newer list" not in client.get("/manage/calendars").text
    with transaction():
        for hours in db.session.query(CalendarVersion):
            form = hours.definition
            if hours.holidays:
                exceptions = {**form["exceptions"], "2026-11-25": []}
                del exceptions["2026-12-25"]
                names = {**form["names"], "2026-11-25": "Christmas Day"}
                hours.definition = {**form, "exceptions": exceptions, "names": names}

    page = client.get("/manage/calendars").text

    assert "Christmas Day, new" in page
    assert "Christmas Day, no longer" in page
    at = page.index(f"{url}?on=2026-11-25")
    link = html.unescape(page[at : page.index('"', at)])
    begun = client.get(link).text
    assert 'value="2026-11-25"' in begun
    assert 'value="08:00–18:00"' in begun
    assert "Christmas Day is no public holiday on this day" in begun


def test_what_was_changed_since_it_was_shown_is_shown_again(client, url):
    answer = client.post(url, data={**FORM, "confirmed": "2026-11-20 []"})

    assert "Set these hours" in answer.text
    assert db.session.query(CalendarChange).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("windows", "eight to ten", "are no hours"),
        ("on", "2026-11-17", "This day is past"),
        ("reason", "", "Say why"),
        ("windows", "08:00–18:00", "the hours of that day already"),
    ],
)
def test_a_refusal_says_why(client, url, field, value, sentence):
    if sentence.endswith("already"):
        data = {**FORM, "windows": value, "name": ""}
        first = client.post(url, data={**data, "confirmed": "2026-11-19 [('08:00', '18:00')]"})
        assert first.status_code == 303
        assert sentence in client.post(url, data=data).text
    else:
        assert sentence in client.post(url, data={**FORM, field: value}).text


def test_hours_are_read_as_people_write_them():
    assert calendar_forms.windows_of("08:00-12:00, 13:00 – 16:00") == [
        ("08:00", "12:00"),
        ("13:00", "16:00"),
    ]
    assert calendar_forms.windows_of(" ") == []


FILE = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//The city//Days off//EN\r
BEGIN:VEVENT\r
UID:1\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20201119\r
RRULE:FREQ=YEARLY\r
SUMMARY:Founders' day\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20261228\r
DTEND;VALUE=DATE:20261230\r
SUMMARY:The house is closed\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
DTSTAMP:20260101T000000Z\r
DTSTART:20261120T100000Z\r
RRULE:FREQ=SECONDLY\r
SUMMARY:A meeting that never ends\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:5\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20200101\r
RRULE:FREQ=SECONDLY\r
SUMMARY:Every second of every day\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20261225\r
SUMMARY:Christmas Day\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_days_off_come_from_a_file_are_chosen_and_told_once(client, url):
    url = url.replace("/new", "/file")

    read = client.post(url, data={"file": (io.BytesIO(FILE), "days.ics")}).text

    assert "Thu 19 Nov 2026, Founders&#39; day" in read
    assert "Tue 29 Dec 2026, The house is closed" in read
    assert "Christmas Day" not in read  # closed already
    assert "2 events in the file are not whole days" in read
    assert "1 of 2 running promises moves, the latest by 24 h." in read
    days = ["2026-11-19 Founders' day", "2026-12-28 The house is closed"]
    form = {"offered": days, "day": days, "confirmed": "2026-11-19 2026-12-28", "reason": ""}
    assert "Say why: both parties are told." in client.post(url, data=form).text
    assert db.session.query(CalendarChange).count() == 0

    answer = client.post(url, data={**form, "reason": "As the city has it."})

    assert answer.status_code == 303
    changes = db.session.query(CalendarChange).order_by(CalendarChange.on_date).all()
    assert [change.name for change in changes] == ["Founders' day", "The house is closed"]
    assert len({change.after_id for change in changes}) == 1
    told = db.session.query(Notice).filter_by(kind="hours-exception").all()
    assert {len(notice.facts["further"]) for notice in told} == {1}
    assert len(told) == len({notice.person_id for notice in told})


DAILY = b";VALUE=DATE:20201119\r\nRRULE:FREQ=DAILY"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no calendar", "no iCalendar file"),
        (FILE[:60], "no iCalendar file"),
        (b"", "Choose a day"),
    ],
)
def test_what_is_no_file_of_days_is_refused(client, url, content, sentence):
    data = {"file": (io.BytesIO(content), "days.ics")} if content else {}

    assert sentence in client.post(url.replace("/new", "/file"), data=data).text
