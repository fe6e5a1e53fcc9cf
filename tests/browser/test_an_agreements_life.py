"""Two organisations take an agreement from a preset to its end; time is moved by the test clock.

Jens writes and signs for Halden, Sigrid for Fjordbank. Tickets opened on each side of every date
are on the version of that day.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import cast as stage
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.browser.visiting import Visitor
from tests.cast import PASSWORD
from tests.nursery import Nursery
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

JENS, SIGRID = "jens.adler@halden.example", "sigrid.moe@fjordbank.example"
NORA, MARA = "nora.falk@halden.example", "mara.lindt@halden.example"
KEY = "fjordbank-managed-workplace"


class Parties:
    """The two parties at their browsers, and the clock that both live by."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self.site = site
        self._chromium = chromium
        self.visitors: list[Visitor] = []

    def come(self, address: str, path: str = "/") -> Page:
        """Somebody signs in anew, for sessions end as time is moved, and opens ``path``."""
        visitor = Visitor(self._chromium.new_context(), self.site.url)
        self.visitors.append(visitor)
        visitor.sign_in(address)
        visitor.go(path)
        return visitor.page

    def wait_for(self, instant: str, *jobs: str) -> None:
        """Move time to ``instant``, Berlin winter time, and let the worker's ``jobs`` see it."""
        at = datetime.fromisoformat(f"{instant}+01:00")
        self.site.command("testclock", "set", at.isoformat())
        for job in jobs:
            self.site.command("jobs", "once", job)

    def close(self) -> None:
        """Everybody leaves; no browser may have complained."""
        for visitor in self.visitors:
            visitor.context.close()
        assert [each for visitor in self.visitors for each in visitor.complaints] == []


@pytest.fixture
def parties(
    chromium: Browser, template: str, tmp_path: Path, mail: SmtpSink, nursery: Nursery
) -> Iterator[Parties]:
    """An installation of their own, on the first of December 2026; its worker runs by hand."""
    copyfile(template, tmp_path / "pledge.sqlite")
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'pledge.sqlite'}", mail, nursery)
    with inside(site.database_url):
        stage.assemble()
    parties = Parties(chromium, site)
    parties.wait_for("2026-12-01T09:00")
    try:
        site.start(with_worker=False)
        yield parties
        parties.close()
    finally:
        site.stop()


def test_from_a_preset_to_the_last_day(parties: Parties):
    _grant(parties)
    _write_and_propose(parties)
    _sign(parties, SIGRID, version=1)
    _sign(parties, JENS, version=1)
    assert _agreement_of(parties, "Screen is black") == "Halden standard service"

    parties.wait_for("2027-01-04T09:00", "announce-agreements", "fire")
    broken = _ask(parties, "Till does not start")
    assert _promised(parties, broken) == ("Managed workplace", 1)

    _change_with_a_counter(parties)
    _sign(parties, JENS, version=3)
    _sign(parties, SIGRID, version=3)
    parties.wait_for("2027-02-01T09:00", "announce-agreements")
    assert _promised(parties, broken) == ("Managed workplace", 1)
    assert _promised(parties, _ask(parties, "Printer is slow")) == ("Managed workplace", 3)

    _dispute(parties, broken)
    parties.wait_for("2027-04-01T09:00")
    _review(parties)

    parties.wait_for("2028-01-03T09:00", "renew-agreements")
    renewed = parties.come(SIGRID, f"/agreements/{KEY}")
    expect(renewed.locator("main")).to_contain_text("in force")
    assert _promised(parties, _ask(parties, "Badge reader rejects all"))[0] == "Managed workplace"

    _terminate(parties)
    parties.wait_for("2029-01-02T09:00")
    assert _agreement_of(parties, "Keyboard is wet") == "Halden standard service"


def _grant(parties: Parties) -> None:
    """Nora lets Sigrid write and sign for Fjordbank."""
    page = parties.come(NORA, "/manage/grants")
    page.get_by_role("link", name="Fjordbank").click()
    for kind in ("agreement_editor", "signatory"):
        page.get_by_label("Mail address").fill(SIGRID)
        page.get_by_label("Grant", exact=True).select_option(kind)
        page.get_by_role("button", name="Give this grant").click()
    expect(page.get_by_role("table")).to_contain_text("Sigrid Moe")


def _write_and_propose(parties: Parties) -> None:
    """Jens begins with a preset, names Fjordbank's contacts, and proposes it."""
    page = parties.come(JENS, "/agreements/drafts/new")
    page.get_by_role("radio", name="Managed workplace").check()
    page.get_by_label("Client").select_option(label="Fjordbank")
    page.get_by_role("button", name="Begin the draft").click()
    _write(page, "term-agreement-effective_from", "2027-01-01")
    for place in (2, 3):
        _write(page, f"contacts-contacts-{place}-name", "Sigrid Moe")
        _write(page, f"contacts-contacts-{place}-address", SIGRID)
    _propose(page, "So that Fjordbank's branches are helped by agreed times.")


def _write(page: Page, field: str, words: str) -> None:
    """Fill in a field of the draft in the open page; it saves itself."""
    with page.expect_response(lambda answer: "/parts/" in answer.url and answer.ok):
        page.locator(f"#{field}").fill(words)
        page.locator(f"#{field}").press("Tab")


def _propose(page: Page, reason: str) -> None:
    page.get_by_role("link", name="Propose …").click()
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Version")


