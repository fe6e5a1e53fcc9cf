"""Reading pages as a browser does: the token of their forms, and what somebody planted there."""

from html.parser import HTMLParser

PLANTED = "planted"
"""The name that planted elements, attributes and scripts bear."""

ATTACK = f"\"'></title></textarea><x-{PLANTED} onclick={PLANTED}()>[y](javascript:{PLANTED}())"
"""Closes what it stands in, opens an element of its own, and is a link in Markdown."""


class Page(HTMLParser):
    """The start tags of a page, and what of them no template of ours wrote."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.token = ""
        self.planted: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the token of a form, and whatever should not be here."""
        given = {name: value or "" for name, value in attrs}
        if given.get("name") == "csrf_token":
            self.token = given.get("value", "")
        leads = given.get("href", "") + given.get("src", "") + given.get("action", "")
        if (
            tag == f"x-{PLANTED}"
            or any(name.startswith("on") for name in given)
            or leads.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
        ):
            self.planted.append(self.get_starttag_text() or tag)


def token_in(text: str) -> str:
    """The token of a page's forms."""
    return Page(text).token


def planted_in(text: str) -> list[str]:
    """The start tags of a page that were planted."""
    return Page(text).planted
