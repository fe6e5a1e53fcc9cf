"""Drawing a letter from its frozen facts: subject, text and HTML.

A plain Jinja environment over ``templates/mail``, for there is no request when a letter is
sent. Styles are inlined, since mail programs drop style sheets. Source: escalation.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from app import languages, signatures
from app.files import words as file_words
from app.mail import house, words
from app.mail.house import House, Link
from app.mail.kinds import KINDS
from app.mail.leasing import Lease
from app.mail.models import Letter

if TYPE_CHECKING:
    from css_inline import CSSInliner

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
SUBJECT_LENGTH = 200
UNSEEN = "not-shown-here"
"""What stands for the secret of a link wherever a letter is not being sent."""


@dataclass(frozen=True)
class Rendered:
    """A letter as it is read."""

    subject: str
    text: str
    html: str


class Undrawable(Exception):
    """The letter cannot be drawn: an unknown kind, a missing fact, a broken header."""


def configure(
    *,
    link: Link,
    house_name: str = "Halden",
    house_zone: str = "UTC",
    mail_domain: str = "pledge.invalid",
) -> None:
    """Tell letters about the installation; ``link(endpoint, **values)`` makes a full URL."""
    house.use(House(link=link, name=house_name, zone=house_zone, mail_domain=mail_domain))


def secret_of(seed: str) -> str:
    """The secret of a link whose letter keeps ``seed`` alone.

    Who reads the outbox cannot make it: that takes the installation's key.
    """
    return signatures.sign(seed, purpose="letter-link")


def render(letter: Letter | Lease, *, to_send: bool = False) -> Rendered:
    """Draw ``letter`` in its reader's language.

    The secrets of its links stand in it only ``to_send``: whoever looks at it here sees `UNSEEN`.
    `Undrawable` with the reason when drawing fails, whatever it was.
    """
    if letter.kind not in KINDS:
        raise Undrawable(f"There is no kind of letter called {letter.kind}.")
    folder = KINDS[letter.kind].folder
    try:
        with languages.speaking(letter.language):
            values = {**_values(letter, to_send=to_send), "language": languages.spoken()}
            subject = _environment().get_template(f"{folder}/subject.txt").render(values)
            text = _environment().get_template(f"{folder}/body.txt").render(values)
            html = _environment().get_template(f"{folder}/body.html").render(values)
        return Rendered(_one_line(subject), text.strip() + "\n", _inliner().inline(html))
    except Undrawable:
        raise
    except Exception as error:
        raise Undrawable(f"{type(error).__name__}: {error}") from error


def _values(letter: Letter | Lease, *, to_send: bool) -> Mapping[str, Any]:
    here = house.current()
    return {
        "door": partial(_door, here.link, to_send),
        "signed": signatures.sign if to_send else _unsigned,
        "facts": letter.facts,
        "to_name": letter.to_name,
        "first_name": letter.to_name.split()[0],
        "zone": letter.zone or here.zone,
        "written_at": letter.created_at,
        "house": here.name,
        "link": here.link,
        "secret": secret_of if to_send else _unseen,
    }


def _unseen(seed: str) -> str:
    if not seed:
        raise Undrawable("The letter's link has no seed.")
    return UNSEEN


def _unsigned(_text: str, *, purpose: str) -> str:
    return f"{UNSEEN}-{purpose}"


def _door(link: Link, to_send: bool, facts: Mapping[str, Any]) -> str:
    """Where the reader of ``facts`` sees the ticket: by a personal link, or having signed in."""
    if "guest" in facts:
        sign = signatures.sign if to_send else _unsigned
        return link("portal.guest", token=sign(facts["guest"], purpose="guest"))
    return link("portal.request", ref=facts["number"])


def _one_line(subject: str) -> str:
    tidy = subject.strip()
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in tidy):
        raise Undrawable("The subject holds a line break, which could forge a header.")
    return tidy if len(tidy) <= SUBJECT_LENGTH else f"{tidy[: SUBJECT_LENGTH - 2]} …"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        languages.gettext, languages.which, newstyle=True
    )
    environment.filters.update(
        duration=words.duration,
        in_lines=words.in_lines,
        clock_time=_clock_time,
        hour=_hour,
        day=words.day,
        promised=words.promised,
        server_said=words.server_said,
        kept=words.kept,
        window=words.window,
        file_size=file_words.size,
    )
    environment.globals.update(
        state_words=words.state_words,
        chip_words=words.chip_words,
        plea=words.plea,
        rows=words.columns,
    )
    return environment


@pass_context
def _clock_time(context: Context, at: str) -> str:
    """A fact's instant in the reader's zone, seen from when the letter was written."""
    return words.clock_time(
        datetime.fromisoformat(at), context["zone"], seen_from=context["written_at"]
    )


@pass_context
def _hour(context: Context, at: str) -> str:
    """The same without its zone, for lists."""
    return str(_clock_time(context, at)).rpartition(" ")[0]


@cache
def _inliner() -> "CSSInliner":
    import css_inline  # who sends no letter needs none of it

    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
