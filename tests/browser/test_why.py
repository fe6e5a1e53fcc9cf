"""The explanation in a browser adds up to the second, whatever the clock went through.

A pause, a holiday, the night in which the clocks are set back, and a change of priority to a
target on another calendar and back; read off the page as a person would and added up.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from app.agreements import loading
from app.catalogue import queries as catalogue
from app.catalogue.words import Priority
from app.clocksource import set_test_clock
from app.database import transaction
from app.people import joining, signing_in
from app.people import queries as people
from app.people.models import Person
from app.tickets import classification, conversation, queries
from app.tickets.conversation import Then
from app.tickets.words import Channel
from tests import factories
from tests.browser.axe import violations
from tests.browser.conftest import Visits
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

MARA = "mara.lindt@halden.example"
LIV = "liv.dahl@nordlys.example"
NIGHTS = Path(__file__).with_name("nights.toml")
COUNTED_S = (20 * 60 + 24) + (11 * 3600 + 49 * 60 + 16) + (2 * 3600 + 11 * 60 + 11)
"""Friday until the pause; the night around the clock, an hour longer than it looks; Tuesday."""
SECOND = timedelta(seconds=1)
SETTLED_MS = 250
"""Longer than a popover takes to appear."""
LENGTH = re.compile(r"(?:(\d+) h )?(?:(\d+) m )?(\d+) s")


def berlin(day: int, time: str) -> datetime:
    """An instant of October 2026 in Berlin."""
    return datetime.fromisoformat(f"2026-10-{day}T{time}").replace(tzinfo=ZoneInfo("Europe/Berlin"))


NOW = berlin(27, "11:11:11")
"""Where the test clock stands."""


@pytest.fixture(scope="module")
def number(site: Site) -> int:
    """Liv's request, from Friday 23 October to Tuesday; there the test clock stands."""
    with inside(site.database_url, site.url):
        with transaction():
            set_test_clock(NOW)
        return _through_the_night()


def _asked_now(site: Site, priority: Priority) -> int:
    with inside(site.database_url, site.url):
        liv, kind = people.find_person_by_address(LIV), catalogue.request_type("vpn")
        assert liv is not None
        return factories.open_request(liv, kind, at=NOW, priority=priority).id


def _through_the_night() -> int:
    with transaction():
        loading.load_file(NIGHTS, at=berlin(10, "09:00:00"))
        nordlys = people.find_organisation_by_name("Nordlys")
        assert nordlys is not None
        liv = joining.add_person(
            "Liv Dahl", organisation=nordlys, at=berlin(10, "09:00:00"), address=LIV
        )
        signing_in.set_password(liv, PASSWORD)
        kind = catalogue.request_type("vpn")
    mara = people.find_person_by_address(MARA)
    assert mara is not None
    filed = factories.open_request(
        liv, kind, at=berlin(23, "15:00:07"), priority=Priority.NORMAL, subject="Slow at night"
    ).id
    with transaction():
        conversation.reply(
            queries.for_change(filed),
            by=mara,
            body="Since when?",
            at=berlin(23, "15:20:31"),
            then=Then.WAIT,
        )
    with transaction():
        conversation.requester_message(
            queries.for_change(filed),
            by=liv,
            body="Since the update.",
            channel=Channel.PORTAL,
            at=berlin(24, "20:15:03"),
        )
    _prioritise(filed, Priority.URGENT, "", mara, berlin(24, "22:40:44"))
    _prioritise(filed, Priority.NORMAL, "It works again.", mara, berlin(25, "09:30:00"))
    return filed


def _prioritise(filed: int, priority: Priority, reason: str, by: Person, at: datetime) -> None:
    with transaction():
        classification.prioritise(
            queries.for_change(filed), priority=priority, reason=reason, by=by, at=at
        )


