"""Flask as our pages need it: they name dozens of addresses and draw thousands of small parts."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask import Request as FlaskRequest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app import languages
from app.http.templating import Pages


class Request(FlaskRequest):
    """A request that knows what WTForms says in its reader's language.

    Flask-WTF would read that catalogue from its file with every form of every request.
    """

    @property
    def wtforms_translations(self) -> NullTranslations:
        """The sentences of WTForms itself."""
        return languages.of_forms()


class FormCookie(SecureCookieSessionInterface):
    """Flask's cookie with what signs it made once: the key of an application never changes."""

    def __init__(self) -> None:
        """Of one application."""
        self._signing: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing


class Site(Flask):
    """An application that keeps the local addresses that it made: they depend on nothing else."""

    request_class = Request
    jinja_environment = Pages

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_interface = FormCookie()
        self._local_url = lru_cache(maxsize=1024)(self._make_local_url)

    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """The address of a page, as `Flask.url_for` says it."""
        special = _anchor or _method or _scheme or _external or endpoint[0] == "."
        if not special and endpoint != "static" and has_request_context():
            with suppress(TypeError):  # a list of values, which cannot be kept
                return self._local_url(request.root_path, endpoint, *values.items())
        return super().url_for(
            endpoint,
            _anchor=_anchor,
            _method=_method,
            _scheme=_scheme,
            _external=_external,
            **values,
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """``func`` itself: nothing of ours is asynchronous, and Flask would ask each time."""
        return func

    def _make_local_url(self, _root: str, endpoint: str, *values: tuple[str, Any]) -> str:
        return super().url_for(endpoint, **dict(values))
