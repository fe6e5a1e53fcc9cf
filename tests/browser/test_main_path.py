"""From a request to its resolution, through real processes and a real browser."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.site import Site, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIGRID = "sigrid.moe@fjordbank.example"
MARA = "mara.lindt@halden.example"
JENS = "jens.adler@halden.example"
CLOCK_TIME = re.compile(r"\b\d{1,2}:\d{2}\b")


def ask(page: Page, subject: str, choice: str = "My team is stuck") -> int:
    """Fill in and send the VPN form; the number of the request."""
    page.get_by_role("link", name="VPN and remote access").click()
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_text(choice).click()
    page.locator("textarea[name=body]").fill("Since this morning nobody can connect.")
    page.get_by_role("button", name="Send request").click()
    page.wait_for_url(re.compile(r"/portal/requests/\d+\?received=1$"))
    return int(urlsplit(page.url).path.rsplit("/", 1)[1])


def due_in(text: str) -> str:
    """The last time of day that ``text`` names."""
    return CLOCK_TIME.findall(text)[-1]


def test_a_request_from_promise_to_resolution(visit: Visits, site: Site):
    sigrid = visit(SIGRID)
    page = sigrid.page
    page.get_by_role("link", name="VPN and remote access").click()
    page.get_by_text("My team is stuck").click()
    before = page.locator("section.pledge")
    expect(before).to_contain_text("If you send this now")
    expect(before).to_contain_text("solve it by")
    page.go_back()
    number = ask(page, "VPN down in Oslo")

    promised = page.locator("section.pledge .vows")
    expect(promised).to_contain_text("Solved by")
    due = due_in(promised.locator("li").filter(has_text="Solved").locator("b").inner_text())

    mara = visit(MARA).page
    mara.goto(f"{site.url}/desk/views/all-open")
    mara.get_by_role("link", name="VPN down in Oslo").click()
    cells = mara.locator("ul.promises > li")
    resolution = cells.filter(has_text="Resolution")
    expect(resolution.locator(".due")).to_contain_text(due)
    mara.get_by_role("button", name="Take it").click()
    mara.locator("#reply-body").fill("I am looking into it.")
    mara.get_by_role("button", name="Send", exact=True).click()
    expect(cells.filter(has_text="First response").locator(".chip")).to_have_class(
        re.compile("chip-met")
    )
    mara.locator("#reply-body").fill("Could you send me the client log?")
    mara.get_by_role("button", name="Send & wait for requester").click()
    expect(resolution.locator(".chip")).to_contain_text("waiting for Sigrid", ignore_case=True)

    page.reload()
    expect(page.get_by_text("Until you answer, the time stands still.")).to_be_visible()
    page.get_by_label("Your answer").fill("Here it is: gateway 3 refuses us.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Here it is: gateway 3 refuses us.")).to_be_visible()

    mara.reload()
    expect(resolution.locator(".chip")).to_have_class(re.compile("chip-running"))
    mara.locator("#reply-body").fill("The gateway is up again.")
    mara.get_by_role("button", name="Send & resolve").click()
    expect(resolution.locator(".chip")).to_have_class(re.compile("chip-met"))

    page.reload()
    expect(page.get_by_text("We believe this is solved.")).to_be_visible()
    wait_until(lambda: sum(f"#{number} " in each.subject for each in site.mail.to(SIGRID)) == 4)


def test_the_ladder_survives_a_killed_worker(visit: Visits, site: Site):
    """Ten seconds to resolve it: the manager is told at three, and when they have passed."""
    sigrid = visit(SIGRID)
    filed_at = time.monotonic()
    number = ask(sigrid.page, "The whole office is offline", "The whole office")

    def told() -> list[str]:
        return [letter.subject for letter in site.mail.to(JENS) if f"#{number}" in letter.text]

    wait_until(lambda: len(told()) == 1)
    assert time.monotonic() - filed_at < 10, "before due"
    wait_until(lambda: site.sent_to(JENS, about=number) == 1)
    site.kill_worker()
    time.sleep(max(0, 11.5 - (time.monotonic() - filed_at)))
    assert len(told()) == 1

    site.start_worker()
    wait_until(lambda: len(told()) == 2)
    time.sleep(2)

    assert len(told()) == 2
    letters = [letter for letter in site.mail.to(JENS) if f"#{number}" in letter.text]
    assert "RUNNING" in letters[0].text
    assert "BREACHED" in letters[1].text
    assert len({letter.message["Message-ID"] for letter in letters}) == 2
    jens = visit(JENS)
    jens.go(f"/desk/tickets/{number}")
    expect(jens.page.locator(".hist")).to_contain_text("told Jens Adler")
    expect(jens.page.locator("ul.promises .chip-breached")).to_be_visible()