def seconds(text: str) -> int:
    """What a cell says, in seconds; an empty one is nothing."""
    found = LENGTH.search(text)
    if found is None:
        return 0
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def added_up(table: Locator) -> tuple[int, int]:
    """Both columns of a table of spans, added up row by row; they must equal its foot."""
    rows = table.locator("tbody tr").all()
    cells = [row.locator("td.num").all_inner_texts() for row in rows]
    counted, skipped = (sum(seconds(row[column]) for row in cells) for column in (0, 1))
    foot = table.locator("tfoot tr").first.locator("td.num").all_inner_texts()
    assert (counted, skipped) == (seconds(foot[0]), seconds(foot[1]))
    return counted, skipped


@pytest.fixture(scope="module")
def with_five_promises(site: Site, number: int) -> int:
    """An urgent request of Liv that was answered, to which she wrote again."""
    filed = _asked_now(site, Priority.URGENT)
    with inside(site.database_url, site.url), transaction():
        mara, liv = people.find_person_by_address(MARA), people.find_person_by_address(LIV)
        assert mara is not None and liv is not None
        ticket = queries.for_change(filed)
        conversation.reply(ticket, by=mara, body="Since when?", at=NOW + SECOND)
        conversation.requester_message(
            ticket, by=liv, body="Since noon.", channel=Channel.PORTAL, at=NOW + 2 * SECOND
        )
    return filed


def whole_s() -> int:
    return int(NOW.timestamp() - berlin(23, "15:00:07").timestamp())


def test_the_explanation_adds_up_across_a_pause_a_holiday_a_set_clock_and_other_hours(
    visit: Visits, site: Site, number: int
):
    mara = visit(MARA)
    mara.go(f"/desk/tickets/{number}")
    page = mara.page
    cell = page.locator("ul.promises > li").filter(has_text="Resolution")
    cell.locator("summary").click()
    expect(cell.locator(".why")).to_be_visible()
    assert added_up(cell.locator("table.spans-t")) == (COUNTED_S, whole_s() - COUNTED_S)

    cell.get_by_role("link", name="Link to this explanation").click()
    table = page.locator("table.spans-t")
    assert added_up(table) == (COUNTED_S, whole_s() - COUNTED_S)
    expect(table).to_contain_text("Waiting for the requester")
    expect(table).to_contain_text("Works outing")
    expect(table).to_contain_text("Sat 24 Oct 22:40:44 CEST – Sun 25 Oct 09:30:00 CET")
    expect(table).to_contain_text("Clocks were set back by 1 h")
    expect(table).to_contain_text("Around the clock, version 1")
    story = page.locator("ul.hist-page")
    expect(story).to_contain_text("Target changed from 3 business days to 30 h: Mara Lindt")
    expect(story).to_contain_text("Back in a target it had: 24 h 00 m 00 s, as it was there")

    data = page.request.get(f"{page.url}.json").json()
    assert data["used_s"] == sum(span["counted_s"] for span in data["spans"]) == COUNTED_S
    assert data["skipped_s"] == whole_s() - COUNTED_S
    assert data["left_s"] == 24 * 3600 - COUNTED_S


def test_the_explanation_is_kept_beside_the_conversation_by_keyboard(visit: Visits, number: int):
    mara = visit(MARA, viewport={"width": 1440, "height": 900})
    mara.go(f"/desk/tickets/{number}")
    page = mara.page
    cell = page.locator("ul.promises > li").filter(has_text="Resolution")
    beside = page.get_by_role("complementary", name="Why it is due then")
    keep = page.get_by_role("button", name="Beside the conversation", pressed=False)
    cell.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(keep).to_be_visible()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)

    assert added_up(beside.locator("table.spans-t")) == (COUNTED_S, whole_s() - COUNTED_S)
    assert beside.bounding_box()["x"] >= page.locator(".talk").bounding_box()["x"] + 600
    page.locator("#reply-body").click()
    page.reload()
    expect(beside).to_contain_text("in all")
    assert violations(page) == []
    page.set_viewport_size({"width": 1200, "height": 900})
    expect(beside).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    cell.locator("summary").click()
    beside.get_by_role("button", name="Beside the conversation", pressed=True).focus()
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(cell.locator("summary")).to_be_focused()
    cell.locator("summary").click()
    beside.get_by_role("button", name="Beside the conversation").click()
    expect(cell.locator(".why")).to_be_visible()
    expect(beside).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 1100, 900, 390])
