"""The look holds together: tokens, sheets, icons, and a policy without inline style or script."""

import re
from pathlib import Path

import pytest

from app.clocks import chips
from app.styleguide import contrast

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts)
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/sprite.svg").read_text()))
ICON = re.compile(r'\bicon\("([a-z0-9-]+)"[,)]')


def values_after(mark: str) -> dict[str, str]:
    """The custom properties of the block that begins after ``mark``."""
    block = TOKENS.split(mark, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def test_both_dark_blocks_hold_the_same_values() -> None:
    chosen = values_after('[data-theme="dark"] {')
    by_system = values_after(':root:not([data-theme="light"]) {')

    assert chosen == by_system
    assert len(chosen) > 50


def test_colours_stand_out_from_their_ground_in_both_themes() -> None:
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)
    assert [pair for pair in contrast.pairs() if not pair.holds] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_uses_known_tokens_and_no_colour_of_its_own(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    known = set(re.findall(r"(--[\w-]+):", TOKENS))

    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known
    assert "data:" not in text
    assert "@import" not in text
    if sheet.name != "tokens.css":
        assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", text.replace("#keys", ""))


@pytest.mark.parametrize("written", PAGES, ids=lambda path: path.name)
def test_a_page_keeps_to_the_policy_and_to_icons_that_exist(written: Path) -> None:
    text = written.read_text()

    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style|<script(?![^>]*\ssrc=)", text)
    assert set(ICON.findall(text)) <= SPRITE


def test_every_state_of_a_chip_has_its_icon() -> None:
    drawn = {f"pie-{eighth}" for eighth in range(8)} | set(chips.ICONS.values()) - {"pie"}

    assert drawn <= SPRITE


def test_every_sheet_and_script_that_a_page_names_is_there() -> None:
    named = set()
    for page in PAGES:
        named |= set(re.findall(r'filename="((?:css|js|img)/[\w.-]+)"', page.read_text()))
        named |= set(re.findall(r"filename='((?:css|js|img)/[\w.-]+)'", page.read_text()))
        for sheets in re.findall(r"for sheet in \(([^)]*)\)", page.read_text()):
            named |= {f"css/{name}.css" for name in re.findall(r'"([\w-]+)"', sheets)}

    assert [name for name in sorted(named) if not (ROOT / "static" / name).exists()] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_say_no_words_which_no_catalogue_could_translate(sheet: Path) -> None:
    said = re.findall(r"\bcontent:([^;]*);", sheet.read_text())

    assert [text for text in said if re.search(r'"[^"]*[A-Za-z][^"]*"', text)] == []
