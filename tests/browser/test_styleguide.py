"""The style guide in a browser: accessible, within a phone, and nothing beside its place."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_guide_is_accessible_and_as_wide_as_the_window(visit: Visits, width: int):
    stranger = visit(viewport={"width": width, "height": 900})
    stranger.go("/styleguide")

    assert stranger.page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(stranger.page) == []


def test_in_the_guide_each_stands_in_its_place(visit: Visits):
    stranger = visit(viewport={"width": 1440, "height": 900})
    stranger.go("/styleguide")
    page = stranger.page
    middles = page.locator(".guide-people > span:last-child").first.evaluate(
        """(one) => [...one.childNodes].map((node) => {
          const range = document.createRange()
          range.selectNode(node)
          const box = range.getBoundingClientRect()
          return box.top + box.height / 2
        })"""
    )
    assert max(middles) - min(middles) <= 2
    cut = page.locator(".guide-chips .due").evaluate_all(
        "dues => dues.filter((due) => due.scrollWidth > due.clientWidth + 1).length"
    )
    assert cut == 0
    chips = page.locator(".guide-chips + .row .chip").first.bounding_box()
    table = page.locator(".guide-chips").first.bounding_box()
    assert chips and table
    assert chips["y"] - (table["y"] + table["height"]) >= 8
