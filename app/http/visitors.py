"""Who is asking: the session behind the cookie, the person, what they see and in which zone.

The only module that names flask_login. Source: security.md, "House rules".
"""

from datetime import datetime
from typing import Any

from flask import Flask, Response, abort, current_app, g, has_request_context, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from app import wallclock
from app.database import begin_writing, db, is_postgresql
from app.languages import LANGUAGES
from app.notices import bell
from app.people import access, signing_in
from app.people.models import Person
from config import Config

COMPLETE = ("portal", "account")
"""The blueprints that speak every language whole; desk, management and agreements are English."""


def config() -> Config:
    """The settings of the running application."""
    settings: Config = current_app.extensions["pledge.config"]
    return settings


def cookie_name() -> str:
    """The session cookie's name; ``__Host-`` binds it to this host where TLS is used."""
    return "__Host-pledge" if config().is_https else "pledge"


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


def zone() -> str:
    """The zone in which the signed-in person reads and writes times."""
    return person().zone_or(config().house_zone)


def language() -> str:
    """What the page is said in: the reader's language, English where it speaks no other."""
    if has_request_context() and request.blueprint in {None, *COMPLETE}:
        return own_language()
    return "en"


def own_language() -> str:
    """The person's language, else what the browser asks for; English without one."""
    found = g.get("guest") or find_person()
    if found is not None:
        return found.language if found.language in LANGUAGES else "en"
    return request.accept_languages.best_match(list(LANGUAGES), default="en")


def speak_to(guest: Person) -> None:
    """Say this page in the language of ``guest``, who came by a link and has not signed in."""
    g.guest = guest


def sight() -> access.Sight:
    """What the signed-in person may see, worked out once a request."""
    if "sight" not in g:
        who = person()
        g.sight = access.sight_of(who, g.session.reach if "session" in g else None)
    found: access.Sight = g.sight
    return found


def shared_with() -> str:
    """The organisation all of whose people read what the signed-in person asks for.

    Empty where it shares no requests.
    """
    person()
    session: signing_in.Session = g.session
    return session.organisation if session.reach.shares_requests else ""


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


def load_person(_request: Any) -> Person | None:
    """Who comes with this session cookie, for Flask-Login; None for nobody."""
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return None
    at = came_at()
    beside = bell.unread if request.blueprint == "portal" and request.method == "GET" else None
    session = signing_in.session_of(token, at=at, idle_s=config().session_idle_s, beside=beside)
    if session is None:
        return None
    g.session = session
    if beside is not None:
        g.unread = session.beside
    g.last_seen_is_old = (at - session.last_seen_at).total_seconds() >= 60
    return session.person


def came_at() -> datetime:
    """When the request's transaction began, for what has waited for nobody since.

    SQLite's writers wait for their turn before that. Who waits for a lock later asks the clock.
    """
    if "came_at" not in g:
        if not is_postgresql():
            db.session.connection()
        g.came_at = wallclock.now()
    at: datetime = g.came_at
    return at


def session_id() -> int | None:
    """Which session this browser has; None for nobody's."""
    return g.session.id if "session" in g else None


def unattended() -> None:
    """This request is the page's, not its reader's: it keeps no session alive."""
    g.pop("last_seen_is_old", None)


def forget() -> None:
    """Let the person be read anew: the transaction in which they were read is over."""
    for name in ("_login_user", "session", "sight", "came_at"):
        g.pop(name, None)


def touch_session(response: Response) -> Response:
    """The one write that a GET may cause, in a transaction of its own."""
    if g.get("last_seen_is_old"):
        begin_writing()
        signing_in.touch(g.session.id, at=wallclock.now())
        db.session.commit()
    return response


def remember(app: Flask) -> None:
    """Let ``app`` know people by their session cookie."""
    LoginManager(app).request_loader(load_person)
