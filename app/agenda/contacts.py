"""The page behind the link of a contact's letter: "I have read this", said by pressing a button.

A contact needs no account: the link is theirs alone and good for nothing else. Opening it
changes nothing.
"""

from flask import flash, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agenda.blueprint import blueprint
from app.agreements import contacts
from app.http import public
from app.languages import gettext as _
from app.mail.agreement_kinds import OF_AGREEMENTS
from app.people import queries as people


@blueprint.route("/contact/<contact_link>", methods=["GET", "POST"])
@public
def acknowledge(contact_link: str) -> str | Response:
    """Ask whether the letter was read, and note it."""
    turn = contacts.turn_of_link(contact_link)
    person = people.person(turn.person_id)
    http.speak_to(person)
    form = FlaskForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            contacts.acknowledge(turn.id, by=person, at=wallclock.now())
            flash(_("Thank you. Nobody else is told in your place."))
            return redirect(request.path, 303)
    return render_template(
        "agenda/acknowledge.html",
        turn=turn,
        person=person,
        form=form,
        about=OF_AGREEMENTS.get(turn.facts["kind"], ""),
        zone=person.zone_or(http.config().house_zone),
        now=wallclock.now(),
    )
