"""The smallest parts of every page: an icon, an avatar, a clock's chip, an asset's address.

A queue draws them hundreds of times; as macros of templates they were a third of its cost.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache

from flask import Flask, current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app import drawing
from app.catalogue.words import Priority
from app.clocks.chips import Chip

SPRITE = "img/sprite.svg"
COLOURS = 6
_is_markup = re.compile("[&<>\"']").search
_root: ContextVar[str | None] = ContextVar("root", default=None)
"""Where the application lies on its host; None where files change while they are served."""
_sprite: ContextVar[str] = ContextVar("sprite", default="")
"""The sprite's address, as this request names it."""


def install(app: Flask) -> None:
    """Give the templates of ``app`` what is drawn here."""
    app.jinja_env.globals.update(
        static=static,
        sheets=sheets,
        scripts=scripts,
        draw_icon=icon,
        draw_avatar=avatar,
        draw_priority=priority,
        draw_chip=chip,
        draw_caption=caption,
    )
    app.before_request(_begin)


def share_token(app: Flask) -> None:
    """Let all forms of a page have one token, in place of what Flask-WTF offers templates."""
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.context_processor(lambda: {"csrf_token": csrf_token})


def static(filename: str) -> str:
    """The address of a file of ours, which names its content."""
    root = _root.get()
    return _static(filename, root) if root is not None else url_for("static", filename=filename)


def sheets(*names: str) -> Markup:
    """Links to style sheets of ours."""
    return _drawn(_sheets, names)


def scripts(*names: str) -> Markup:
    """Scripts of ours, each a module."""
    return _drawn(_scripts, names)


def csrf_token() -> str:
    """The token that guards the forms of this page, worked out once for all of them."""
    if "csrf_said" not in g:
        g.csrf_said = generate_csrf()
    said: str = g.csrf_said
    return said


def icon(name: str, label: str | None = None) -> Markup:
    """One icon of the sprite; without a label it is decoration: a word stands beside it."""
    return _icon(name, str(label) if label else "", _sprite.get())


def avatar(name: str | None, id: int | None = None, css: str = "") -> Markup:
    """Initials on one of six colours; the name stands beside them."""
    return _avatar(name, id, css)


def priority(one: Priority) -> Markup:
    """A priority as its icon and its word."""
    return _priority(one, one.label, _sprite.get())


@lru_cache(maxsize=4096)
def _avatar(name: str | None, id: int | None, css: str) -> Markup:
    if not name:
        return Markup('<span class="avatar avatar-none {}" aria-hidden="true"></span>').format(css)
    return Markup('<span class="avatar avatar-{} {}" aria-hidden="true">{}</span>').format(
        (id or len(name)) % COLOURS + 1, css, drawing.initials(name)
    )


def text(said: str) -> str:
    """``said`` as it stands in a page."""
    return str(escape(said)) if _is_markup(said) else said


def chip(shown: Chip, compact: bool = False) -> Markup:
    """The chip of a clock, the same everywhere: icon, words and colour."""
    name = f"{shown.icon}-{shown.eighths}" if shown.icon == "pie" else shown.icon
    look = f"chip-{shown.state} chip-compact" if compact else f"chip-{shown.state}"
    beside = f' <span class="beside">{text(shown.beside)}</span>' if shown.beside else ""
    return Markup(
        f'<span class="chip {look}"{_ticking(shown)}>{icon(name)}'
        f"<span>{text(shown.words)}</span></span>{beside}"
    )


def caption(shown: Chip) -> Markup:
    """The clock's name and the instant, beneath its chip or beside it."""
    name = f"<b>{text(shown.measure)}</b> " if shown.measure else ""
    return Markup(f'<span class="due">{name}{text(shown.caption)}</span>')


def _ticking(shown: Chip) -> str:
    """What the script needs to let the chip go on by itself."""
    if not shown.ticks:
        return ""
    until = "" if shown.open_s is None else f' data-open="{shown.open_s}"'
    return f' data-left="{shown.left_s}" data-budget="{shown.budget_s}"{until}'


def _drawn(draw: Callable[..., Markup], names: tuple[str, ...]) -> Markup:
    root = _root.get()
    return draw.__wrapped__(names, "") if root is None else draw(names, root)  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _sheets(names: tuple[str, ...], _script_root: str) -> Markup:
    link = Markup('<link rel="stylesheet" href="{}">')
    return Markup("\n").join([link.format(static(f"css/{name}.css")) for name in names])


@lru_cache(maxsize=64)
def _scripts(names: tuple[str, ...], _script_root: str) -> Markup:
    script = Markup('<script type="module" src="{}"></script>')
    return Markup("\n").join([script.format(static(f"js/{name}.js")) for name in names])


def _begin() -> None:
    """Find out once a request what all of its assets' addresses begin with."""
    if request.endpoint != "static":
        _root.set(None if current_app.debug else request.script_root)
        _sprite.set(static(SPRITE))


@lru_cache(maxsize=1024)
def _static(filename: str, _script_root: str) -> str:
    return url_for("static", filename=filename)


@lru_cache(maxsize=2048)
def _icon(name: str, label: str, sprite: str) -> Markup:
    named = Markup('role="img" aria-label="{}"').format(label) if label else Markup("")
    return Markup('<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>').format(
        named or Markup('aria-hidden="true"'), sprite, name
    )


@lru_cache(maxsize=64)
def _priority(one: Priority, label: str, sprite: str) -> Markup:
    place = len(Priority) - one.rank
    drawn = _icon(f"prio-{place}", "", sprite)
    return Markup('<small class="prio prio-{}">{}{}</small>').format(place, drawn, label)
