"""What every page shares: one transaction per request, who is asking, policies, error pages.

The only module that names flask_login. Sources: architecture.md, "Transaction"; security.md,
"House rules" and "Headers".
"""

import functools
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ParamSpec
from urllib.parse import quote, urlsplit

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from app import drawing, wallclock
from app.clocks import words
from app.database import begin_reading, begin_writing, db
from app.errors import Forbidden, NotFound, Refusal
from app.people import access, signing_in
from app.people import queries as people
from app.people.models import Person
from config import Config

P = ParamSpec("P")
View = Callable[P, Any]

DEMO_NOTICE = "This is a demo: its people, tickets and promises are made up."
MAX_ROW = 2**63 - 1
SAFE = {"GET", "HEAD", "OPTIONS"}
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
log = structlog.get_logger()


# -- who is asking --------------------------------------------------------------------------


def cookie_name() -> str:
    """The session cookie's name; ``__Host-`` binds it to this host where TLS is used."""
    return "__Host-pledge" if config().is_https else "pledge"


def config() -> Config:
    """The settings of the running application."""
    settings: Config = current_app.extensions["pledge.config"]
    return settings


def person() -> Person:
    """The signed-in person, unwrapped from Flask-Login's proxy; 403 for nobody."""
    found = find_person()
    if found is None:
        abort(403)
    return found


def find_person() -> Person | None:
    """The signed-in person, or None."""
    found = current_user._get_current_object()
    return found if isinstance(found, Person) else None


def sight() -> access.Sight:
    """What the signed-in person may see, worked out once a request."""
    if "sight" not in g:
        g.sight = access.sight_of(person())
    found: access.Sight = g.sight
    return found


def set_session_cookie(response: BaseResponse, token: str) -> None:
    """Hand the browser its session token."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=config().session_absolute_s,
        secure=config().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_session_cookie(response: BaseResponse) -> None:
    """Take the session token back."""
    response.delete_cookie(cookie_name(), path="/", secure=config().is_https, httponly=True)


def _load_person(_request: Any) -> Person | None:
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return None
    at = wallclock.now()
    session = signing_in.session_of(token, at=at, idle_s=config().session_idle_s)
    if session is None:
        return None
    g.session = session
    g.last_seen_is_old = (at - session.last_seen_at).total_seconds() >= 60
    return signing_in.person_of(session)


# -- policies -------------------------------------------------------------------------------


def public(view: View[P]) -> View[P]:
    """Anybody may open this page."""
    view.__dict__["policy"] = "public"
    return view


def _policy(name: str, allows: Callable[[Person], bool]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            found = find_person()
            if found is None:
                return _to_sign_in()
            if not allows(found):
                raise Forbidden("Your role does not include this page.")
            return view(*args, **kwargs)

        guarded.__dict__["policy"] = name
        return guarded

    return decorate


signed_in = _policy("signed_in", lambda person: True)
agent_required = _policy("agent", lambda person: person.is_agent)
lead_required = _policy("lead", lambda person: person.may_manage or people.leads_a_team(person.id))
manager_required = _policy("manager", lambda person: person.may_manage)
admin_required = _policy("admin", lambda person: person.is_admin)


def require_policies(app: Flask) -> None:
    """Stop the start when a route has no declared policy."""
    without = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and "policy" not in app.view_functions[rule.endpoint].__dict__
    ]
    if without:
        raise RuntimeError(f"Routes without a policy: {', '.join(sorted(without))}")


def local_path(target: str | None) -> str | None:
    """``target`` when it is a path of ours, else None: no redirect leaves the house."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or "\\" in target else target


def _to_sign_in() -> BaseResponse:
    path = request.full_path.rstrip("?") if request.method == "GET" else ""
    target = f"?next={quote(path, safe='')}" if path not in {"", "/"} else ""
    return redirect(f"{url_for('portal.sign_in')}{target}", 302)


