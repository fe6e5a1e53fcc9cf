"""By keyboard alone: the first stop skips ahead, every stop is seen, in the order one reads."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.test_main_path import JENS, SIGRID, ask
from tests.browser.test_targets import PHONE
from tests.browser.visiting import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

MOST = 60
"""Stops that are looked at on a page."""

STOP = """() => {
  const here = document.activeElement
  if (!here || here === document.body) return null
  const box = here.getBoundingClientRect(), style = getComputedStyle(here)
  const ring = (one, part) => {
    const its = getComputedStyle(one, part)
    return its.outlineStyle !== "none" && parseFloat(its.outlineWidth) >= 2
  }
  const around = [here, here.nextElementSibling, here.form?.querySelector(".upload-button")]
  for (let one = here.parentElement; one && one.id !== "content"; one = one.parentElement)
    around.push(one)
  const framed = ring(here, "::after") || around.filter(Boolean).some((one) => ring(one))
  const last = window.lastStop
  const follows = !last || !last.isConnected ||
    Boolean(last.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING)
  window.lastStop = here
  return {
    name: here.outerHTML.slice(0, 120),
    framed,
    follows,
    seen: box.width > 0 && box.height > 0 && style.visibility === "visible" &&
      box.bottom > 0 && box.top < innerHeight,
  }
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one)
  return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0
}).map((one) => one.outerHTML.slice(0, 120))"""


def faults(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with the stops of a page."""
    visitor.go(path)
    found, page = [], visitor.page
    for stop in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(STOP)
        if here is None:
            break
        if stop == 0 and "skip" not in here["name"]:
            found.append(f"{path}: begins at {here['name']}")
        for what in ("framed", "seen", "follows"):
            if not here[what]:
                found.append(f"{path}: not {what}: {here['name']}")
    return found


def test_every_stop_is_seen_and_follows_the_one_before(visit: Visits):
    sigrid = visit(SIGRID)
    number = ask(sigrid.page, "VPN down in Oslo")
    jens = visit(JENS)

    found = faults(sigrid, "/portal") + faults(sigrid, f"/portal/requests/{number}")
    found += faults(jens, "/desk/views/all-open") + faults(jens, f"/desk/tickets/{number}")
    assert found == []


def test_the_skip_link_leads_past_the_navigation(visit: Visits):
    jens = visit(JENS)
    jens.go("/desk/views/all-open")

    jens.page.keyboard.press("Tab")
    jens.page.keyboard.press("Enter")

    assert jens.page.evaluate("document.activeElement.id") == "content"
    jens.page.keyboard.press("Tab")
    assert jens.page.evaluate("document.activeElement.closest('#content') !== null")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_form_that_came_back_begins_at_what_is_wrong(visit: Visits, scripts: bool):
    sigrid = visit(SIGRID, java_script_enabled=scripts, **PHONE)
    page = sigrid.page
    ask(page, "VPN down in Oslo")

    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_be_in_viewport()
    sigrid.go("/portal/new/vpn")
    page.get_by_label("What is wrong?").fill(" ")
    page.get_by_label("What happens, and since when?").fill(" ")
    page.get_by_role("button", name="Send request").click()
    expect(page.locator("#errors")).to_be_focused()


def test_nothing_moves_for_who_asked_for_stillness(visit: Visits):
    sigrid = visit(SIGRID, reduced_motion="reduce")
    for path in ("/portal", "/portal/new/vpn"):
        sigrid.go(path)
        assert sigrid.page.evaluate(MOVING) == []


def test_paper_is_light_and_bears_nothing_to_press(visit: Visits):
    jens = visit(JENS, color_scheme="dark")
    jens.go("/reports/weekly")
    jens.page.emulate_media(media="print")

    assert not jens.page.locator("nav.nav").is_visible()
    assert jens.page.locator("main .button:visible").count() == 0
    ink = jens.page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(29, 26, 38)"
