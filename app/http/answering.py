"""From a request to its answer: one transaction, refusals, headers, error pages.

Sources: architecture.md, "Transaction"; security.md, "Headers".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app import languages, wallclock
from app.database import begin_reading, begin_writing, db
from app.errors import Forbidden, Gone, NotFound, Refusal
from app.http import visitors
from app.languages import gettext as _

SAFE = {"GET", "HEAD", "OPTIONS"}
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
log = structlog.get_logger()


def bound_body() -> None:
    """Let a view that takes files be sent more than others; stands before all that reads a form."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = view.__dict__.get("max_bytes") if view is not None else None
    if most is not None:
        request.max_content_length = most


def begin() -> None:
    """Begin the request's transaction: one that reads, at one instant, or one that writes."""
    reads = request.method in SAFE
    begin_reading() if reads else begin_writing()
    wallclock.hold(still=reads)


def end(_error: BaseException | None) -> None:
    """Let time pass again."""
    wallclock.hold(still=False)


def refuse_nul() -> None:
    """PostgreSQL keeps no NUL in text and SQLite does: refuse it at the door, on both."""
    if request.method not in SAFE and any("\0" in value for value in request.form.values()):
        raise Refusal(_("The text holds a NUL character, which we cannot keep. Take it out."))


def finish(response: Response) -> Response:
    """Commit what a writing request did, unless it was refused; let go of what others read."""
    if request.method in SAFE:
        db.session.close()
    elif response.status_code >= 400:
        db.session.rollback()
    else:
        db.session.commit()
    return response


@contextmanager
def refusals_on(form: FlaskForm, *, whole: bool = False) -> Iterator[None]:
    """Turn a `Refusal` into an error of ``form`` and undo what the block did so far.

    ``whole`` says that the request did nothing before the block: all is undone, and no savepoint
    needs to be made.
    """
    try:
        with _undone_whole() if whole else db.session.begin_nested():
            yield
    except (Forbidden, Gone, NotFound):
        raise
    except Refusal as refusal:
        errors = form.form_errors if refusal.field not in form else form[refusal.field].errors
        if isinstance(errors, tuple):
            form[refusal.field].errors = [*errors, refusal.sentence]
        else:
            errors.append(refusal.sentence)


@contextmanager
def _undone_whole() -> Iterator[None]:
    """Undo the request's transaction when the block fails; who asks is read anew after it."""
    try:
        yield
    except BaseException:
        db.session.rollback()
        visitors.forget()
        raise


def add_headers(response: Response) -> Response:
    """Say what a browser may do with the page, and for how long it may keep it."""
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
    """The page of an error; with a ``sentence`` it speaks what the page that refused does."""
    db.session.rollback()
    g.pop("last_seen_is_old", None)
    known = code if code in {403, 404, 409, 410, 413, 429, 500} else 500 if code >= 500 else 404
    with languages.speaking(languages.spoken() if sentence else visitors.own_language()):
        return render_template(f"errors/{known}.html", sentence=sentence), code


def _on_refusal(refusal: Refusal) -> tuple[str, int]:
    if isinstance(refusal, NotFound):
        return _error_page(404)
    code = 403 if isinstance(refusal, Forbidden) else 410 if isinstance(refusal, Gone) else 409
    return _error_page(code, refusal.sentence)


def _on_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _error_page(error.code)


def _on_csrf_error(_error: CSRFError) -> tuple[str, int]:
    db.session.rollback()
    with languages.speaking(visitors.own_language()):
        return render_template("errors/csrf.html", sentence=None), 400


def _on_crash(error: Exception) -> tuple[str, int]:
    log.error("request failed", path=request.path, method=request.method, exc_info=error)
    return _error_page(500)


def catch_errors(app: Flask) -> None:
    """Give every refusal and every crash its page."""
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_crash)
