"""A language that nobody speaks: what goes through the catalogues stands in wide letters.

Whatever is left in plain letters of a page was never given to the catalogues, unless the database
holds it: `english` names it. What is filled in, and markup, stays as it is.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest
from babel.support import NullTranslations
from werkzeug.test import TestResponse

from app import languages

TAG = "eo"
"""A language that Babel knows and Pledge does not."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in _LETTERS}
_KEPT = re.compile(r"%\(\w+\)s|<[^>]*>|&\w+;|\{[^}]*\}")
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]+")
_SILENT = {"script", "style", "kbd", "code", "pre"}
_VOID = {"meta", "link", "input", "br", "hr", "img", "source", "wbr"}
_READ = {"title", "alt", "placeholder", "aria-label", "aria-description", "content"}
_BUTTONS = {"submit", "button"}


class Wide(NullTranslations):
    """Says every sentence in wide letters."""

    def ugettext(self, message: str) -> str:
        """``message``, but for what is filled in and markup."""
        return wide(message)

    def ungettext(self, one: str, many: str, number: int) -> str:
        """The one or the many."""
        return wide(one if number == 1 else many)

    gettext, ngettext = ugettext, ungettext


def wide(said: str) -> str:
    """``said`` in wide letters."""
    kept = [*_KEPT.findall(said), ""]
    parts = [part.translate(_WIDE) for part in _KEPT.split(said)]
    return "".join(f"{part}{mark}" for part, mark in zip(parts, kept, strict=True))


def is_wide(said: str) -> bool:
    """Whether any of it stands in wide letters."""
    return any(ord(letter) in _WIDE.values() for letter in said)


def teach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people choose it."""
    spoken = Wide()
    catalogue, of_forms = languages._catalogue, languages._of_forms
    monkeypatch.setitem(languages.LANGUAGES, TAG, "Wide")
    monkeypatch.setattr(
        languages, "_catalogue", lambda tag: spoken if tag == TAG else catalogue(tag)
    )
    monkeypatch.setattr(languages, "_of_forms", lambda tag: spoken if tag == TAG else of_forms(tag))


def english(page: str, *, known: Iterable[str]) -> list[str]:
    """What stands in plain letters in a page or a text, but for what is ``known``.

    What a page itself calls English (``lang="en"``) may be.
    """
    reader = _Reader()
    reader.feed(page)
    names = "|".join(re.escape(one) for one in sorted(set(known), key=len, reverse=True) if one)
    shown = (_ADDRESS.sub(" ", said) for said in reader.said)
    rest = (re.sub(rf"(?<!\w)(?:{names})(?!\w)", " ", said) for said in shown)
    return [" ".join(said.split()) for said in rest if _WORD.search(said)]


def english_on(answer: TestResponse, *, known: Iterable[str]) -> list[str]:
    """What is English on the page that answered; a redirect has none to read."""
    if answer.status_code in {302, 303} or answer.mimetype != "text/html":
        return []
    return english(answer.text, known=known)


class _Reader(HTMLParser):
    """Collects what is said: text, and the attributes that are shown or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_foreign = tag != "html" and given.get("lang", TAG) != TAG
        is_silent = tag in _SILENT or is_foreign or self._is_silent
        if tag not in _VOID:
            self._open.append((tag, is_silent))
        if not is_silent and tag not in {"meta", "link"}:
            self.said += [value for name, value in attrs if value and _is_read(name, value, given)]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_silent:
            self.said.append(data)

    @property
    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def _is_read(name: str, value: str, given: dict[str, str | None]) -> bool:
    if name == "value":
        return given.get("type") in _BUTTONS
    return name in _READ or (name.startswith("data-") and " " in value)
