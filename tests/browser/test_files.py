"""Files in a browser: picked, pasted and dropped, with the form waiting for those under way."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIGRID = "sigrid.moe@fjordbank.example"
BRING = """([where, how, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["some bytes"], name, {type: "text/plain"}));
  const event = how === "paste"
    ? new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
  document.querySelector(where).dispatchEvent(event);
}"""


def fill_in(page: Page, subject: str) -> None:
    page.get_by_role("link", name="VPN and remote access").click()
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_label("What happens, and since when?").fill("Since noon.")


def test_files_are_picked_pasted_dropped_and_removed_while_somebody_writes(
    visit: Visits, tmp_path: Path
):
    photo = tmp_path / "Müller – Łódź.png"
    photo.write_bytes(factories.picture(800, 600).getvalue())
    page = visit(SIGRID).page
    fill_in(page, "With files")
    files = page.get_by_role("list", name="Files that go along")

    page.get_by_label("Files", exact=True).set_input_files(photo)
    page.evaluate(BRING, ["#body", "paste", "pasted.txt"])
    page.evaluate(BRING, ["#body", "drop", "dropped.txt"])
    expect(files.get_by_role("button", name="Remove")).to_have_count(3)
    files.get_by_role("button", name="Remove pasted.txt").click()
    expect(page.locator("[data-upload-says]")).to_have_text("Removed: pasted.txt")
    page.get_by_role("button", name="Send request").click()

    sent = page.get_by_role("list", name="Files", exact=True)
    expect(sent.get_by_role("listitem")).to_have_count(2)
    expect(sent.get_by_role("link", name="dropped.txt")).to_be_visible()
    picture = sent.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 640
    with page.expect_download() as saving:
        sent.get_by_role("link", name=photo.name).click()
    assert saving.value.suggested_filename == photo.name
    assert Path(saving.value.path()).read_bytes() == photo.read_bytes()


def test_the_form_waits_for_files_under_way_and_says_what_is_too_large(
    visit: Visits, tmp_path: Path
):
    large, slow = tmp_path / "large.bin", tmp_path / "slow.txt"
    large.write_bytes(b"\0" * (25 * 1024 * 1024 + 1))
    slow.write_text("some bytes")
    page = visit(SIGRID).page
    fill_in(page, "Slowly")
    held = []
    page.route("**/uploads", lambda route: held.append(route))

    page.get_by_label("Files", exact=True).set_input_files([large, slow])
    expect(page.get_by_text("Larger than 25 MB", exact=True)).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_role("button", name="Send request").click()
    expect(page.locator("[data-upload-says]")).to_contain_text("as soon as the files are there")
    held[0].continue_()

    expect(page.get_by_role("link", name="slow.txt")).to_be_visible()


def test_without_a_script_the_browser_sends_files_with_the_form(visit: Visits, tmp_path: Path):
    log = tmp_path / "vpn.log"
    log.write_text("some bytes")
    page = visit(SIGRID, java_script_enabled=False).page
    fill_in(page, "Without a script")

    page.get_by_label("Files", exact=True).set_input_files(log)
    page.get_by_label("What happens, and since when?").fill(" ")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("checkbox", name="vpn.log")).to_be_checked()
    page.get_by_label("What happens, and since when?").fill("Since noon.")
    page.get_by_role("button", name="Send request").click()

    expect(page.get_by_role("link", name="vpn.log")).to_be_visible()
