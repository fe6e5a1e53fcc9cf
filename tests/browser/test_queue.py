"""The queue in a real browser: ten tickets by keyboard alone, bulk changes, what is new."""

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from app import wallclock
from app.catalogue import queries as catalogue
from app.catalogue.words import Priority
from app.people import queries as people
from tests.browser.axe import violations
from tests.browser.conftest import Visits
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.factories import open_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

A4_WIDTH = 718
"""Of a page of A4 between its margins, in px."""
MARA = "mara.lindt@halden.example"


def arrive(
    site: Site,
    subjects: list[str],
    priority: Priority = Priority.NORMAL,
    body: str = "Since this morning.",
) -> None:
    """Requests of Sigrid with these subjects, written beside the running site."""
    with inside(site.database_url, site.url):
        sigrid = people.find_person_by_address("sigrid.moe@fjordbank.example")
        assert sigrid is not None
        for subject in subjects:
            kind = catalogue.request_type("vpn")
            open_request(
                sigrid,
                kind,
                at=wallclock.now(),
                subject=subject,
                priority=priority,
                body=body,
            )


def type_keys(page: Page, *keys: str) -> None:
    """Press them one after the other on a page that has come whole, its scripts included."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def test_an_agent_triages_ten_tickets_by_keyboard_alone(visit: Visits, site: Site):
    arrive(site, [f"Triage {number}" for number in range(10)], Priority.LOW)
    mara = visit(MARA)
    page = mara.page
    mara.go("/desk/views/unassigned?priority=low")
    rows = page.locator("tr[data-ticket]")
    expect(rows).to_have_count(10)

    type_keys(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    type_keys(page, "Escape")
    type_keys(page, *["j", "x"] * 10)
    expect(page.locator(".bulk-n")).to_have_text("10 selected")
    type_keys(page, "a", "ArrowDown")
    expect(page.locator(".bulk-what")).to_have_text("Mara Lindt (me). Due times stay.")
    type_keys(page, "Enter")
    expect(page.get_by_text("10 tickets changed.")).to_be_visible()
    expect(page.get_by_text("Nothing matches.")).to_be_visible()

    mara.go("/desk/views/mine?priority=low")
    type_keys(page, "j", "j", "p", "ArrowDown", "Enter")
    expect(page.get_by_role("heading", name="Change 1 ticket")).to_be_visible()
    mara.go("/desk/views/mine?priority=low")
    second = rows.nth(1).locator(".line a").inner_text()
    type_keys(page, "j", "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)
    type_keys(page, "k")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(second)
    mara.go("/desk/views/mine?priority=low")
    type_keys(page, "j", "n")
    expect(page.locator("#note textarea")).to_be_focused()
    page.keyboard.type("jkx stay words here")
    expect(page.locator("#note textarea")).to_have_value("jkx stay words here")


def marked(page: Page) -> Locator:
    """The link of the ticket that the keys are at."""
    return page.locator("tr.is-cursor .line a")


def test_the_mark_is_kept_on_the_way_back_to_the_list(visit: Visits, site: Site):
    arrive(site, [f"Kept {number}" for number in range(5)], Priority.HIGH)
    mara = visit(MARA)
    page = mara.page
    mara.go("/desk/views/unassigned?priority=high")
    subjects = page.locator("tr[data-ticket] .line a").all_inner_texts()

    type_keys(page, "j", "j", "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(subjects[2])
    page.go_back()
    expect(marked(page)).to_have_text(subjects[2])
    expect(marked(page)).to_be_focused()
    type_keys(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(subjects[3])
    type_keys(page, "j")
    expect(page.get_by_role("heading", level=1)).to_contain_text(subjects[4])
    type_keys(page, "u")
    expect(marked(page)).to_have_text(subjects[4])
    type_keys(page, "k", "k", "k", "a", "ArrowDown", "Enter")
    expect(page.get_by_text("1 ticket changed.")).to_be_visible()
    expect(marked(page)).to_have_text(subjects[2])
    expect(marked(page)).to_be_focused()


def test_a_list_that_is_opened_anew_begins_at_its_head(visit: Visits, site: Site):
    arrive(site, ["Anew"])
    mara = visit(MARA)
    mara.go("/desk/views/all-open")
    type_keys(mara.page, "j")
    mara.page.get_by_role("link", name="At risk or over").click()
    mara.page.get_by_role("link", name="All open").click()

    expect(mara.page.get_by_role("heading", level=1, name="All open")).to_be_visible()
    expect(marked(mara.page)).to_have_count(0)


def test_f_leads_into_the_filters_and_escape_out_of_them(visit: Visits, site: Site):
    arrive(site, ["Filtered"])
    mara = visit(MARA)
    page = mara.page
    mara.go("/desk/views/all-open")

    type_keys(page, "f")
    parts = page.locator(".menu-filters .menu-part")
    expect(parts.first.locator("summary")).to_be_focused()
    type_keys(page, "Enter", "Tab", "Space")
    expect(parts.first.locator("input").first).to_be_checked()
    type_keys(page, "Space", "Escape")
    expect(page.locator(".filters summary").first).to_be_focused()
    type_keys(page, "f")
    expect(parts.first.locator("fieldset")).to_be_hidden()


def test_what_comes_in_is_announced_and_no_row_moves(visit: Visits, site: Site):
    mara = visit(MARA)
    page = mara.page
    mara.go("/desk/views/all-open")
    before = page.locator("tr[data-ticket]").count()
    arrive(site, ["Fresh and new"])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".news")).to_contain_text("1 new")
    assert page.locator("tr[data-ticket]").count() == before
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_role("link", name="Fresh and new")).to_be_visible()
    fresh = page.locator("tr.is-new")
    expect(fresh).to_have_count(1)
    expect(fresh).to_contain_text("Fresh and new")
    assert violations(page) == []
    page.reload()
    expect(fresh).to_have_count(0)


def test_close_rows_say_the_number_and_the_last_change(visit: Visits, site: Site):
    arrive(site, ["Close together"])
    mara = visit(MARA, viewport={"width": 1440, "height": 900})
    mara.go("/desk/views/all-open")
    mara.page.get_by_role("button", name="Closer rows").click()
    row = mara.page.locator("tr[data-ticket]").filter(has_text="Close together")

    for part in (".snip .ref", ".c-up"):
        expect(row.locator(part)).to_be_visible()
    box, ref = row.bounding_box(), row.locator(".snip .ref").bounding_box()
    subject = row.locator(".line a").bounding_box()
    assert box and ref and subject
    assert box["height"] <= 34
    assert ref["x"] + ref["width"] <= subject["x"]
    mara.page.get_by_role("button", name="Wider rows").click()


def test_a_message_from_right_to_left_shows_its_beginning(visit: Visits, site: Site):
    words = "الطابعة لا تعمل منذ الصباح في الطابق الثالث " * 12
    arrive(site, ["Printer"], body=words)
    mara = visit(MARA, viewport={"width": 1440, "height": 900})
    mara.go("/desk/views/all-open")
    row = mara.page.locator("tr[data-ticket]").filter(has_text="الطابعة")

    cell, words_at = row.locator(".c-sub").bounding_box(), row.locator("bdi").bounding_box()
    assert cell and words_at
    assert cell["x"] <= words_at["x"]
    assert words_at["x"] + words_at["width"] <= cell["x"] + cell["width"]
    assert row.locator("bdi").evaluate("bdi => getComputedStyle(bdi).direction") == "rtl"


def test_a_list_is_printed_as_a_table_without_what_only_a_screen_can_press(
    visit: Visits, site: Site
):
    arrive(site, ["On paper"])
    mara = visit(MARA, viewport={"width": A4_WIDTH, "height": 1000})
    mara.go("/desk/views/all-open")
    page = mara.page
    page.locator("tr[data-ticket] input").first.check()
    page.emulate_media(media="print")
    row = page.locator("tr[data-ticket]").filter(has_text="On paper")

    for part in (".c-due", ".c-sub", ".snip .ref", ".c-who", ".c-st .status", ".c-as"):
        expect(row.locator(part)).to_be_visible()
    expect(page.locator(".rows thead")).to_be_visible()
    for part in (".bulk", ".c-sel", ".filters"):
        for one in page.locator(part).all():
            expect(one).to_be_hidden()
    assert row.locator(".c-sub").bounding_box()["width"] > A4_WIDTH / 4
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_WIDTH


def test_many_are_changed_and_undone_without_any_script(visit: Visits, site: Site):
    arrive(site, ["Plain one", "Plain two"])
    mara = visit(MARA, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = mara.page
    mara.go("/desk/views/unassigned")
    for name in ("Plain one", "Plain two"):
        page.locator("tr[data-ticket]").filter(has_text=name).get_by_role("checkbox").check()
    page.get_by_label("Assign to").select_option(label="Mara Lindt (me)")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("Due times stay.")).to_be_visible()
    page.get_by_role("button", name="Change 2 tickets").click()
    expect(page.get_by_text("2 tickets changed.")).to_be_visible()
    started = time.monotonic()
    page.get_by_role("button", name="Undo").click()
    assert time.monotonic() - started < 10
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(page.locator("tr[data-ticket]").filter(has_text=re.compile("Plain"))).to_have_count(2)