def _sign(parties: Parties, address: str, *, version: int) -> None:
    page = parties.come(address, f"/agreements/{KEY}/proposals/{version}")
    page.get_by_role("link", name=f"Read and sign version {version}").click()
    page.get_by_label("password").fill(PASSWORD)
    page.get_by_role("button", name=f"Sign version {version}").click()
    expect(page.locator(".sign-two")).to_contain_text(re.compile("Jens Adler|Sigrid Moe"))


def _change_with_a_counter(parties: Parties) -> None:
    """Jens wants longer for high priority; Sigrid counters, and comments on a clause."""
    page = parties.come(JENS, f"/agreements/{KEY}/proposals")
    page.get_by_role("button", name="Propose a change").click()
    _write(page, "tiers-gold-targets-4-high", "8 h")
    _write(page, "term-agreement-effective_from", "2027-02-01")
    _propose(page, "Spare parts come once a day.")

    page = parties.come(SIGRID, f"/agreements/{KEY}/proposals/2")
    page.get_by_label("Comment on § 4.2", exact=True).locator("xpath=ancestor::details").locator(
        "summary"
    ).click()
    page.get_by_label("Comment on § 4.2", exact=True).fill("Eight is a whole day for a till.")
    page.locator("details[open]").get_by_role("button", name="Comment").click()
    expect(page.locator("main")).to_contain_text("Eight is a whole day for a till.")
    page.get_by_role("button", name="Counter-propose").click()
    _write(page, "tiers-gold-targets-4-high", "7 h")
    _propose(page, "Seven we can live with.")
    page.goto(f"{parties.site.url}/agreements/{KEY}/proposals/2")
    expect(page.locator("h1")).to_contain_text("ountered")


def _dispute(parties: Parties, ticket: int) -> None:
    """The promise is broken by now; Sigrid contests it, and both decide to correct it."""
    page = parties.come(SIGRID, f"/agreements/{KEY}/disputes")
    row = page.get_by_role("row").filter(has_text=f"#{ticket}").filter(has_text="Resolution")
    row.get_by_role("link", name="Contest").click()
    page.get_by_text("It was not broken, or should not count as broken").click()
    page.get_by_label("Why").fill("The branch was closed for rebuilding.")
    page.get_by_role("button", name="Raise the dispute").click()
    url = page.url.removeprefix(parties.site.url)
    for one in (page, parties.come(JENS, url)):
        one.get_by_text("It is corrected: the promise counts in no figure").click()
        one.get_by_label("Because").fill("Nobody was there.")
        one.get_by_role("button", name="Decide", exact=True).click()
    expect(one.locator("main")).to_contain_text("Both sides decided alike")
    expect(one.locator("main")).to_contain_text("Before the decision")


def _review(parties: Parties) -> None:
    """Jens arranges the first review; Sigrid writes the minutes and closes it."""
    page = parties.come(JENS, f"/agreements/{KEY}/dates")
    page.get_by_role("button", name="Arrange the next review").click()
    page.get_by_label("When").fill("2027-04-01T14:00")
    page.get_by_role("button", name="Arrange it & tell both").click()
    url = page.url.removeprefix(parties.site.url)
    parties.wait_for("2027-04-01T15:00")
    page = parties.come(SIGRID, url)
    page.get_by_label("What was said and decided").fill("One promise was broken, and corrected.")
    page.get_by_role("button", name="Keep the minutes").click()
    page.get_by_label("Who came from Halden").fill("Jens Adler")
    page.get_by_label("Who came from Fjordbank").fill("Sigrid Moe")
    page.get_by_role("button", name="Close the review & tell both").click()
    expect(page.locator("main")).to_contain_text("The minutes are final")


def _terminate(parties: Parties) -> None:
    """Sigrid gives notice in time: it ends with the term."""
    page = parties.come(SIGRID, f"/agreements/{KEY}/termination")
    page.get_by_text("By notice").click()
    page.get_by_label("What is to be done before").fill("Hand the devices over")
    page.get_by_label("password").fill(PASSWORD)
    page.get_by_role("button", name="End the agreement & tell both").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("It ends with")
    expect(page.locator("main")).to_contain_text("Hand the devices over")


def _ask(parties: Parties, subject: str) -> int:
    """Sigrid files a request; its number."""
    page = parties.come(SIGRID, "/portal/new/vpn")
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_text("My team is stuck").click()
    page.locator("textarea[name=body]").fill("Since this morning.")
    page.get_by_role("button", name="Send request").click()
    page.wait_for_url(re.compile(r"/portal/requests/\d+\?received=1$"))
    return int(urlsplit(page.url).path.rsplit("/", 1)[1])


def _promised(parties: Parties, ticket: int) -> tuple[str, int]:
    """The agreement and the version of the ticket's promises, as its explanation says."""
    page = parties.come(MARA, f"/desk/tickets/{ticket}")
    page.goto(page.url + "/why/" + _clock_of(page))
    said = page.locator("blockquote.clause cite").inner_text()
    title, version = said.split(" · ")[:2]
    return title, int(version.removeprefix("version "))


def _clock_of(page: Page) -> str:
    href = page.locator("[data-why]").last.get_attribute("data-why") or ""
    return href.partition("?")[0].rsplit("/", 1)[1]


def _agreement_of(parties: Parties, subject: str) -> str:
    return _promised(parties, _ask(parties, subject))[0]
