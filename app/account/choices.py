"""How one is told of what: a letter, the bell, both or neither."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http
from app.account.blueprint import blueprint
from app.account.forms import PressForm
from app.http import signed_in
from app.languages import gettext as _
from app.notices import choices as verbs
from app.notices.choices import REQUESTERS, STAFF, Event, Ways
from app.people.models import Person


@blueprint.route("/account/notifications", methods=["GET", "POST"])
@signed_in
def notifications() -> str | Response:
    """Show and change how one is told; only the boxes of known events are read."""
    person, form = http.person(), PressForm()
    if form.validate_on_submit():
        letters, bells = set(request.form.getlist("letter")), set(request.form.getlist("bell"))
        wanted = {
            event.kind: Ways(event.kind in letters, event.kind in bells)
            for event in verbs.events_for(person)
        }
        verbs.choose(person, wanted)
        flash(_("Saved. It counts from the next event on."))
        return redirect(url_for("account.notifications"), 303)
    return render_template(
        "account/notifications.html",
        form=form,
        groups=_groups(person),
        ways=verbs.choices_of(person),
    )


def _groups(person: Person) -> list[tuple[str, tuple[Event, ...]]]:
    """The events that the person can choose about, under what they concern."""
    own: list[tuple[str, tuple[Event, ...]]] = [(_("On requests of mine"), REQUESTERS)]
    return [(_("On tickets that I work on"), STAFF), *own] if person.is_agent else own
