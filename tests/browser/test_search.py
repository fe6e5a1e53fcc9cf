"""The search by keyboard: what could be typed next is offered, chosen, and searched for."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_search_is_written_with_what_is_offered(visit: Visits):
    mara = visit("mara.lindt@halden.example")
    page, keys = mara.page, mara.page.keyboard
    mara.go("/desk/views/all-open")
    keys.press("/")
    page.wait_for_url("**/desk/search")
    field = page.get_by_role("combobox", name="Search tickets")
    expect(field).to_be_focused()

    keys.type("vpn tea")
    expect(page.get_by_role("option", name="team:network")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(field).to_have_value("vpn team:")
    keys.type("net")
    expect(page.get_by_role("option")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(field).to_have_value("vpn team:network ")
    keys.press("Enter")

    page.wait_for_url("**/desk/search?q=vpn+team*")
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    keys.press("/")
    expect(page.locator("#q")).to_be_focused()
    assert mara.complaints == []
