"""What every template may use: filters, shared words, assets whose address names their content."""

import hashlib
import re
from collections.abc import Callable, MutableMapping
from datetime import datetime
from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import StrictUndefined, Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Expr
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app import drawing
from app.clocks import words
from app.files import words as file_words
from app.http import ringing
from app.http.visitors import config, find_person
from app.languages import lazy_gettext, spoken
from app.mail import words as mail_words
from app.tickets import markdown

DEMO_NOTICE = lazy_gettext("This is a demo: its people, tickets and promises are made up.")
_IS_MARKUP = re.compile("[&<>\"']").search


class _Context(Context):
    """What a template knows, calling plain functions straight away.

    Of everything else Jinja asks first what it wants to be passed; a page calls hundreds.
    """

    def call(__self, __called: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What ``__called`` answers."""
        kind = type(__called)
        if (kind is FunctionType or kind is MethodType) and not __called.__dict__:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __called(*args, **kwargs)
        return super().call(__called, *args, **kwargs)


class _Writer(CodeGenerator):
    """Writes templates that take markup as it is; Jinja's own would wrap it twice more."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")


class _Template(Template):
    """A template whose macros are made once: none of ours has globals of its own."""

    def _get_default_module(self, _context: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Pages(Environment):
    """The templates of our pages: what Flask's are, only faster."""

    template_class = _Template
    context_class = _Context
    code_generator_class = _Writer

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._found: dict[str, Template] = {}

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        """The template, found once: a page includes a dozen, none of which changes."""
        found = self._found.get(name)
        if found is None or self.auto_reload or globals:
            found = self._found[name] = super()._load_template(name, globals)
        return found

    @staticmethod
    def shown(value: Any) -> str:
        """A value as it stands in a page: markup as it is, all else escaped."""
        kind = type(value)
        if kind is Markup or (kind is str and not _IS_MARKUP(value)):
            said: str = value
            return said
        return str(value) if kind is int else escape(value)


def equip(app: Flask) -> None:
    """Give the templates of ``app`` their filters, shared words and assets."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        sparkline_points=drawing.sparkline_points,
        axis_x=drawing.axis_x,
        span_bar=drawing.span_bar,
        span_instants=words.span_instants,
        span_days=words.span_days,
        span_key=drawing.span_key,
        paragraphs=drawing.paragraphs,
        markdown=markdown.html,
        sentence=drawing.sentence,
        lower_first=drawing.lower_first,
        instant=_instant,
        exactly=words.exact_instant,
        duration=words.duration,
        to_the_second=words.to_the_second,
        measure=words.measure,
        file_size=file_words.size,
        day=mail_words.day,
    )
    app.context_processor(_shared_context)
    app.url_defaults(_versioned(app))


def _instant(at: datetime | None, zone: str, now: datetime) -> str:
    """An instant as people read it; empty for none."""
    return words.instant(at, zone, now) if at else ""


def _shared_context() -> dict[str, Any]:
    """What every template may use."""
    return {
        "current_person": find_person(),
        "language": spoken(),
        "house_name": config().house_name,
        "demo_notice": DEMO_NOTICE if config().demo else None,
        "worker_banner": None,
        "receipt": None,
        "unread": ringing.unread,
    }


def _versioned(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    hashes: dict[str, str] = {}

    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values:
            return
        name = values["filename"]
        if name not in hashes or app.debug:
            folder = app.static_folder or ""
            with open(f"{folder}/{name}", "rb") as asset:
                hashes[name] = hashlib.sha256(asset.read()).hexdigest()[:10]
        values["v"] = hashes[name]

    return add_hash
