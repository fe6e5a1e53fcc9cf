"""``make screenshots``: the demo at the drawings' moment, photographed into docs/screenshots.

Wed 18 November 2026, 14:20 CET, at 1440 and 390 px, light and dark.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from app import clocksource, create_app
from app.catalogue import queries as catalogue
from app.clocks.models import Clock
from app.database import db, transaction
from app.demo import loading
from app.demo.accounts import PASSWORD
from app.people import queries as people
from app.people.models import Team
from app.tickets import conversation, queries
from app.tickets.models import Ticket
from app.tickets.words import Channel, Status
from config import ROOT, Config
from tests import factories
from tests.browser.site import Site
from tests.migrated import migrate
from tests.nursery import Nursery
from tests.smtp_sink import SmtpSink

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
OUT = ROOT / "docs" / "screenshots"
FONTS = Path(__file__).with_suffix(".conf")
AGENT, REQUESTER = "jens.adler@halden.example", "elke.sommer@brenner-voss.example"
KEY = "managed-workplace-brenner-voss"
SIZES = (("light", 1440), ("light", 390), ("dark", 1440), ("dark", 390))
LONG = "The quarterly figures cannot be printed from the third floor since the update of Tuesday, "
RIGHT_TO_LEFT = "الطابعة في الطابق الثالث لا تعمل"
MESSAGES = 200
PAGES = {
    None: {"sign-in": "/sign-in", "ask": "/ask", "styleguide": "/styleguide"},
    AGENT: {
        "queue": "/desk/views/needs-agent",
        "queue-long": "/desk/views/all-open?organisation={fjordbank}",
        "queue-empty": "/desk/views/waiting-vendor?priority=urgent&team={team}",
        "ticket": "/desk/tickets/{ticket}",
        "ticket-200": "/desk/tickets/{long}",
        "search": "/desk/search?q=is:open+VPN",
        "views": "/desk/views",
        "weekly": "/reports/weekly/2026-W46",
        "sight": "/manage/sight",
        "agreement": f"/agreements/{KEY}",
        "proposals": f"/agreements/{KEY}/proposals",
        "draft": "/agreements/drafts/1",
        "dates": f"/agreements/{KEY}/dates",
        "dispute": "/disputes/1",
        "account": "/account",
    },
    REQUESTER: {
        "portal": "/portal",
        "portal-new": "/portal/new/vpn",
        "portal-request": "/portal/requests/{request}",
        "portal-requests": "/portal/requests?show=all",
    },
}
"""What is photographed, by who looks; the numbers are those of `_fill`."""


def main() -> None:
    """Serve the demo with its clock stopped and photograph its main pages."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pledge.sqlite"
        migrate(url)
        numbers = _fill(url)
        sink = SmtpSink()
        sink.start()
        nursery = Nursery()
        site = Site(Path(folder), url, sink, nursery)
        site.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    args=["--no-sandbox"],
                    env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
                )
                _photograph(browser, site, numbers)
        finally:
            site.stop()
            nursery.close()
            sink.stop()


def _fill(url: str) -> dict[str, int]:
    """Load the demo, and what it lacks; the numbers that `PAGES` names."""
    secret = "a-key-for-pictures-that-is-long-enough"
    config = Config(database_url=url, secret_key=secret, public_url="http://x", testing=True)
    with create_app(config.checked()).app_context():
        with transaction():
            clocksource.set_test_clock(AT)
        loading.load(tickets=600, seed=1, at=AT)
        newest = select(Ticket.id).join(Clock, Clock.ticket_id == Ticket.id)
        ticket = newest.where(Ticket.status == Status.OPEN, Clock.measure == "next_response")
        request = select(Ticket.id).where(Ticket.requester.has(address=REQUESTER), Ticket.is_open)
        numbers = {
            "ticket": ticket.where(Clock.state == "running").order_by(Ticket.id.desc()),
            "request": request.order_by(Ticket.id.desc()),
            "team": select(Team.id).order_by(Team.id),
        }
        found = {name: db.session.scalar(query.limit(1)) for name, query in numbers.items()}
        assert None not in found.values()
        return {name: int(id or 0) for name, id in found.items()} | _long_ones()


def _long_ones() -> dict[str, int]:
    """Tickets with a subject of 200 characters, of right-to-left text, and of 200 messages."""
    sigrid = people.find_person_by_address("sigrid.moe@fjordbank.example")
    assert sigrid is not None
    kind = catalogue.request_type("vpn")
    for subject in ((LONG * 3)[:200], RIGHT_TO_LEFT):
        factories.open_request(sigrid, kind, at=AT, subject=subject)
    talked = factories.open_request(sigrid, kind, at=AT, subject="The line drops every hour")
    with transaction():
        for number in range(2, MESSAGES + 1):
            conversation.requester_message(
                queries.for_change(talked.id),
                by=sigrid,
                body=f"It dropped again, for the {number}th time. {LONG}",
                channel=Channel.MAIL,
                at=AT,
            )
    return {"long": talked.id, "fjordbank": sigrid.organisation_id}


def _photograph(browser: Browser, site: Site, numbers: dict[str, int]) -> None:
    for scheme, width in SIZES:
        for who, pages in PAGES.items():
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = context.new_page()
            if who is not None:
                _sign_in(page, site.url, who)
            for name, path in pages.items():
                page.goto(f"{site.url}{path.format(**numbers)}")
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
