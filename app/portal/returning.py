"""What was typed comes back: after a session ended meanwhile, and when a form is no longer good."""

from flask import make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from app import http
from app.database import db
from app.http import keeping
from app.http.keeping import Kept, SignedOut
from app.portal import signing_in
from app.portal.blueprint import blueprint
from app.portal.door_forms import SignInForm


@blueprint.errorhandler(SignedOut)
def signed_out(over: SignedOut) -> Response:
    """Ask who wrote it to sign in again, with what they wrote in the page."""
    db.session.rollback()
    return _door(over.kept, 403)


@blueprint.errorhandler(CSRFError)
def form_is_over(_error: CSRFError) -> Response:
    """Nothing is done with a form whose token is not good: what it holds is shown to its writer.

    Only where a page of ours sent it; another site shows nobody words of its own in ours.
    """
    db.session.rollback()
    kept = keeping.find_typed() if keeping.is_from_here() else None
    if kept is None:
        return make_response(render_template("errors/csrf.html", sentence=None), 400)
    if http.needs_session() and http.find_person() is None:
        return _door(kept, 400)
    return make_response(render_template("portal/signing_in/kept.html", kept=kept), 400)


def _door(kept: Kept, status: int) -> Response:
    form = SignInForm(formdata=None, next=kept.page, kept=keeping.signed(kept))
    return make_response(signing_in.page_of(form), status)
