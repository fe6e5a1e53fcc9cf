"""``make screenshots``: the demo at the drawings' moment, photographed into docs/screenshots.

Wed 18 November 2026, 14:20 CET, at 1440 and 390 px, light and dark.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from app import clocksource, create_app
from app.clocks.models import Clock
from app.database import db, transaction
from app.demo import loading
from app.demo.accounts import PASSWORD
from app.tickets.models import Ticket
from app.tickets.words import Status
from config import ROOT, Config
from tests.browser.site import Site
from tests.migrated import migrate
from tests.smtp_sink import SmtpSink

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
OUT = ROOT / "docs" / "screenshots"
AGENT, REQUESTER = "jens.adler@halden.example", "elke.sommer@brenner-voss.example"
SIZES = (("light", 1440), ("light", 390), ("dark", 1440))


def main() -> None:
    """Serve the demo with its clock stopped and photograph its main pages."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pledge.sqlite"
        migrate(url)
        ticket, request = _fill(url)
        sink = SmtpSink()
        sink.start()
        site = Site(Path(folder), url, sink)
        site.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                _photograph(browser, site, ticket, request)
        finally:
            site.stop()
            sink.stop()


def _fill(url: str) -> tuple[int, int]:
    """Load the demo; the ticket for the desk and the request for the portal."""
    secret = "a-key-for-pictures-that-is-long-enough"
    config = Config(database_url=url, secret_key=secret, public_url="http://x", testing=True)
    with create_app(config.checked()).app_context():
        with transaction():
            clocksource.set_test_clock(AT)
        loading.load(tickets=600, seed=1, at=AT)
        newest = select(Ticket.id).join(Clock, Clock.ticket_id == Ticket.id)
        ticket = db.session.scalar(
            newest.where(Ticket.status == Status.OPEN, Clock.measure == "next_response")
            .where(Clock.state == "running")
            .order_by(Ticket.id.desc())
        )
        request = db.session.scalar(
            select(Ticket.id)
            .where(Ticket.requester.has(address=REQUESTER), Ticket.is_open)
            .order_by(Ticket.id.desc())
        )
        assert ticket is not None
        assert request is not None
        return ticket, request


def _photograph(browser: Browser, site: Site, ticket: int, request: int) -> None:
    for scheme, width in SIZES:
        for who, pages in (
            (
                AGENT,
                {
                    "queue": "/desk/views/needs-agent",
                    "ticket": f"/desk/tickets/{ticket}",
                    "weekly": "/reports/weekly/2026-W46",
                },
            ),
            (
                REQUESTER,
                {
                    "portal": "/portal",
                    "portal-new": "/portal/new/vpn",
                    "portal-request": f"/portal/requests/{request}",
                },
            ),
        ):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = context.new_page()
            _sign_in(page, site.url, who)
            for name, path in pages.items():
                page.goto(f"{site.url}{path}")
                if name == "ticket" and width > 1000:
                    page.locator("details.why-box summary").last.click()
                page.screenshot(path=OUT / f"{name}-{scheme}-{width}.png")
            context.close()


def _sign_in(page: Page, url: str, address: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda where: "/sign-in" not in where)


if __name__ == "__main__":
    main()
