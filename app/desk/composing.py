"""What the composer shows: whom a message reaches, what each button does, what was typed before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from markupsafe import Markup, escape

from app import http
from app.clocks import words
from app.clocks.draft import holds
from app.clocks.models import Clock
from app.desk.forms import NoteForm, ReplyForm
from app.errors import Refusal
from app.http import uploads
from app.languages import gettext as _
from app.languages import ngettext
from app.tickets import drafts, macro_changes, macros, queries, recipients
from app.tickets.beside import Beside
from app.tickets.conversation import Then
from app.tickets.models import Draft, Macro, Message, Ticket
from app.tickets.recipients import Recipients
from app.tickets.words import MessageKind, Status

KINDS = {"reply": MessageKind.MESSAGE, "note": MessageKind.NOTE}
"""What can be written in the composer, by its word in URLs."""


@dataclass(frozen=True)
class Writing:
    """One of the composer's two boxes: its form, the draft in it, the macro that goes with it.

    ``since`` is what others said after the draft was begun; ``changes`` what the macro changes.
    """

    form: ReplyForm | NoteForm
    draft: Draft | None
    since: Sequence[Message]
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
    it will be read. ``tab`` is "reply" or "note".
    """

    reply: Writing
    note: Writing
    tab: str
    recipients: Recipients
    reaches: str
    effects: Sequence[Markup]
    newest: int | None
    stopped: Sequence[Message] = ()
    preview: Markup | None = None


def of(
    ticket: Ticket,
    *,
    messages: Sequence[Message],
    side: Beside,
    sources: Sequence[Ticket],
    clocks: Iterable[Clock],
    at: datetime,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    tab: str = "reply",
    stopped: Sequence[Message] = (),
    preview: Markup | None = None,
) -> Composer:
    """The composer of ``ticket``; forms that came back keep what was typed.

    A statement for the draft, for people in copy and for files that wait, each where there are
    any; ``messages``, ``side``, ``sources`` and ``clocks`` are those of the page.
    """
    typed = drafts.drafts_of(ticket, http.person()) if side.has_draft else {}
    is_alone = not (side.has_copies or sources)
    found = recipients.alone(ticket) if is_alone else recipients.of(ticket, sources=sources)
    newest = max((message.id for message in messages if message.ticket_id == ticket.id), default=0)
    only_note = MessageKind.NOTE in typed and MessageKind.MESSAGE not in typed
    composer = Composer(
        reply=_writing(reply_form or ReplyForm(formdata=None), reply_form, typed, messages),
        note=_writing(note_form or NoteForm(formdata=None), note_form, typed, messages),
        tab="note" if only_note and reply_form is None else tab,
        recipients=found,
        reaches=_reaches(found),
        effects=effects(ticket, clocks, at=at),
        newest=newest or None,
        stopped=stopped,
        preview=preview,
    )
    if side.has_waiting:
        forms = (composer.reply.form, composer.note.form)
        uploads.recall(*zip(forms, places(ticket), strict=True))
    return composer


def places(ticket: Ticket) -> tuple[str, str]:
    """Where files wait for a reply, and for a note."""
    return uploads.place("reply", ticket.id), uploads.place("note", ticket.id)


def effects(ticket: Ticket, clocks: Iterable[Clock], *, at: datetime) -> Sequence[Markup]:
    """What each button does to which promise, one sentence each; none once the ticket ended."""
    if not ticket.is_open:
        return ()
    open_clocks = [clock for clock in clocks if clock.is_open]
    answered = [clock for clock in open_clocks if clock.measure != "resolution"]
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
    form: ReplyForm | NoteForm,
    came_back: ReplyForm | NoteForm | None,
    typed: Mapping[MessageKind, Draft],
    messages: Sequence[Message],
) -> Writing:
    is_note = isinstance(form, NoteForm)
    draft = typed.get(MessageKind.NOTE if is_note else MessageKind.MESSAGE)
    form.once.data = form.once.data or token_urlsafe(16)
    if came_back is None and draft is not None:
        form.body.data, form.macro.data = draft.body, draft.macro_id
    macro = macros.find_macro(form.macro.data, by=http.person())
    changes = macro_changes.said(macro_changes.changes_of(macro)) if macro else ()
    return Writing(form, draft, _since(draft, messages), macro, changes)


def _since(draft: Draft | None, messages: Sequence[Message]) -> Sequence[Message]:
    if draft is None or draft.seen_message_id is None:
        return ()
    return [
        message
        for message in messages
        if message.id > draft.seen_message_id
        and message.author_id != draft.person_id
        and message.taken_back_at is None
    ]


def _reaches(found: Recipients) -> str:
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
    clock = min(answered, key=lambda one: one.due_at or at)
    measure = escape(words.measure(clock.measure).lower())
    if clock.breached_at is not None:
        return Markup(_("<b>Send</b> ends the %(measure)s, which is over.", measure=measure))
    if clock.due_at is None:
        return Markup(_("<b>Send</b> meets the %(measure)s.", measure=measure))
    due = _instant(clock.due_at, at=at)
    return Markup(_("<b>Send</b> keeps the %(measure)s due %(due)s.", measure=measure, due=due))


def _what_waiting_does(ticket: Ticket, open_clocks: Sequence[Clock]) -> Markup:
    try:
        terms = queries.terms_of(ticket)
    except Refusal:
        return Markup(_("<b>Wait</b> stops no clock."))
    waiting = Status.WAITING_REQUESTER.value
    held = [one for one in open_clocks if holds(one.measure, waiting, terms)]
    if all(one.measure != "resolution" for one in held):
        return Markup(_("<b>Wait</b> stops no clock."))
    return Markup(_("<b>Wait</b> also stops the resolution until they answer."))


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
