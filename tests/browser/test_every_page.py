"""Every page there is, with hostile words in every field: accessible in both themes, no wider
than a phone or a page at 400 %, true to its policy, and asking no other host.

The routes come from the URL map, as in `tests.test_access`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from app import clocksource
from app.database import transaction
from app.people import signing_in
from tests import place as stage
from tests.browser.axe import violations
from tests.browser.inside import inside
from tests.browser.site import Site
from tests.browser.visiting import Visitor
from tests.cast import NOW, Cast
from tests.conftest import Browser as Client
from tests.nursery import Nursery
from tests.place import Place, policy_of, rules, verbs
from tests.security.planting import furnish, plant
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

NORA, ELKE = "nora.falk@halden.example", "elke.sommer@brenner-voss.example"
WIDE, PHONE, ZOOMED = 1440, 390, 320
"""Pixels; a page of 1280 at 400 % is as wide as one of 320."""

STAFFS = ("/desk", "/manage", "/reports")

NORAS = 4
"""In how many parts her many pages are looked at: they are shared out among the processors."""

SPY = "window.planted = () => { console.error('a planted script ran') }"
STRANGERS = "document.querySelectorAll('x-planted, [onclick]').length"
WIDTH = "document.documentElement.scrollWidth"


@dataclass
class Everything:
    """A site on which every text is hostile, and the addresses of its pages by who opens them."""

    site: Site
    pages: dict[str, list[str]]


@pytest.fixture(scope="module")
def everything(
    template: str, tmp_path_factory: pytest.TempPathFactory, mail: SmtpSink, nursery: Nursery
) -> Iterator[Everything]:
    folder = tmp_path_factory.mktemp("everything")
    shutil.copyfile(template, folder / "pledge.sqlite")
    site = Site(folder, f"sqlite:///{folder / 'pledge.sqlite'}", mail, nursery)
    pages = _write(site)
    try:
        site.start(with_worker=False)
        yield Everything(site, pages)
    finally:
        site.stop()


def _write(site: Site) -> dict[str, list[str]]:
    with inside(site.database_url, site.url) as app, stage.set_up() as place:
        furnish(place)
        plant()
        with transaction():
            clocksource.set_test_clock(NOW)
        addresses = _addresses(app, place)
        clients = _clients(app, place.cast)
        door = [url for url in addresses["nobody"] if _is_a_page(clients["nobody"], url)]
        return {"nobody": door} | {
            who: [url for url in addresses[who] if url not in door and _is_a_page(client, url)]
            for who, client in clients.items()
            if who != "nobody"
        }


def _addresses(app: Flask, place: Place) -> dict[str, list[str]]:
    """What each who walks is to try: what anybody may, what is the staff's, and what is left."""
    tried: dict[str, list[str]] = {"nobody": [], "elke": [], "nora": []}
    for rule in rules(app):
        if "GET" in verbs(rule):
            url = place.url(app, rule)
            tried["nora" if url.startswith(STAFFS) else "elke"].append(url)
            if policy_of(app, rule) == "public":
                tried["nobody"].append(url)
    return tried


def _clients(app: Flask, cast: Cast) -> dict[str, FlaskClient]:
    """A browser for each who walks."""
    app.test_client_class = Client
    clients = {"nobody": app.test_client(), "elke": app.test_client(), "nora": app.test_client()}
    for who in ("elke", "nora"):
        with transaction():
            token = signing_in.start_session(
                getattr(cast, who), at=NOW, absolute_s=3600, address="", user_agent="tests"
            )
        clients[who].set_cookie("pledge", token)
    return clients


def _is_a_page(client: FlaskClient, url: str) -> bool:
    """Whether the address answers with a page, rather than with data, a file or another address."""
    answer = client.get(url)
    is_page = answer.status_code == 200 and answer.mimetype == "text/html"
    return is_page and answer.get_data(as_text=True).startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("who", "part", "parts"),
    [("nobody", 0, 1), ("elke", 0, 1), *(("nora", part, NORAS) for part in range(NORAS))],
)
def test_every_page_is_fit_for_everybody(
    chromium: Browser, everything: Everything, who: str, part: int, parts: int
):
    visitor = Visitor(
        chromium.new_context(
            viewport={"width": WIDE, "height": 900}, color_scheme="light", reduced_motion="reduce"
        ),
        everything.site.url,
    )
    visitor.context.add_init_script(SPY)
    if who != "nobody":
        visitor.sign_in({"elke": ELKE, "nora": NORA}[who])
    wrong = [
        fault for path in everything.pages[who][part::parts] for fault in _faults(visitor, path)
    ]
    visitor.context.close()
    assert wrong + visitor.complaints == []


def _faults(visitor: Visitor, path: str) -> Iterator[str]:
    """What is wrong with a page, each in a line."""
    page = visitor.page
    visitor.go(path)
    if page.evaluate(STRANGERS):
        yield f"{path}: shows what was planted"
    yield from (f"{path} (light): {each}" for each in violations(page))
    page.emulate_media(color_scheme="dark")
    yield from (f"{path} (dark): {each}" for each in violations(page, ["color-contrast"]))
    page.emulate_media(color_scheme="light")
    for width in (PHONE, ZOOMED):
        page.set_viewport_size({"width": width, "height": 700})
        if (wide := page.evaluate(WIDTH)) > width:
            yield f"{path}: {wide} px wide at {width}"
    page.set_viewport_size({"width": WIDE, "height": 900})


def test_the_check_finds_what_it_must(chromium: Browser, everything: Everything):
    door = Visitor(chromium.new_context(), everything.site.url)
    door.go("/sign-in")
    door.page.evaluate("document.querySelector('label').remove()")

    found = violations(door.page)
    door.context.close()
    assert any("label" in each for each in found)
