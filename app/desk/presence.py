"""Who has a ticket open: a page that is open says so now and then, and hears who else has."""

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.http import agent_required
from app.tickets import presence
from app.tickets.words import Writing

LEFT = "left"


class PresenceForm(FlaskForm):
    """What somebody does who has the page open, or that they have closed it."""

    writing = StringField(validators=[AnyOf([*Writing, LEFT])])


@blueprint.post("/tickets/<int:ref>/presence", endpoint="presence")
@agent_required
def beat(ref: int) -> str:
    """Say that one has the ticket open; the answer is a piece of the page: who else has."""
    http.unattended()
    ticket = loading.ticket_or_404(ref)
    person, at, form = http.person(), wallclock.now(), PresenceForm()
    if form.validate_on_submit():
        if form.writing.data == LEFT:
            presence.left(ticket.id, who=person)
        else:
            presence.seen(ticket.id, who=person, writing=Writing(form.writing.data), at=at)
    here = presence.here([ticket.id], besides=person.id, at=at).get(ticket.id, ())
    return render_template("desk/tickets/_here.html", here=here)
