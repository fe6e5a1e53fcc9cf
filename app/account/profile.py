"""The profile: name, language, zone, look, and for staff signature, density, keys and what they
are qualified in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.account.blueprint import blueprint
from app.account.forms import ProfileForm, StaffForm
from app.http import signed_in
from app.languages import gettext as _
from app.languages import speaking
from app.people import profile as verbs
from app.people.models import Density, Person
from app.qualifications import holding


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def profile() -> str | Response:
    """Show and change what one says of oneself."""
    person = http.person()
    form = _form(person)
    if form.validate_on_submit():
        with http.refusals_on(form):
            _save(person, form)
            with speaking(person.language):
                flash(_("Your profile is saved."))
            return redirect(url_for("account.profile"), 303)
    held = holding.held_now(at=wallclock.now(), person_ids=[person.id]) if person.is_agent else []
    return render_template("account/profile.html", form=form, person=person, held=held)


def _form(person: Person) -> ProfileForm:
    made = StaffForm if person.is_agent else ProfileForm
    shown = {
        "name": person.name,
        "language": person.language,
        "zone": person.zone or "",
        "theme": person.theme or "",
        "signature": person.signature,
        "density": person.density.value,
        "uses_shortcuts": person.uses_shortcuts,
    }
    return made(house_zone=http.config().house_zone, data=shown)


def _save(person: Person, form: ProfileForm) -> None:
    verbs.change(
        person,
        name=form.name.data,
        zone=form.zone.data or None,
        language=form.language.data,
        theme=form.theme.data or None,
    )
    if isinstance(form, StaffForm):
        verbs.equip(
            person,
            signature=form.signature.data or "",
            density=Density(form.density.data),
            uses_shortcuts=form.uses_shortcuts.data,
        )
