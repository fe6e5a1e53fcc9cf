"""Asking for help without an account: the request waits until its mailbox is proven."""

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.http import keeps_words, public
from app.people import addresses, belonging
from app.people import queries as people
from app.portal.blueprint import blueprint
from app.portal.choices import Choice, choices_of, fit
from app.portal.door_forms import AskingForm, ProvingForm
from app.tickets import guests, unproven
from app.tickets.unproven import SentAlready


@blueprint.get("/ask")
@public
def ask() -> str | Response:
    """What can be asked for; who is signed in has the portal for it."""
    if http.find_person() is not None:
        return redirect(url_for("portal.portal"), 302)
    return render_template("portal/asking/catalogue.html", kinds=catalogue.request_types())


@blueprint.route("/ask/<key>", methods=["GET", "POST"])
@public
@keeps_words("portal.ask_for")
def ask_for(key: str) -> str | Response:
    """The form; it is taken in once, however often it is sent."""
    kind = catalogue.request_type(key)
    if request.method == "GET" and http.find_person() is not None:
        return redirect(url_for("portal.new_request", key=key), 302)
    choices = choices_of(kind)
    form = AskingForm()
    fit(form, kind, choices)
    if not form.show.data and form.validate_on_submit() and _file(form, kind, choices):
        return redirect(url_for("portal.letter_sent"), 303)
    return render_template("portal/asking/ask.html", form=form, kind=kind, choices=choices)


@blueprint.route("/prove/<proof_token>", methods=["GET", "POST"])
@public
def prove_request(proof_token: str) -> str | Response:
    """The press that sends the request; its requester then sees it by a personal link."""
    form, found = ProvingForm(), unproven.waiting(proof_token, at=wallclock.now())
    if form.validate_on_submit():
        with http.refusals_on(form):
            ticket = unproven.prove(proof_token, at=wallclock.now())
            person = people.person(ticket.requester_id or 0)
            if person.password_hash is not None:
                return redirect(url_for("portal.request", ref=ticket.id, received=1), 303)
            link = guests.link_for(ticket, person, at=wallclock.now())
            return redirect(url_for("portal.guest", token=guests.token_of(link)), 303)
    return render_template(
        "portal/asking/prove.html",
        form=form,
        waiting=found,
        shared_with=belonging.sharing_organisation(found.address),
    )


@blueprint.post("/prove/<proof_token>/again")
@public
def send_link_again(proof_token: str) -> Response:
    """Write once more how to come to what this link has sent: to the mailbox, not to this page."""
    if unproven.send_link_again(proof_token, at=wallclock.now()):
        return redirect(url_for("portal.letter_sent", about="request"), 303)
    return redirect(url_for("portal.prove_request", proof_token=proof_token), 303)


@blueprint.errorhandler(SentAlready)
def sent_already(over: SentAlready) -> Response:
    """What the letter's link says when it is opened again: it has done what it is for."""
    owner = people.find_person_by_address(over.sent.address)
    page = render_template(
        "portal/asking/sent_already.html",
        number=over.sent.ticket_id,
        has_account=owner is not None and owner.password_hash is not None,
        proof_token=(request.view_args or {})["proof_token"],
    )
    return make_response(page, 410)


def _file(form: AskingForm, kind: RequestType, choices: tuple[Choice, ...]) -> bool:
    """Keep the request; False when it was refused and the form says why."""
    if unproven.was_filed(form.once.data):
        return True
    with http.refusals_on(form):
        addresses.plain_name(form.name.data)
    with http.refusals_on(form):
        addresses.normalised(form.address.data)
    if form.errors:
        return False
    chosen = next(choice for choice in choices if choice.key == form.choice.data)
    is_filed = False
    try:
        with http.refusals_on(form):
            unproven.file(
                once=form.once.data,
                name=form.name.data,
                address=form.address.data,
                kind=kind,
                subject=form.subject.data,
                body=form.body.data,
                priority=chosen.priority,
                language=http.language(),
                network=request.remote_addr or "",
                known_only=http.config().sign_up == "known",
                at=wallclock.now(),
            )
            is_filed = True
    except IntegrityError:  # sent twice at once: the other one came first
        is_filed = unproven.was_filed(form.once.data)
        if not is_filed:
            raise
    return is_filed
