"""Using a macro on a ticket: choosing one, seeing what it would say and change, taking it."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import drafts as desk_drafts
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.errors import Refusal
from app.http import agent_required, takes_files
from app.languages import gettext as _
from app.tickets import (
    classification,
    drafts,
    handing_over,
    macro_changes,
    macros,
    markdown,
    wording,
)
from app.tickets.desk_models import Macro
from app.tickets.models import Ticket
from app.tickets.words import MessageKind


@blueprint.post("/tickets/<int:ref>/macros")
@agent_required
@takes_files
def look_for_macro(ref: int) -> Response:
    """Keep what is typed in the reply, and choose a macro."""
    ticket = loading.for_change(ref)
    desk_drafts.keep(ticket, "reply", desk_drafts.typed_form("reply"))
    return redirect(url_for("desk.choose_macro", ref=ref), 303)


@blueprint.get("/tickets/<int:ref>/macros")
@agent_required
def choose_macro(ref: int) -> str:
    """The macros that may be used on a ticket, with what each changes."""
    ticket = loading.ticket_or_404(ref)
    every = macros.offered_to(http.person())
    changes = macro_changes.said_of([macro_changes.changes_of(macro) for macro in every])
    found = [
        (macro, markdown.plain(macro.body), said)
        for macro, said in zip(every, changes, strict=True)
    ]
    return render_template("desk/macros/choose.html", ticket=ticket, macros=found)


@blueprint.get("/tickets/<int:ref>/macros/<int:macro_id>")
@agent_required
def preview_macro(ref: int, macro_id: int) -> str:
    """What a macro would say on this ticket, and what it would change."""
    ticket = loading.ticket_or_404(ref)
    macro = macros.macro(macro_id, by=http.person())
    words = _filled(ticket, macro)
    return render_template(
        "desk/macros/preview.html",
        ticket=ticket,
        macro=macro,
        shown=markdown.html(words) if words else None,
        changes=macro_changes.said(macro_changes.changes_of(macro)),
        lines=_promises(ticket, macro),
    )


@blueprint.post("/tickets/<int:ref>/macros/<int:macro_id>")
@agent_required
def use_macro(ref: int, macro_id: int) -> Response:
    """Put a macro's words after what is typed; its changes wait for Send."""
    ticket = loading.for_change(ref)
    person = http.person()
    macro = macros.macro(macro_id, by=person)
    kind = MessageKind.NOTE if macro.is_note else MessageKind.MESSAGE
    typed = drafts.drafts_of(ticket, person).get(kind)
    before = typed.body.rstrip() if typed else ""
    added = _filled(loading.ticket_or_404(ref), macro)
    drafts.keep(
        ticket,
        by=person,
        kind=kind,
        body="\n\n".join(part for part in (before, added) if part),
        at=wallclock.now(),
        macro_id=macro.id,
    )
    flash(_("“%(name)s” is in the composer. Nothing is sent or changed yet.", name=macro.name))
    where = "note" if macro.is_note else "reply"
    return redirect(url_for("desk.ticket", ref=ref, write=where, _anchor=where), 303)


def _filled(ticket: Ticket, macro: Macro) -> str:
    """The macro's words on a ticket that was read with its organisation and service."""
    facts = wording.facts_of(
        ticket,
        organisation=ticket.organisation,
        agent=http.person(),
        house=http.config().house_name,
    )
    return wording.filled(macro.body, facts)


def _promises(ticket: Ticket, macro: Macro) -> list[previews.Line]:
    """What another priority or team would do to each promise; nothing where none can change."""
    changes, at = macro_changes.changes_of(macro), wallclock.now()
    priority, team_id = changes.priority or ticket.priority, changes.team_id or ticket.team_id
    try:
        if priority is not ticket.priority:
            wanted = replace(classification.class_of(ticket), priority=priority, team_id=team_id)
            found = classification.foresee(ticket, wanted, at=at)
        else:
            found = handing_over.foresee(ticket, team_id, at=at)
    except Refusal:
        return []
    return previews.lines(found, zone=http.zone())
