"""A requester on a phone: a photo, the promise before and after, answers, the end, the rating.

With scripts and, on both sides, without any.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.browser.test_main_path import MARA, SIGRID, ask, due_in
from tests.browser.test_targets import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
TOUCH, LINE = 44, 20
"""Heights in px: of a control on touch, of a line in the list of open requests."""


def tap(page: Page, role: str, name: str) -> None:
    """Touch the button or link with this name."""
    page.get_by_role(role, name=name, exact=True).tap()


def answer(mara: Page, words: str, button: str) -> None:
    """Mara's answer from the desk."""
    mara.reload()
    mara.locator("#reply-body").fill(words)
    mara.get_by_role("button", name=button).click()
    expect(mara.locator(".msg").last).to_contain_text(words)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_requester_on_a_phone_from_a_photo_to_the_rating(
    visit: Visits, site: Site, tmp_path: Path, scripts: bool
):
    photo = tmp_path / "IMG_0042.png"
    photo.write_bytes(factories.picture(800, 600).getvalue())
    page = visit(SIGRID, java_script_enabled=scripts, **PHONE).page
    mara = visit(MARA, java_script_enabled=scripts).page
    page.get_by_role("link", name="VPN and remote access").tap()
    page.get_by_text("My team is stuck").tap()
    if not scripts:
        tap(page, "button", "Show the promise for my choice")
    before = page.locator("section.pledge")
    expect(before).to_contain_text("High", ignore_case=True)
    expect(before).to_contain_text("solve it by")
    page.get_by_label("What is wrong?").fill("The gateway blinks red")
    page.get_by_label("What happens, and since when?").fill("See the photo.")
    page.get_by_label("Files", exact=True).set_input_files(photo)
    tap(page, "button", "Send request")

    vows = page.locator("section.pledge .vows")
    solved = vows.locator("li").filter(has_text="Solved").locator("b").inner_text()
    sent = page.get_by_role("list", name="Files", exact=True)
    expect(sent.get_by_role("link", name=photo.name)).to_be_visible()
    mara.goto(page.url.replace("/portal/requests/", "/desk/tickets/"))
    resolution = mara.locator("ul.promises > li").filter(has_text="Resolution")
    expect(resolution.locator(".due")).to_contain_text(due_in(solved))

    answer(mara, "Which of the lights?", "Send & wait for requester")
    page.reload()
    expect(page.get_by_text("Until you answer, the time stands still.")).to_be_visible()
    page.get_by_label("Your answer").fill("The left one.")
    tap(page, "button", "Send")
    expect(page.get_by_text("The left one.")).to_be_visible()
    answer(mara, "It has power again.", "Send & resolve")
    page.reload()
    expect(page.get_by_text("We believe this is solved.")).to_be_visible()
    page.get_by_text("Very good", exact=True).tap()
    page.get_by_label("Anything we should know?").fill("Quick!")
    tap(page, "button", "Send my rating")

    expect(page.locator("#rating")).to_contain_text("“Quick!”")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def height(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["height"]


def test_links_that_stand_alone_are_as_high_as_a_finger(visit: Visits):
    sigrid = visit(SIGRID, **PHONE)
    ask(sigrid.page, "The branch in Tromsø has no telephone since the storm of Tuesday night")
    page = sigrid.page
    assert height(page.locator(".portal .crumbs > a").first) >= TOUCH
    cell = page.locator(".vows > li").last
    assert height(cell) >= TOUCH
    cell.tap(position={"x": 8, "y": 8}, force=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why this time?")
    sigrid.go("/portal")
    link = page.locator(".mini-tall a").first
    assert height(link) >= TOUCH
    assert height(link) < 4 * LINE + TOUCH - LINE
    assert height(page.get_by_role("link", name="All my requests")) >= TOUCH


def test_a_toast_is_put_away_by_hand_and_by_key(visit: Visits):
    sigrid = visit(SIGRID, **PHONE)
    page = sigrid.page
    for put_away in (
        lambda: page.locator(".toast").get_by_role("button", name="Close").tap(),
        lambda: page.keyboard.press("Escape"),
    ):
        sigrid.go("/account")
        page.get_by_role("button", name="Save the profile").tap()
        toast = page.locator(".toast")
        expect(toast).to_be_visible()
        save = page.get_by_role("button", name="Save the profile")
        save.scroll_into_view_if_needed()
        page.mouse.wheel(0, 2000)
        end, begin = save.bounding_box(), toast.bounding_box()
        assert end and begin
        assert end["y"] + end["height"] <= begin["y"]
        put_away()
        expect(toast).to_have_count(0)


def test_a_persons_pages_have_the_sizes_of_the_portal(visit: Visits):
    sigrid = visit(SIGRID, viewport={"width": 1440, "height": 900})
    page = sigrid.page
    for path in ("/account", "/notices", "/account/sessions"):
        sigrid.go(path)
        title = page.get_by_role("heading", level=1)
        assert title.evaluate("one => getComputedStyle(one).fontSize") == "26px"
        for one in page.locator("main .button").all():
            assert height(one) >= TOUCH
    sizes = page.locator(".account-rows tbody :is(th, td)").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell).fontSize)"
    )
    assert set(sizes) == {"16px"}

    out, bell = page.get_by_role("button", name="Sign out").first, page.locator(".bell")
    box, left_of = bell.bounding_box(), out.bounding_box()
    assert box and left_of
    assert 0 <= box["x"] - (left_of["x"] + left_of["width"]) <= 12
