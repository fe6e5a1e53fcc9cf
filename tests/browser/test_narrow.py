"""Long words on narrow screens: a subject without a blank, long names, German, wide letters.

A page of 1280 at 400 % is as wide as one of 320 (WCAG 1.4.10); the spacing is that of 1.4.12.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from app import wallclock
from app.catalogue import queries as catalogue
from app.clocks import queries as clocks
from app.database import db, transaction
from app.people import joining
from app.people import queries as people
from app.people.models import Organisation, Person
from app.tickets import conversation, copying, guests, queries
from app.tickets.conversation import Then
from tests import factories
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.browser.visiting import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ELKE, MARTIN = "elke.sommer@brenner-voss.example", "martin.voss@brenner-voss.example"
IDA, MARA = "ida@brenner-voss.example", "mara.lindt@halden.example"
WORD = "Wartungsvertragsverlängerung" * 8
SUBJECT, NAME = WORD[:200], f"Maximiliana {WORD[:60]}"
WIDTHS = (1440, 390, 320)
SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
  .slice(-1).map((one) => one.outerHTML.slice(0, 120))[0]"""
UNSPACED = "() => { document.adoptedStyleSheets = [] }"
PUBLIC = ("/sign-in", "/join", "/forgotten-password", "/letter-sent", "/ask", "/ask/vpn")
ACCOUNT = ("", "/address", "/password", "/sessions", "/notifications")


@pytest.fixture(scope="module")
def pages(site: Site) -> Iterator[dict[str, list[str]]]:
    """The addresses of pages by who opens them, on a site where everything is long."""
    with inside(site.database_url, site.url):
        yield _written()


def _written() -> dict[str, list[str]]:
    at = wallclock.now() - timedelta(days=9)
    with transaction():
        elke, martin, mara = everybody = [_person(address) for address in (ELKE, MARTIN, MARA)]
        brenner = db.session.get_one(Organisation, elke.organisation_id)
        brenner.shares_requests = True
        ida = joining.add_person("Ida", organisation=brenner, at=at, address=IDA)
        for person in (*everybody, ida):
            person.name, person.language = f"{NAME} {person.id}", "de"
    vpn = catalogue.request_type("vpn")
    made = [
        factories.open_request(who, vpn, at=at, subject=SUBJECT)
        for who in (elke, elke, martin, ida)
    ]
    with transaction():
        for ticket in made[1:3]:
            locked = queries.for_change(ticket.id)
            conversation.reply(
                locked, by=mara, body=WORD, at=at + timedelta(minutes=5), then=Then.WAIT
            )
        locked = queries.for_change(made[0].id)
        copying.put_in_copy(locked, who=ida, by=elke, at=at)
        link = guests.link_for(made[3], ida, at=wallclock.now())
        numbers = [ticket.id for ticket in made]
        clock = clocks.clocks_of([numbers[1]])[numbers[1]][0].id
        guest = f"/t/{guests.token_of(link)}"
    return {
        "nobody": [*PUBLIC, guest],
        "elke": [
            "/portal",
            "/portal/new/vpn",
            "/portal/requests?whose=all&show=all",
            f"/portal/search?q={WORD[:40]}*",
            *(f"/portal/requests/{number}" for number in numbers[:3]),
            f"/portal/requests/{numbers[1]}/why/{clock}",
            f"/portal/new/vpn?follows={numbers[0]}",
            *(f"/account{page}" for page in ACCOUNT),
            "/notices",
        ],
    }


def _person(address: str) -> Person:
    found = people.find_person_by_address(address)
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["nobody", "elke"])
def test_nothing_is_wider_than_the_screen(
    chromium: Browser, site: Site, pages: dict[str, list[str]], who: str
):
    locale = "de-DE" if who == "nobody" else "en-GB"
    visitor = Visitor(chromium.new_context(locale=locale), site.url)
    if who == "elke":
        visitor.sign_in(ELKE)
    wide = [fault for path in pages[who] for fault in _too_wide(visitor, path)]
    visitor.context.close()
    assert wide + visitor.complaints == []


def _too_wide(visitor: Visitor, path: str) -> Iterator[str]:
    visitor.go(path)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 700})
        for kind, script in (("", UNSPACED), (" spaced", SPACED)):
            visitor.page.evaluate(script)
            if (wide := visitor.page.evaluate("document.documentElement.scrollWidth")) > width:
                widest = visitor.page.evaluate(WIDEST)
                yield f"{path}{kind}: {wide} px wide at {width}: {widest}"
