"""What the composer shows: whom a message reaches, what each button does, what was typed before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import NamedTuple

from markupsafe import Markup, escape
from wtforms import Field

from app import http
from app.clocks import words
from app.clocks.draft import ACKNOWLEDGEMENT, SOLVED, WORKAROUND, holds
from app.clocks.models import Clock
from app.desk.forms import NoteForm, ReplyForm
from app.errors import Refusal
from app.files.models import Attachment
from app.http import uploads
from app.languages import gettext as _
from app.languages import ngettext
from app.tickets import conversation, macro_changes, macros, queries
from app.tickets.beside import Beside, File, Typed
from app.tickets.conversation import Then
from app.tickets.desk_models import Macro
from app.tickets.models import Message, Ticket
from app.tickets.recipients import Mailbox, Recipients
from app.tickets.spoken import Spoken
from app.tickets.words import MessageKind, Status

KINDS = {"reply": MessageKind.MESSAGE, "note": MessageKind.NOTE}
"""What can be written in the composer, by its word in URLs."""


class Box(NamedTuple):
    """A field of the composer as it is shown: what is in it, and what is wrong with it."""

    id: str
    data: str = ""
    errors: Sequence[str] = ()
    waiting: Sequence[File | Attachment] = ()


@dataclass(frozen=True)
class Writing:
    """One of the composer's two boxes: its fields, the draft in it, the macro that goes with it.

    ``form`` is the one that came back: a page that is only read makes none. ``since`` is what
    others said after the draft was begun; ``changes`` what the macro changes.
    """

    form: ReplyForm | NoteForm | None
    body: Box
    files: Box
    copy: Box
    once: str
    seen: int | None
    draft: Typed | None
    since: Sequence[Spoken]
    macro: Macro | None
    changes: Sequence[str]

    @property
    def then(self) -> Then:
        """Which button stands out: the macro's, else plain Send."""
        chosen = macro_changes.changes_of(self.macro).then if self.macro else None
        return chosen or Then.NOTHING


@dataclass(frozen=True)
class Composer:
    """Everything the composer's template needs besides the ticket.

    ``stopped`` are messages that came while somebody wrote; ``preview`` is what they wrote, as
    it will be read. ``tab`` is "reply" or "note". ``workaround`` says what marking an answer as one
    does; it is empty where none is owed.
    """

    reply: Writing
    note: Writing
    tab: str
    recipients: Recipients[Mailbox]
    reaches: str
    effects: Sequence[Markup]
    workaround: str
    newest: int | None
    longest: int = conversation.MAX_BODY
    stopped: Sequence[Message] = ()
    preview: Markup | None = None


def of(
    ticket: Ticket,
    *,
    messages: Sequence[Spoken],
    side: Beside,
    upload_keys: tuple[str, str],
    clocks: Iterable[Clock],
    at: datetime,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    tab: str = "reply",
    stopped: Sequence[Message] = (),
    preview: Markup | None = None,
) -> Composer:
    """The composer of ``ticket``; forms that came back keep what was typed.

    ``messages``, ``side``, ``clocks`` and ``upload_keys`` (`places`) are those of the page; a
    draft's macro is read besides.
    """
    typed, (reply_place, note_place) = side.drafts, upload_keys
    chosen = _macros(reply_form, note_form, typed)
    newest = max((message.id for message in messages if message.ticket_id == ticket.id), default=0)
    only_note = MessageKind.NOTE in typed and MessageKind.MESSAGE not in typed
    return Composer(
        reply=_writing(
            "reply", reply_form, side.waiting.get(reply_place, ()), typed, messages, chosen
        ),
        note=_writing("note", note_form, side.waiting.get(note_place, ()), typed, messages, chosen),
        tab="note" if only_note and reply_form is None else tab,
        recipients=side.recipients,
        reaches=_reaches(side.recipients),
        effects=effects(ticket, clocks, at=at),
        workaround=what_the_mark_does(clocks, at=at),
        newest=newest or None,
        stopped=stopped,
        preview=preview,
    )


def places(ticket: Ticket) -> tuple[str, str]:
    """Where files wait for a reply, and for a note."""
    return uploads.place("reply", ticket.id), uploads.place("note", ticket.id)


def effects(ticket: Ticket, clocks: Iterable[Clock], *, at: datetime) -> Sequence[Markup]:
    """What each button does to which promise, one sentence each; none once the ticket ended."""
    if not ticket.is_open:
        return ()
    open_clocks = [clock for clock in clocks if clock.is_open]
    answered = [clock for clock in open_clocks if clock.measure not in SOLVED]
    resolution = next((clock for clock in open_clocks if clock.measure == "resolution"), None)
    found = [
        _what_send_does(answered, at=at),
        _what_waiting_does(ticket, open_clocks),
        _what_resolving_does(resolution, at=at),
    ]
    if http.config().undo_s:
        found.append(Markup(_("Undo for %(seconds)s s.", seconds=http.config().undo_s)))
    return found


