"""The front door: signing in and out."""

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import http, languages, wallclock
from app.demo import accounts
from app.errors import Refusal
from app.http import keeping, public, signed_in
from app.people import signing_in
from app.people.signing_in import TooManyTries
from app.portal.blueprint import blueprint
from app.portal.door_forms import SignInForm


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | BaseResponse:
    """Ask for address and password; a right pair starts a session and leads on."""
    if request.method == "GET" and http.find_person() is not None:
        return redirect(url_for("portal.root"), 302)
    form = SignInForm(next=http.local_path(request.args.get("next")) or "")
    status = 200
    if form.validate_on_submit():
        try:
            return _let_in(form)
        except Refusal as refusal:
            form.password.errors = (refusal.sentence,)
            status = 429 if isinstance(refusal, TooManyTries) else 200
    return make_response(page_of(form), status)


def page_of(form: SignInForm) -> str:
    """The door, with what was typed elsewhere and is kept in ``form``."""
    return render_template(
        "portal/signing_in/sign_in.html",
        form=form,
        kept=keeping.find_kept(form.kept.data),
        accounts=accounts.SHOWN if http.config().demo else [],
    )


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> BaseResponse:
    """End this browser's session."""
    return http.leave(redirect(url_for("portal.sign_in"), 303))


def _let_in(form: SignInForm) -> BaseResponse:
    network = request.remote_addr or ""
    person = signing_in.verify(
        form.address.data, form.password.data, network=network, at=wallclock.now()
    )
    kept = keeping.find_kept(form.kept.data)
    if kept is not None:
        http.speak_to(person)
        with languages.speaking(person.language):
            page = render_template("portal/signing_in/kept.html", kept=kept)
        return http.enter(make_response(page), person)
    onward = http.local_path(form.next.data) or url_for("portal.root")
    return http.enter(redirect(onward, 303), person)
