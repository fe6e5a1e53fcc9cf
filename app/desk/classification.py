"""Corrections: kind, service and request type, and whose request it is."""

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.catalogue.words import Kind
from app.clocks.foreseeing import Foreseen
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.forms import ClassificationForm, RequesterForm
from app.errors import Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people import queries as people
from app.people.models import Person
from app.tickets import assignment, classification
from app.tickets.models import Ticket

RESOLVED = lazy_gettext("Nothing moves before it is reopened; then the promises are as shown.")


@blueprint.route("/tickets/<int:ref>/classification", methods=["GET", "POST"])
@agent_required
def classify(ref: int) -> str | Response:
    """Correct kind, service and request type; what it does is shown before it is confirmed."""
    ticket = loading.ticket_or_404(ref)
    kinds = {f"type:{kind.key}": kind for kind in catalogue.request_types()}
    form = ClassificationForm(data={"kind": ticket.kind.value, "about": _about(ticket, kinds)})
    form.about.choices = _choices(kinds)
    found: list[Foreseen] | None = None
    lacks: list[str] = []
    if form.validate_on_submit():
        kind = Kind(form.kind.data)
        request_type = kinds.get(form.about.data)
        service_id = request_type.service_id if request_type else _service(form.about.data)
        if form.is_confirmed:
            with http.refusals_on(form):
                locked = loading.for_change(ticket.id)
                had = locked.assignee_id
                classification.correct(
                    locked,
                    kind=kind,
                    service_id=service_id,
                    request_type=request_type,
                    reason=form.reason.data or "",
                    by=http.person(),
                    at=wallclock.now(),
                    despite=form.despite.data or "",
                )
                flash(_("%(ref)s is classified anew.", ref=ticket.ref))
                if had is not None and locked.assignee_id is None:
                    flash(_("It is with nobody now: who had it is not qualified for it."))
                return redirect(url_for("desk.ticket", ref=ticket.id), 303)
        wanted = replace(
            classification.class_of(ticket),
            kind=kind,
            service_id=service_id,
            request_type_id=request_type.id if request_type else None,
        )
        with http.refusals_on(form):
            found = classification.foresee(ticket, wanted, at=wallclock.now())
        if service_id != ticket.service_id:
            lacks = assignment.lacks_for(ticket, service_id, at=wallclock.now())
    return _page("classification", ticket, form, found, lacks)


@blueprint.route("/tickets/<int:ref>/requester", methods=["GET", "POST"])
@agent_required
def correct_requester(ref: int) -> str | Response:
    """Give the request to whose it is; another organisation brings its own agreement."""
    ticket = loading.ticket_or_404(ref)
    form = RequesterForm()
    found: list[Foreseen] | None = None
    if form.validate_on_submit():
        if form.is_confirmed:
            with http.refusals_on(form):
                classification.correct_requester(
                    loading.for_change(ticket.id),
                    requester=_requester(form.requester.data),
                    reason=form.reason.data or "",
                    by=http.person(),
                    at=wallclock.now(),
                )
                flash(_("%(ref)s is theirs now.", ref=ticket.ref))
                return redirect(url_for("desk.ticket", ref=ticket.id), 303)
        with http.refusals_on(form):
            wanted = classification.class_with(ticket, _requester(form.requester.data))
            found = classification.foresee(ticket, wanted, at=wallclock.now())
    return _page("requester", ticket, form, found)


def _page(
    name: str,
    ticket: Ticket,
    form: ClassificationForm | RequesterForm,
    found: list[Foreseen] | None,
    lacks: Sequence[str] = (),
) -> str:
    """``lacks`` is what the assignee would lack after the correction."""
    zone = http.zone()
    return render_template(
        f"desk/tickets/{name}.html",
        ticket=ticket,
        form=form,
        preview=None if found is None else previews.lines(found, zone=zone),
        remark="" if ticket.is_open else RESOLVED,
        lacks=lacks,
        assignee=people.person(ticket.assignee_id) if ticket.assignee_id and lacks else None,
    )


def _requester(address: str) -> Person:
    person = people.find_person_by_address(address)
    if person is None or not person.is_active:
        raise Refusal(_("Nobody with this address is known here."), field="requester")
    return person


def _choices(kinds: dict[str, RequestType]) -> list[SelectChoice]:
    types = [SelectChoice(key, f"{one.title} ({one.service.name})") for key, one in kinds.items()]
    services = [
        SelectChoice(
            f"service:{service.id}", _("%(service)s, nothing nearer", service=service.name)
        )
        for service in catalogue.services()
    ]
    return [*types, *services, SelectChoice("none", _("No service"))]


def _about(ticket: Ticket, kinds: dict[str, RequestType]) -> str:
    key = f"type:{ticket.request_type.key}" if ticket.request_type else ""
    if key in kinds:
        return key
    return f"service:{ticket.service_id}" if ticket.service_id else "none"


def _service(about: str) -> int | None:
    name, _colon, number = about.partition(":")
    return int(number) if name == "service" else None
