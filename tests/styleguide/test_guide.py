"""The style guide shows the parts that pages are made of, in each state, and none of its own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLASS = re.compile(r'class="([^"]*)"')
OWN = "guide"
STATES = ("is-unread", "is-cursor", "is-new", "file-bad", "here-writes", "msg-note", "msg-back")
PARTS = (
    *("why", "clause", "spans-t", "promises", "ladder", "heres", "come", "quote", "fold"),
    *("menu-filters", "filter-on", "news-line", "rows-compact", "rows-found", "pager", "bulk"),
    *("search-wrong", "suggestions", "file", "composers", "tabs", "with-macro", "toast-close"),
    *("tags", "menu-deeds", "bell-count", "notices", "rating", "keys", "empty", "banner-bad"),
)


@pytest.fixture
def guide(client) -> str:
    """The page, light and dark."""
    return client.get("/styleguide").text


def classes(html: str) -> set[str]:
    return {one for said in CLASS.findall(html) for one in said.split()}


def test_it_shows_each_part_and_each_state(guide):
    assert set(PARTS) | set(STATES) <= classes(guide)


def test_it_has_no_part_that_no_page_has(guide):
    places = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("app/**/*.py")]
    places += ROOT.glob("static/js/*.js")
    pages = "\n".join(place.read_text() for place in places if "styleguide" not in place.as_posix())
    made = re.compile(r"(chip|avatar|prio|k|sp|is)-[\w-]+")  # of what they show
    own = {one for one in classes(guide) if one.startswith(OWN) or made.fullmatch(one)}

    unknown = {
        one for one in classes(guide) - own if not re.search(rf"(?<![\w-]){one}(?![\w-])", pages)
    }
    assert unknown == set()


def test_what_it_shows_twice_has_names_of_its_own(guide):
    names = re.findall(r'\sid="([^"]+)"', guide)

    assert sorted(names) == sorted(set(names))
