"""Writing a ticket down for somebody who called or stands at the counter."""

from collections.abc import Sequence
from secrets import token_urlsafe

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app import http, shell, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.catalogue.words import Priority
from app.desk import instants, loading
from app.desk.blueprint import blueprint
from app.desk.callers import requester_of
from app.desk.forms import TicketForm
from app.files.models import Attachment
from app.http import agent_required, takes_files, uploads
from app.languages import gettext as _
from app.tickets import opening
from app.tickets.models import Ticket
from app.tickets.opening import How
from app.tickets.words import Channel

BEGINNINGS = {
    "reached": (Channel.PHONE, How.REACHED),
    "left": (Channel.PHONE, How.ASKED),
    "counter": (Channel.DESK, How.ASKED),
    "ours": (Channel.DESK, How.OURS),
}


@blueprint.route("/tickets/new", methods=["GET", "POST"])
@agent_required
@takes_files
def new_ticket() -> str | Response:
    """Open a ticket on behalf of a requester."""
    form = TicketForm()
    kinds = {kind.key: kind for kind in catalogue.request_types()}
    form.request_type.choices = [SelectChoice(kind.key, kind.title) for kind in kinds.values()]
    place = uploads.place("opening", form.once.data or "")
    made = opening.find_made_by(form.once.data)
    files = uploads.take_in(form, place) if form.is_submitted() and made is None else ()
    if form.validate_on_submit():
        if made is None:
            with http.refusals_on(form):
                made = _open(form, kinds[form.request_type.data], files)
        if made is not None:
            flash(_("%(ref)s is open.", ref=made.ref))
            return redirect(loading.url_of(made.id), 303)
    form.once.data = form.once.data or token_urlsafe(16)
    return render_template(
        "desk/tickets/new.html",
        form=form,
        zone=http.zone(),
        organisations=shell.house().organisations,
    )


def _open(form: TicketForm, request_type: RequestType, files: Sequence[Attachment]) -> Ticket:
    at = wallclock.now()
    requester = requester_of(form, at=at)
    channel, how = BEGINNINGS[form.how.data]
    return opening.open_ticket(
        requester=requester,
        subject=form.subject.data,
        body=form.body.data,
        priority=Priority(form.priority.data),
        kind=request_type.kind,
        request_type=request_type,
        by=http.person(),
        channel=channel,
        at=at,
        once=form.once.data or None,
        how=how,
        contact_at=instants.just_then(form.contact.data, at=at, field="contact"),
        late_because=form.late_because.data or "",
        files=files,
    )
