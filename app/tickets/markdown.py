"""Markdown of the desk: what agents write, as sanitised HTML and as plain words. Pure.

GitHub's dialect without raw HTML and without images; single line ends are kept. The HTML passes a
sanitiser although the parser writes none that is dangerous: two different mistakes would have to
meet. Source: security.md, "stored XSS" and "CSS exfiltration, remote images".
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"),
    *("pre", "code", "strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
REL = "noopener nofollow"
_ESCAPED = frozenset("\\`*_[]<>~|")
_BLOCK = re.compile(r"(?=#{1,6}\s|[-+]\s)")

_of_thread = threading.local()


@lru_cache(maxsize=512)
def html(body: str) -> Markup:
    """``body`` as HTML that is safe to show; its headings begin at the third level."""
    clean = nh3.clean(
        _parser().render(body),
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=REL,
    )
    return Markup(clean)


def plain(body: str) -> str:
    """The words of ``body`` without its marks, a line for each block: for snippets."""
    return "\n".join(_words(_parser().parse(body)))


def literal(words: str) -> str:
    """``words`` as Markdown that shows exactly them, in one line: no emphasis and no link.

    What others call themselves goes into a text through this: names never become links.
    """
    line = "".join(f"\\{sign}" if sign in _ESCAPED else sign for sign in " ".join(words.split()))
    linkify = _parser().linkify
    if linkify is not None and linkify.test(line):
        line = "".join(f"\\{sign}" if sign in ":@./" else sign for sign in line)
    return _BLOCK.sub(r"\\", line, count=1) if _BLOCK.match(line) else line


def _parser() -> MarkdownIt:
    """The parser of this thread: finding links leaves traces in it."""
    found = getattr(_of_thread, "parser", None)
    if found is None:
        found = MarkdownIt("gfm-like", {"html": False, "breaks": True}).disable("image")
        if found.linkify is not None:
            found.linkify.set({"fuzzy_link": False})  # setup.py is a file, not a site in Paraguay
        found.core.ruler.push("lower_headings", _lower_headings)
        _of_thread.parser = found
    return found


def _lower_headings(state: object) -> None:
    """A message has no heading above those of its page: "#" is of the third level."""
    for token in getattr(state, "tokens", ()):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_of_inline(token.children or []))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _of_inline(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.content:
            yield token.content
