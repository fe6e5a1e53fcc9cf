"""Languages: what people read is said in theirs; English is what the code says.

The only module that names flask_babel. A sentence is written ``_("…%(name)s…", name=name)``, in
Python and in templates; catalogues lie in ``app/translations`` and are read as they are written.
Outside an application context everything is English.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_app_context, has_request_context
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape
from wtforms.i18n import messages_path

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What a person may choose, each in its own words."""
CATALOGUES = Path(__file__).parent / "translations"
_ENGLISH = NullTranslations()
_speaking: ContextVar[str | None] = ContextVar("speaking", default=None)
_MOST = 8192
"""Sentences that are kept as they are said, in all languages together."""


def gettext(said: str, **facts: Any) -> str:
    """``said`` in the reader's language, with its ``%(name)s`` filled in."""
    text = _sentence(_speaking.get() or _reader_s(), said)
    return text % facts if facts else text


def ngettext(one: str, many: str, number: int, **facts: Any) -> str:
    """As `gettext`, for a number of things: ``%(num)s`` is the number."""
    return which(one, many, number) % {"num": number, **facts}


def which(one: str, many: str, number: int) -> str:
    """The sentence for that number, not filled in yet: templates fill in themselves."""
    text: str = _catalogue(_spoken()).ungettext(one, many, number)
    return text


def lazy_gettext(said: str, **facts: Any) -> Any:
    """As `gettext`, but said when it is shown: for labels of forms and of words made once."""
    return LazyString(gettext, said, **facts)


_DAYS = (
    (lazy_gettext("Monday"), lazy_gettext("Mon")),
    (lazy_gettext("Tuesday"), lazy_gettext("Tue")),
    (lazy_gettext("Wednesday"), lazy_gettext("Wed")),
    (lazy_gettext("Thursday"), lazy_gettext("Thu")),
    (lazy_gettext("Friday"), lazy_gettext("Fri")),
    (lazy_gettext("Saturday"), lazy_gettext("Sat")),
    (lazy_gettext("Sunday"), lazy_gettext("Sun")),
)
_MONTHS = (
    (lazy_gettext("January"), lazy_gettext("Jan")),
    (lazy_gettext("February"), lazy_gettext("Feb")),
    (lazy_gettext("March"), lazy_gettext("Mar")),
    (lazy_gettext("April"), lazy_gettext("Apr")),
    (lazy_gettext("May"), lazy_gettext("May")),
    (lazy_gettext("June"), lazy_gettext("Jun")),
    (lazy_gettext("July"), lazy_gettext("Jul")),
    (lazy_gettext("August"), lazy_gettext("Aug")),
    (lazy_gettext("September"), lazy_gettext("Sep")),
    (lazy_gettext("October"), lazy_gettext("Oct")),
    (lazy_gettext("November"), lazy_gettext("Nov")),
    (lazy_gettext("December"), lazy_gettext("Dec")),
)


_ZONES = {
    "WET": lazy_gettext("WET"),
    "WEST": lazy_gettext("WEST"),
    "CET": lazy_gettext("CET"),
    "CEST": lazy_gettext("CEST"),
    "EET": lazy_gettext("EET"),
    "EEST": lazy_gettext("EEST"),
}


def zone_name(short: str) -> str:
    """A zone's short name as the reader knows it: "CET"."""
    return str(_ZONES.get(short, short))


def weekday(on: date, *, short: bool = False) -> str:
    """The day of the week of ``on``: "Tuesday", short "Tue"."""
    return weekday_name(on.weekday(), short=short)


def weekday_name(number: int, *, short: bool = False) -> str:
    """A day of the week by its number, Monday's being 0: "Tuesday", short "Tue"."""
    return str(_DAYS[number][short])


def month(on: date, *, short: bool = False) -> str:
    """The month of ``on``: "November", short "Nov"."""
    return str(_MONTHS[on.month - 1][short])


