"""Where one is signed in, and ending it there."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.account import browsers
from app.account.blueprint import blueprint
from app.http import signed_in
from app.languages import gettext as _
from app.people import signing_in
from app.people.models import SignInSession


@dataclass(frozen=True)
class Row:
    """A session as the page shows it; ``is_here`` for the one that asks."""

    session: SignInSession
    browser: str
    is_here: bool


@blueprint.get("/account/sessions")
@signed_in
def sessions() -> str:
    """Every session that still stands, the one used last first."""
    at, here = wallclock.now(), http.session_id()
    found = signing_in.sessions_of(http.person(), at=at, idle_s=http.config().session_idle_s)
    rows = [Row(one, browsers.words(one.user_agent), one.id == here) for one in found]
    return render_template("account/sessions.html", rows=rows, zone=http.zone(), now=at)


@blueprint.post("/account/sessions/<int:session_id>/ending")
@signed_in
def end_session(session_id: int) -> Response:
    """End one session; ending this one signs out."""
    signing_in.end_own_session(http.person(), session_id)
    if session_id == http.session_id():
        return http.leave(redirect(url_for("portal.sign_in"), 303))
    flash(_("That session has ended."))
    return redirect(url_for("account.sessions"), 303)


@blueprint.post("/account/sessions/ending")
@signed_in
def end_other_sessions() -> Response:
    """End every session but this one."""
    keep = request.cookies.get(http.cookie_name(), "")
    signing_in.end_other_sessions(http.person(), keep=keep)
    flash(_("Every other session has ended."))
    return redirect(url_for("account.sessions"), 303)
