"""Who may enter: each view declares its policy. Source: security.md, "House rules"."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec
from urllib.parse import quote

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.http import keeping
from app.http.visitors import find_person
from app.people import queries as people
from app.people.models import Person

P = ParamSpec("P")
View = Callable[P, Any]


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
                abort(403)
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


def needs_session() -> bool:
    """Whether the view of this request is for people who are signed in."""
    view = current_app.view_functions[request.endpoint or ""]
    return bool(view.__dict__["policy"] != "public")


def _to_sign_in() -> Response:
    """Lead to the door, and from there back; raises `keeping.SignedOut` for what was typed."""
    typed = keeping.find_typed()
    if typed is not None:
        raise keeping.SignedOut(typed)
    is_read = request.method == "GET"
    path = request.full_path.rstrip("?") if is_read else keeping.page_of_form()
    target = f"?next={quote(path, safe='')}" if path not in {"", "/"} else ""
    return redirect(f"{url_for('portal.sign_in')}{target}", 302)
