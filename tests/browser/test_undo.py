"""Undo of Send in a browser: one click on the toast, and the words are back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

MARA = "mara.lindt@halden.example"
SIGRID = "sigrid.moe@fjordbank.example"


def test_one_click_on_the_toast_takes_the_answer_back(visit: Visits, site: Site):
    page = visit(SIGRID).page
    page.get_by_role("link", name="VPN and remote access").click()
    page.get_by_label("What is wrong?").fill("Undo this answer")
    page.get_by_label("What happens, and since when?").fill("Since noon.")
    page.get_by_role("button", name="Send request").click()

    mara = visit(MARA).page
    mara.goto(f"{site.url}/desk/views/all-open")
    mara.get_by_role("link", name="Undo this answer").click()
    mara.locator("#reply-body").fill("Sent to the wrong one.")
    mara.get_by_role("button", name="Send", exact=True).click()
    mara.locator(".toast").get_by_role("button", name="Undo").click()

    expect(mara.locator("#reply-body")).to_have_value("Sent to the wrong one.")
    expect(mara.locator(".msg-back")).to_contain_text("Taken back, undone")
    page.reload()
    expect(page.get_by_text("Sent to the wrong one.")).to_have_count(0)
