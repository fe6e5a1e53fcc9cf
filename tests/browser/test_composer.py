"""The composer in a browser: drafts, preview, macros, and two agents on one ticket."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visits
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

MARA = "mara.lindt@halden.example"
PETRA = "petra.weiss@halden.example"
JENS = "jens.adler@halden.example"
SIGRID = "sigrid.moe@fjordbank.example"


def file_request(visit: Visits, subject: str) -> None:
    page = visit(SIGRID).page
    page.get_by_role("link", name="VPN and remote access").click()
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_label("What happens, and since when?").fill("Since noon.")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()


def open_ticket(visit: Visits, site: Site, who: str, subject: str, **settings) -> Page:
    page = visit(who, **settings).page
    page.goto(f"{site.url}/desk/views/all-open")
    page.get_by_role("link", name=subject).click()
    expect(page.locator("#composer")).to_be_visible()
    return page


def test_the_second_of_two_agents_is_warned_and_sends_by_a_second_press(visit: Visits, site: Site):
    file_request(visit, "Two on one ticket")
    mara = open_ticket(visit, site, MARA, "Two on one ticket")
    petra = open_ticket(visit, site, PETRA, "Two on one ticket")
    petra.locator("#reply-body").fill("I am **on it**.")
    petra.keyboard.press("Control+Enter")
    expect(petra.locator(".toast")).to_contain_text("is sent")

    mara.locator("#reply-body").fill("Please restart.")
    mara.keyboard.press("Control+Enter")

    warned = mara.get_by_role("alert")
    expect(warned).to_contain_text("Not sent yet: Petra Weiss wrote since you opened this.")
    expect(warned.locator("strong")).to_have_text("on it")
    expect(mara.locator("#reply-body")).to_have_value("Please restart.")
    mara.locator("#reply-body").press("Control+Enter")
    expect(mara.locator(".toast")).to_contain_text("is sent")
    expect(mara.locator(".msg").last).to_contain_text("Please restart.")


def test_an_open_ticket_says_that_somebody_wrote_and_shows_it(visit: Visits, site: Site):
    file_request(visit, "Written meanwhile")
    mara = open_ticket(visit, site, MARA, "Written meanwhile")
    petra = open_ticket(visit, site, PETRA, "Written meanwhile")
    mara.locator("#reply-body").fill("Dear Sigrid,")
    expect(mara.locator("#reply [data-draft-says]")).to_contain_text("Draft kept at")
    before = mara.locator("#composer").bounding_box()
    petra.locator("label[for=write-note]").click()
    petra.locator("#note-body").fill("The gateway is down.")
    petra.get_by_role("button", name="Add note").click()
    expect(petra.locator(".msg-note")).to_be_visible()

    mara.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    line = mara.get_by_role("status").filter(has_text="Petra Weiss has written a note")
    expect(line).to_be_visible()
    assert mara.locator("#composer").bounding_box() == before
    assert violations(mara) == []
    line.get_by_role("link", name="Show it").click()
    expect(mara.locator(".msg:target")).to_contain_text("The gateway is down.")
    expect(mara.locator("#reply-body")).to_have_value("Dear Sigrid,")


def test_a_ticket_is_printed_without_what_only_a_screen_can_press(visit: Visits, site: Site):
    file_request(visit, "On paper")
    mara = open_ticket(visit, site, MARA, "On paper")
    mara.emulate_media(media="print")

    expect(mara.get_by_role("heading", level=1)).to_be_visible()
    expect(mara.locator(".msg").first).to_be_visible()
    expect(mara.locator(".props")).to_be_visible()
    for part in ("#composer", ".crumbs", ".edit", ".delivery a", ".side a.button", "summary"):
        for one in mara.locator(part).all():
            expect(one).to_be_hidden()


def test_what_is_typed_is_kept_by_itself_and_comes_back_elsewhere(visit: Visits, site: Site):
    file_request(visit, "Kept while typing")
    desk = open_ticket(visit, site, MARA, "Kept while typing")
    desk.locator("#reply-body").press_sequentially("Dear Sigrid,")
    expect(desk.locator("#reply [data-draft-says]")).to_contain_text("Draft kept at")
    desk.get_by_role("button", name="Preview").first.click()
    expect(desk.locator("#reply .pane")).to_have_text("Dear Sigrid,")
    desk.get_by_role("button", name="Go on writing").click()
    expect(desk.locator("#reply-body")).to_be_focused()
    expect(desk.locator("#reply").get_by_role("button", name="Preview")).to_be_visible()

    phone = open_ticket(
        visit, site, MARA, "Kept while typing", viewport={"width": 390, "height": 844}
    )

    expect(phone.locator("#reply-body")).to_have_value("Dear Sigrid,")
    phone.locator("#reply [data-discard]").click()
    expect(phone.locator("#reply-body")).to_have_value("")


def test_a_macro_is_written_and_used_without_a_script(visit: Visits, site: Site):
    file_request(visit, "Answered by macro")
    jens = visit(JENS, java_script_enabled=False).page
    jens.goto(f"{site.url}/desk/macros/new")
    jens.get_by_label("Name", exact=True).fill("Ask for the log")
    jens.get_by_label("Words").fill("Dear {{requester.first_name}}, the log please.")
    jens.get_by_label("Then").select_option(label="Wait for the requester")
    jens.get_by_label("Whose it is").select_option(label="Everybody")
    jens.get_by_role("button", name="Keep this macro").click()

    mara = open_ticket(visit, site, MARA, "Answered by macro", java_script_enabled=False)
    mara.locator("#reply-body").fill("Good afternoon.")
    mara.get_by_role("button", name="Macros").click()
    mara.get_by_role("link", name="Ask for the log").click()
    expect(mara.get_by_text("Dear Sigrid, the log please.")).to_be_visible()
    mara.get_by_role("button", name="Put it into the composer").click()

    expect(mara.locator("#reply-body")).to_have_value(
        "Good afternoon.\n\nDear Sigrid, the log please."
    )
    mara.get_by_role("button", name="Send & wait for requester").click()
    expect(mara.locator(".side")).to_contain_text("Waiting for requester")
