"""Coming in: a session on the server and its cookie in the browser."""

from flask import request
from werkzeug.wrappers import Response

from app import wallclock
from app.http.visitors import clear_session_cookie, config, cookie_name, set_session_cookie
from app.people import signing_in
from app.people.models import Person


def enter(response: Response, person: Person) -> Response:
    """Sign ``person`` in with ``response``: a new session, and the one this browser had ends."""
    signing_in.end_session(request.cookies.get(cookie_name(), ""))
    token = signing_in.start_session(
        person,
        at=wallclock.now(),
        absolute_s=config().session_absolute_s,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    set_session_cookie(response, token)
    return response


def leave(response: Response) -> Response:
    """End the session that this browser has, if any, with ``response``."""
    signing_in.end_session(request.cookies.get(cookie_name(), ""))
    clear_session_cookie(response)
    return response