def test_every_explanation_is_within_the_window(visit: Visits, with_five_promises: int, width: int):
    mara = visit(MARA, viewport={"width": width, "height": 900})
    mara.go(f"/desk/tickets/{with_five_promises}")
    cells = mara.page.locator("ul.promises > li:has(.why-box)")
    expect(cells).to_have_count(5)

    for cell in cells.all():
        cell.locator("summary").click()
        expect(cell.locator("table.spans-t")).to_be_visible()
        mara.page.wait_for_timeout(SETTLED_MS)
        box = cell.locator(".why").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert mara.page.evaluate("document.documentElement.scrollWidth") <= width
        mara.page.keyboard.press("Escape")


def test_an_open_explanation_stays_within_a_window_made_smaller(
    visit: Visits, with_five_promises: int
):
    mara = visit(MARA, viewport={"width": 1440, "height": 900})
    mara.go(f"/desk/tickets/{with_five_promises}")
    cell = mara.page.locator("ul.promises > li:has(.why-box)").nth(2)
    cell.locator("summary").click()
    expect(cell.locator("table.spans-t")).to_be_visible()
    mara.page.set_viewport_size({"width": 900, "height": 900})
    mara.page.wait_for_timeout(SETTLED_MS)

    box = cell.locator(".why").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 900


def test_the_requester_reads_the_same_sum(visit: Visits, number: int):
    liv = visit(LIV)
    liv.go(f"/portal/requests/{number}")
    liv.page.locator("ol.vows li").filter(has_text="Solved").get_by_role("link").click()

    assert added_up(liv.page.locator("table.spans-t")) == (COUNTED_S, whole_s() - COUNTED_S)
    expect(liv.page.locator("main")).not_to_contain_text("It works again.")


def turned(page: Page, state: str, said: str, icon: str) -> None:
    chip = page.locator("ul.promises > li").filter(has_text="Resolution").locator(".chip")
    expect(chip).to_have_class(re.compile(f"chip-{state}( |$)"))
    expect(chip).to_have_text(said)
    expect(chip.locator("use")).to_have_attribute("href", re.compile(f"#{icon}$"))


def _stop_its_clock(page: Page) -> None:
    """The browser's clock goes on only where a test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def test_a_chip_turns_at_risk_and_breached_by_itself(visit: Visits, site: Site, number: int):
    urgent = _asked_now(site, Priority.URGENT)
    mara = visit(MARA)
    page = mara.page
    _stop_its_clock(page)
    mara.go(f"/desk/tickets/{urgent}")
    turned(page, "running", "30 h left", "pie-0")

    page.clock.fast_forward("22:00:00")
    turned(page, "running", "8 h left", "pie-5")
    page.clock.fast_forward("00:45:00")
    turned(page, "risk", "7 h 15 m left", "risk")
    page.clock.fast_forward("07:15:10")
    turned(page, "breached", "over by under a minute", "breach")
    page.clock.fast_forward("01:00:00")
    turned(page, "breached", "over by 1 h", "breach")


def test_a_chip_stands_still_when_the_hours_end(visit: Visits, number: int):
    mara = visit(MARA)
    _stop_its_clock(mara.page)
    mara.go(f"/desk/tickets/{number}")
    turned(mara.page, "running", "9 h 39 m left", "pie-4")

    mara.page.clock.fast_forward("08:00:00")
    turned(mara.page, "risk", "3 h 50 m left", "risk")


def test_the_pages_of_why_are_accessible(visit: Visits, number: int):
    mara, liv = visit(MARA), visit(LIV, color_scheme="dark")
    mara.go(f"/desk/tickets/{number}")
    mara.page.locator("summary", has_text="Why").first.click()
    found = violations(mara.page)
    mara.page.get_by_role("link", name="Link to this explanation").first.click()
    found += violations(mara.page)
    liv.go(f"/portal/requests/{number}")
    liv.page.get_by_role("link", name="Why this time?").first.click()

    assert found + violations(liv.page) == []