def number(amount: int | Decimal) -> str:
    """A number with its thousands apart: "100,000"; a fraction after the reader's mark."""
    return str(format_decimal(amount, locale=_spoken()))


def lazily(say: Callable[..., str], *facts: Any) -> Any:
    """``say(*facts)``, but said when it is shown."""
    return LazyString(say, *facts)


def lazy_number(amount: int) -> Any:
    """As `number`, but said when it is shown."""
    return lazily(number, amount)


def within(name: str) -> str:
    """A name as it stands within a sentence: "resolution"; other languages keep its capital."""
    return name.lower() if _spoken() == "en" else name


_UNITS = {
    "second": (lazy_gettext("%(amount)s second"), lazy_gettext("%(amount)s seconds")),
    "minute": (lazy_gettext("%(amount)s minute"), lazy_gettext("%(amount)s minutes")),
    "hour": (lazy_gettext("%(amount)s hour"), lazy_gettext("%(amount)s hours")),
    "business day": (
        lazy_gettext("%(amount)s business day"),
        lazy_gettext("%(amount)s business days"),
    ),
}
_AMOUNT = re.compile(rf"(\d+(?:\.\d+)?) ?({'|'.join(_UNITS)})s?")


def amount(signed: str) -> str:
    """A time as it was signed: "2 business days"; what has no words, as "4 h", stays so."""
    found = _AMOUNT.fullmatch(signed.strip())
    if found is None:
        return signed
    said = str(_UNITS[found[2]][found[1] != "1"])
    return said.replace("%(amount)s", number(Decimal(found[1])))


def listed(parts: Iterable[str]) -> str:
    """Several in one sentence: "§ 4.1, § 4.2 and § 4.5"."""
    every = list(parts)
    return gettext(" and ").join([", ".join(every[:-1]), every[-1]] if every[1:] else every)


def country_name(code: str) -> str:
    """A country (ISO 3166-1) in the reader's language: "DE" is "Germany"."""
    return str(Locale.parse(_spoken()).territories.get(code, code))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in ``language`` meanwhile: a letter is in its reader's."""
    if not has_app_context():
        yield
        return
    before = _speaking.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _speaking.reset(before)


def spoken() -> str:
    """The language in which everything is said here and now: "en"."""
    return _spoken()


def of_forms() -> NullTranslations:
    """What WTForms says by itself, in the reader's language."""
    return _of_forms(_spoken())


def _spoken() -> str:
    """The reader's language, found once a request: pages ask hundreds of times."""
    return _speaking.get() or _reader_s()


def _reader_s() -> str:
    if not has_request_context():
        return "en"
    language: str = current_app.extensions["pledge.language"]()
    _speaking.set(language)
    return language


def _fall_silent(_error: BaseException | None) -> None:
    _speaking.set(None)


@lru_cache(maxsize=_MOST)
def _sentence(language: str, said: str) -> str:
    text: str = _catalogue(language).ugettext(said)
    return text


@lru_cache(maxsize=_MOST)
def _marked(language: str, said: str) -> Markup:
    return Markup(_sentence(language, said) % {})


def _in_page(said: str, **facts: Any) -> Markup:
    """As `gettext`, for pages: a sentence is markup, and what is filled in is escaped."""
    if not facts:
        return _marked(_spoken(), said)
    escaped = {name: fact if type(fact) is int else escape(fact) for name, fact in facts.items()}
    return Markup(_sentence(_spoken(), said) % escaped)


@cache
def _catalogue(language: str) -> NullTranslations:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return _ENGLISH
    compiled = BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def _of_forms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def install(app: Flask, *, language: Callable[[], str]) -> None:
    """Let ``app`` speak; ``language()`` is the reader's, asked once a request."""
    Babel(app, locale_selector=language)
    app.extensions["pledge.language"] = language
    app.teardown_request(_fall_silent)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, which, newstyle=True
    )
    app.jinja_env.globals.update(_=_in_page, gettext=_in_page)