def _writing(
    what: str,
    form: ReplyForm | NoteForm | None,
    waiting: Sequence[File],
    typed: Mapping[MessageKind, Typed],
    messages: Sequence[Spoken],
    chosen: Mapping[str, tuple[Macro, Sequence[str]]],
) -> Writing:
    draft = typed.get(KINDS[what])
    begun = draft if form is None else None
    macro, changes = chosen.get(what, (None, ()))
    return Writing(
        form=form,
        body=_box(form.body if form else None, f"{what}-body", begun.body if begun else ""),
        files=_box(form.files if form else None, "files", waiting=waiting),
        copy=_box(form.copy if isinstance(form, ReplyForm) else None, f"{what}-copy"),
        once=(form.once.data if form else None) or token_urlsafe(16),
        seen=form.seen.data if form else None,
        draft=draft,
        since=_since(draft, messages),
        macro=macro,
        changes=changes,
    )


def _macros(
    reply: ReplyForm | None, note: NoteForm | None, typed: Mapping[MessageKind, Typed]
) -> Mapping[str, tuple[Macro, Sequence[str]]]:
    """The macros whose changes go along with the reply and the note, and those in words."""
    forms: Mapping[str, ReplyForm | NoteForm | None] = {"reply": reply, "note": note}
    wanted: dict[str, int] = {}
    for what, form in forms.items():
        draft = typed.get(KINDS[what])
        id = form.macro.data if form else draft.macro_id if draft else None
        if id is not None:
            wanted[what] = id
    found = macros.find_macros(set(wanted.values()), by=http.person())
    chosen = {what: found[id] for what, id in wanted.items() if id in found}
    said = macro_changes.said_of([macro_changes.changes_of(each) for each in chosen.values()])
    return {what: (each, words) for (what, each), words in zip(chosen.items(), said, strict=True)}


def _box(
    field: Field | None, id: str, data: str = "", *, waiting: Sequence[File | Attachment] = ()
) -> Box:
    """A field as it came back, or as it is without a form."""
    if field is None:
        return Box(id, data, (), waiting)
    if isinstance(field, uploads.FilesField):
        own = field.waiting
        return Box(field.id, "", field.errors, waiting if own is None else own)
    return Box(field.id, field.data or "", field.errors)


def _since(draft: Typed | None, messages: Sequence[Spoken]) -> Sequence[Spoken]:
    if draft is None or draft.seen_message_id is None:
        return ()
    reader_id = http.person().id
    return [
        message
        for message in messages
        if message.id > draft.seen_message_id
        and message.author_id != reader_id
        and message.taken_back_at is None
    ]


def _reaches(found: Recipients[Mailbox]) -> str:
    count = found.with_address
    if not count:
        return _("No letter goes out: the portal shows it.")
    return ngettext(
        "Goes to %(num)s person outside %(house)s.",
        "Goes to %(num)s people outside %(house)s.",
        count,
        house=http.config().house_name,
    )


def _what_send_does(answered: Sequence[Clock], *, at: datetime) -> Markup:
    if not answered:
        return Markup(_("<b>Send</b> answers; no response is due."))
    answers = [clock for clock in answered if clock.measure != ACKNOWLEDGEMENT] or answered
    clock = min(answers, key=lambda one: one.due_at or at)
    measure = escape(words.measure(clock.measure).lower())
    if clock.breached_at is not None:
        return Markup(_("<b>Send</b> ends the %(measure)s, which is over.", measure=measure))
    if clock.due_at is None:
        return Markup(_("<b>Send</b> meets the %(measure)s.", measure=measure))
    due = _instant(clock.due_at, at=at)
    return Markup(_("<b>Send</b> keeps the %(measure)s due %(due)s.", measure=measure, due=due))


def what_the_mark_does(clocks: Iterable[Clock], *, at: datetime) -> str:
    """What marking an answer as a workaround does to which promise; empty where none is owed."""
    clock = next((one for one in clocks if one.is_open and one.measure == WORKAROUND), None)
    if clock is None:
        return ""
    if clock.breached_at is not None:
        return _("it ends that promise, which is over")
    if clock.due_at is None:
        return _("it keeps that promise")
    return _("it keeps the promise due %(due)s", due=words.instant(clock.due_at, http.zone(), at))


def _what_waiting_does(ticket: Ticket, open_clocks: Sequence[Clock]) -> Markup:
    try:
        terms = queries.terms_of(ticket)
    except Refusal:
        return Markup(_("<b>Wait</b> stops no clock."))
    waiting = Status.WAITING_REQUESTER.value
    held = {one.measure for one in open_clocks if holds(one.measure, waiting, terms)}
    if held.issuperset(SOLVED):
        return Markup(
            _("<b>Wait</b> also stops the workaround and the resolution until they answer.")
        )
    if "resolution" in held:
        return Markup(_("<b>Wait</b> also stops the resolution until they answer."))
    return Markup(_("<b>Wait</b> stops no clock."))


def _what_resolving_does(resolution: Clock | None, *, at: datetime) -> Markup:
    if resolution is None:
        return Markup(_("<b>Resolve</b> also ends the ticket."))
    if resolution.breached_at is not None:
        return Markup(_("<b>Resolve</b> ends the resolution, which is over."))
    if resolution.due_at is None:
        return Markup(_("<b>Resolve</b> meets the resolution."))
    due = _instant(resolution.due_at, at=at)
    return Markup(_("<b>Resolve</b> meets the resolution due %(due)s.", due=due))


def _instant(then: datetime, *, at: datetime) -> Markup:
    return escape(words.instant(then, http.zone(), at))
