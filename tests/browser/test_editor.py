"""The editor of agreements in two windows: what is typed is kept, and nothing goes over another."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

JENS = "jens.adler@halden.example"
WIDTH = "document.documentElement.scrollWidth"


def begun(page: Page) -> str:
    """A draft after the smallest preset; its address."""
    page.get_by_label("Campus help desk").check()
    page.get_by_label("Client").select_option(label="Fjordbank")
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/agreements/drafts/*")
    return page.url


def test_two_windows_on_one_draft_lose_nothing(visit: Visits):
    one, two = visit(JENS), visit(JENS)
    one.go("/agreements/drafts/new")
    url = begun(one.page)
    two.page.goto(url)
    first = one.page.get_by_label("Clause 1.1", exact=True)
    second = two.page.get_by_label("Clause 1.1", exact=True)

    first.fill("As the first window says it.")
    expect(one.page.locator("#text-0 [data-says]")).to_have_text("Saved")
    second.fill("As the second window says it.")
    expect(two.page.locator("#text-0 .e-theirs q")).to_have_text("As the first window says it.")
    expect(second).to_have_value("As the second window says it.")
    two.page.get_by_role("button", name="Take theirs").click()
    expect(second).to_have_value("As the first window says it.")

    cell = one.page.get_by_label("High, target 2", exact=True)
    cell.fill("90m")
    cell.press("ArrowDown")
    expect(one.page.get_by_label("High, target 3", exact=True)).to_be_focused()
    expect(cell).to_have_value("90 min")
    one.page.get_by_label("Low, target 2", exact=True).fill("soon")
    expect(one.page.locator("#tiers-campus-targets-1-low-says")).to_contain_text("no duration")
    expect(one.page.locator("[data-side]")).to_contain_text("Campus, target 2: Low")
    one.page.locator("#text-0").get_by_role("button", name="Add a clause").click()
    expect(one.page.get_by_label("Clause 1.3", exact=True)).to_be_focused()
    first.press("End")
    first.press("Enter")
    first.press("Enter")
    expect(one.page.get_by_label("Clause 1.2", exact=True)).to_be_focused()
    expect(one.page.get_by_label("Clause 1.2", exact=True)).to_have_value("")
    one.page.keyboard.press("Backspace")
    expect(first).to_be_focused()
    expect(one.page.get_by_label("Clause 1.4", exact=True)).to_have_count(0)

    assert violations(one.page) == []
    one.page.set_viewport_size({"width": 390, "height": 800})
    assert one.page.evaluate(WIDTH) == 390
    assert one.complaints + two.complaints == []
