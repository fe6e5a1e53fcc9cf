"""The ticket page: promises, conversation, and what stands beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from app import http, wallclock
from app.agreements.terms import Terms
from app.clocks import words
from app.clocks.models import Clock
from app.desk import band, composing, loading, places, story, talk, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.errors import Refusal
from app.escalation import acknowledging
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import beside, presence, queries, spoken
from app.tickets.models import Message, Ticket
from app.tickets.spoken import Spoken
from app.tickets.words import DONE, Side, Status

HISTORY_SHOWN = 8
"""Lines of the short history; more entries are read, for some fold into one line."""


@blueprint.get("/tickets/<int:ref>")
@agent_required
def ticket(ref: int) -> str:
    """One ticket; ``?write=note`` opens the composer for a note."""
    return render_template(
        "desk/tickets/ticket.html", **context(loading.for_page_or_404(ref), tab=_tab())
    )


def context(
    ticket: Ticket,
    *,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    tab: str = "reply",
    stopped: Sequence[Message] = (),
    preview: Markup | None = None,
) -> dict[str, Any]:
    """Everything the ticket page shows, with the forms as they came back if one was refused.

    The composer shows ``tab`` ("reply" or "note"), what ``stopped`` a reply, a ``preview``;
    ``?whole=`` leaves nothing of a long conversation out.
    """
    at, zone, sight = wallclock.now(), http.zone(), http.sight()
    keys = composing.places(ticket)
    side = beside.of(ticket, sight=sight, at=at, upload_keys=keys)
    shown = band.of(ticket, present_until=side.present_until, zone=zone, at=at)
    messages = spoken.on([ticket.id, *(source.id for source in side.sources)])
    composer = composing.of(
        ticket,
        messages=messages,
        side=side,
        upload_keys=keys,
        clocks=[cell.clock for cell in shown.cells],
        at=at,
        reply_form=reply_form,
        note_form=note_form,
        tab=tab,
        stopped=stopped,
        preview=preview,
    )
    return {
        "ticket": ticket,
        "band": shown,
        "beside": side,
        "around": places.around(ticket),
        "messages": messages,
        "talk": talk.of(
            ticket,
            messages,
            entries=side.entries,
            clocks=shown.clocks,
            deliveries=side.letters,
            files=side.files,
            whole=request.args.get("whole") is not None,
        ),
        "undoable": undoing.undoable(ticket, messages, side.entries, at=at),
        "entries": story.told(side.entries)[:HISTORY_SHOWN],
        "standing": acknowledging.standing(ticket, clocks=shown.clocks, known=shown.known),
        "composer": composer,
        "owed_to": _owed_to(ticket, messages, shown.clocks),
        "is_mine": ticket.assignee_id == http.person().id,
        "may_correct": ticket.is_open or ticket.status in DONE,
        "may_reopen": ticket.status in DONE,
        "may_close": ticket.status is Status.RESOLVED,
        "agreement": _agreement(ticket),
        "their_time": _their_time(ticket, at=at),
        "all_theirs_url": _all_theirs(ticket),
        "presence_s": presence.BEAT_S,
        "zone": zone,
        "now": at,
    }


def _agreement(ticket: Ticket) -> Terms | None:
    """The agreement's version that the ticket keeps, and its tier; None where none covers it."""
    try:
        return queries.terms_of(ticket)
    except Refusal:
        return None


def _their_time(ticket: Ticket, *, at: datetime) -> str:
    """What time it is for the requester, where that is not the reader's."""
    person = ticket.requester
    if person is None or person.zone is None or person.zone == http.zone():
        return ""
    place = person.zone.rpartition("/")[2].replace("_", " ")
    return _("%(place)s, %(time)s there", place=place, time=words.clock_time(at, person.zone))


def _all_theirs(ticket: Ticket) -> str:
    person = ticket.requester
    said = (person.address or person.name) if person is not None else ""
    return url_for("desk.search", q=f'from:"{said}"')


def _owed_to(ticket: Ticket, messages: Sequence[Spoken], clocks: Sequence[Clock]) -> Spoken | None:
    """As `unanswered.find_waiting`, of what the page has read already."""
    if not any(clock.is_open and clock.measure == "next_response" for clock in clocks):
        return None
    theirs = (
        message
        for message in reversed(messages)
        if message.ticket_id == ticket.id and message.side is Side.REQUESTER
    )
    return next(theirs, None)


def _tab() -> str:
    return "note" if request.args.get("write") == "note" else "reply"
