"""Who was signed out while they wrote goes on where they were: in a browser without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.test_main_path import SIGRID, ask
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TYPED = "Still the same.\nSince Monday."


@pytest.mark.parametrize("lost", [("pledge",), ("pledge", "pledge-form")], ids=len)
def test_what_was_written_is_brought_back_and_sent_once(visit: Visits, lost: tuple[str, ...]):
    sigrid = visit(java_script_enabled=False)
    sigrid.sign_in(SIGRID)
    page = sigrid.page
    ask(page, "VPN down in Oslo")
    page.get_by_label("Your answer").fill(TYPED)
    for name in lost:
        page.context.clear_cookies(name=name)

    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("You are signed out, and this was not sent.")).to_be_visible()
    page.get_by_label("Mail address").fill(SIGRID)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("p.kept")).to_contain_text("Since Monday.")
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_label("Your answer")).to_have_value(TYPED)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/portal/requests/\d+#end$"))

    expect(page.locator(".msg", has_text="Since Monday.")).to_have_count(1)
    sigrid.complaints.clear()  # the browser notes that it was told 403, and 400