class RowNumber(IntegerConverter):
    """A number in a URL that can be a row's: one too big for a column is no page, not a crash."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ROW, **kwargs})


def row_number(name: str) -> int | None:
    """The argument ``name`` of this URL as a row's number; None where it is none."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= MAX_ROW else None


# -- one transaction per request --------------------------------------------------------------


def _begin() -> None:
    begin_reading() if request.method in SAFE else begin_writing()


def _refuse_nul() -> None:
    """PostgreSQL keeps no NUL in text and SQLite does: refuse it at the door, on both."""
    if any("\0" in value for value in request.form.values()):
        raise Refusal("The text holds a NUL character, which we cannot keep. Take it out.")


def _finish(response: Response) -> Response:
    if request.method in SAFE or response.status_code >= 400:
        db.session.rollback()
    else:
        db.session.commit()
    return response


def _touch_session(response: Response) -> Response:
    """The one write that a GET may cause, in a transaction of its own."""
    if g.get("last_seen_is_old"):
        begin_writing()
        signing_in.touch(g.session.id, at=wallclock.now())
        db.session.commit()
    return response


@contextmanager
def refusals_on(form: FlaskForm) -> Iterator[None]:
    """Turn a `Refusal` into an error of ``form`` and undo what the block did so far."""
    try:
        with db.session.begin_nested():
            yield
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        errors = form.form_errors if refusal.field not in form else form[refusal.field].errors
        if isinstance(errors, tuple):
            form[refusal.field].errors = [*errors, refusal.sentence]
        else:
            errors.append(refusal.sentence)


# -- headers, errors, assets ------------------------------------------------------------------


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and "v" in request.args:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response


def _error_page(code: int, sentence: str | None = None) -> tuple[str, int]:
    db.session.rollback()
    g.pop("last_seen_is_old", None)
    known = code if code in {403, 404, 409, 429, 500} else 500 if code >= 500 else 404
    page = render_template(f"errors/{known}.html", sentence=sentence)
    return page, code


def _on_refusal(refusal: Refusal) -> tuple[str, int]:
    if isinstance(refusal, NotFound):
        return _error_page(404)
    code = 403 if isinstance(refusal, Forbidden) else 409
    return _error_page(code, refusal.sentence)


def _on_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _error_page(error.code)


def _on_csrf_error(_error: CSRFError) -> tuple[str, int]:
    db.session.rollback()
    return render_template("errors/csrf.html", sentence=None), 400


def _on_crash(error: Exception) -> tuple[str, int]:
    log.error("request failed", path=request.path, method=request.method, exc_info=error)
    return _error_page(500)


def _instant(at: datetime | None, zone: str, now: datetime) -> str:
    """An instant as people read it; empty for none."""
    return words.instant(at, zone, now) if at else ""


def _shared_context() -> dict[str, Any]:
    """What every template may use."""
    return {
        "current_person": find_person(),
        "house_name": config().house_name,
        "demo_notice": DEMO_NOTICE if config().demo else None,
        "worker_banner": None,
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


def install(app: Flask, settings: Config) -> None:
    """Give ``app`` everything of this module."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-pledge-form" if settings.is_https else "pledge-form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(
        initials=drawing.initials,
        sparkline_points=drawing.sparkline_points,
        axis_x=drawing.axis_x,
        span_bar=drawing.span_bar,
        span_instants=drawing.span_instants,
        span_days=drawing.span_days,
        paragraphs=drawing.paragraphs,
        sentence=drawing.sentence,
        lower_first=drawing.lower_first,
        instant=_instant,
        exactly=lambda at, zone: words.exact_instant(at, zone),
        duration=words.duration,
        to_the_second=words.to_the_second,
        measure=words.measure,
    )
    app.context_processor(_shared_context)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    login = LoginManager(app)
    login.request_loader(_load_person)
    CSRFProtect(app)
    app.before_request(_begin)
    app.before_request(_refuse_nul)
    app.after_request(_headers)
    app.after_request(_touch_session)
    app.after_request(_finish)
    app.url_defaults(_versioned(app))
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_crash)
