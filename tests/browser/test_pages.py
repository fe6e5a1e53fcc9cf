"""Every page: no accessibility violation in either theme, and no sideways scrolling on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.browser.test_main_path import JENS, SIGRID, ask
from tests.browser.visiting import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PORTAL = ("/portal", "/portal/new/vpn", "/portal/requests", "/portal/requests/{number}")
DESK = (
    "/desk/views/all-open",
    "/desk/tickets/{number}",
    "/desk/tickets/{number}/assignment",
    "/desk/tickets/{number}/priority",
    "/desk/tickets/{number}/status",
    "/desk/tickets/new",
    "/reports/weekly",
    "/manage/mail",
)
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def number(chromium: Browser, site: Site) -> int:
    """The request that all pages show."""
    sigrid = Visitor(chromium.new_context(), site.url)
    sigrid.sign_in(SIGRID)
    filed = ask(sigrid.page, "VPN down in Oslo")
    sigrid.context.close()
    return filed


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_portal_has_no_violation(visit: Visits, number: int, theme: str):
    door = visit(viewport=WIDE, color_scheme=theme, reduced_motion="reduce")
    door.go("/sign-in")
    found = _violations(door, "/sign-in")
    sigrid = visit(SIGRID, viewport=WIDE, color_scheme=theme, reduced_motion="reduce")
    for path in _paths(PORTAL, number):
        sigrid.go(path)
        found += _violations(sigrid, path)
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desk_has_no_violation(visit: Visits, number: int, theme: str):
    jens = visit(JENS, viewport=WIDE, color_scheme=theme, reduced_motion="reduce")
    found = []
    for path in _paths(DESK, number):
        jens.go(path)
        if path.endswith(f"/tickets/{number}"):
            jens.page.locator(".why-box summary").last.click()
        found += _violations(jens, path)
    assert found == []


def test_nothing_scrolls_sideways_on_a_phone(visit: Visits, number: int):
    sigrid, jens = visit(SIGRID, viewport=PHONE), visit(JENS, viewport=PHONE)
    wide = []
    for visitor, paths in ((sigrid, ("/portal", *PORTAL)), (jens, DESK)):
        for path in _paths(paths, number):
            visitor.go(path)
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                wide.append(f"{path}: {width}")
    assert wide == []


def test_the_check_finds_what_it_must(visit: Visits):
    door = visit()
    door.go("/sign-in")
    door.page.evaluate("document.querySelector('label').remove()")

    assert any("label" in each for each in _violations(door, "/sign-in"))


def _paths(paths: tuple[str, ...], number: int) -> list[str]:
    return [path.format(number=number) for path in paths]


def _violations(visitor: Visitor, path: str) -> list[str]:
    found = Axe().run(visitor.page, options=OPTIONS).response["violations"]
    return [
        f"{path}: {each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found
        for node in each["nodes"]
    ]
