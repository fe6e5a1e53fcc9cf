"""Who has a ticket open: a page that is open says so now and then.

It hears who else has, and what others have written since it was opened.
"""

from collections.abc import Sequence

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.http import agent_required
from app.tickets import conversation, presence
from app.tickets.models import Message
from app.tickets.words import Writing

LEFT = "left"


class PresenceForm(FlaskForm):
    """What somebody does who has the page open, or that they have closed it.

    ``seen`` is the newest message that stands on the page, 0 where none does.
    """

    writing = StringField(validators=[AnyOf([*Writing, LEFT])])
    seen = IntegerField(validators=[Optional(), NumberRange(0, http.MAX_ROW)])


@blueprint.post("/tickets/<int:ref>/presence", endpoint="presence")
@agent_required
def beat(ref: int) -> str:
    """Say that one has the ticket open; the answer is a piece of the page: who and what is new."""
    http.unattended()
    ticket = loading.ticket_or_404(ref)
    person, at, form = http.person(), wallclock.now(), PresenceForm()
    come: Sequence[Message] = ()
    if form.validate_on_submit():
        if form.writing.data == LEFT:
            presence.left(ticket.id, who=person)
        else:
            presence.seen(ticket.id, who=person, writing=Writing(form.writing.data), at=at)
            come = conversation.said_since(ticket, form.seen.data, besides=person)
    here = presence.here([ticket.id], besides=person.id, at=at).get(ticket.id, ())
    return render_template(
        "desk/tickets/_beat.html", ticket=ticket, here=here, come=come, seen=form.seen.data
    )
