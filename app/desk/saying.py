"""What somebody wrote, drawn: the words of a message never change, so they are drawn once."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from app.http.markup import icon
from app.languages import spoken
from app.tickets import quotes

LONGEST = 4000
"""Characters of what is kept: with twice as much markup, all of it stays under 10 MB."""


def drawn(body: str, *, is_markdown: bool) -> Markup:
    """The words of a message in stretches, what they quote folded (shared/_said.html)."""
    if len(body) > LONGEST:
        return _draw(body, is_markdown)
    return _kept(body, is_markdown, spoken(), icon("dots"))


@lru_cache(maxsize=512)
def _kept(body: str, is_markdown: bool, _language: str, _icon: Markup) -> Markup:
    """As `_draw`, by all that it depends on."""
    return _draw(body, is_markdown)


def _draw(body: str, is_markdown: bool) -> Markup:
    template = current_app.jinja_env.get_template("shared/_said.html")
    words: Markup = template.module.said(quotes.parts(body), is_markdown)  # type: ignore[attr-defined]
    return words
