"""Drafts: what somebody typed on a ticket and did not send, kept for them alone, on any device."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db, is_postgresql
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import number
from app.people.models import Person
from app.tickets.conversation import MAX_BODY
from app.tickets.desk_models import Draft, Macro
from app.tickets.models import Message, Ticket
from app.tickets.words import MessageKind

KEY = ("ticket_id", "person_id", "kind")
_TYPED = (
    select(Draft)
    .where(Draft.ticket_id == bindparam("ticket_id"), Draft.person_id == bindparam("person_id"))
    .execution_options(populate_existing=True)
)


def drafts_of(ticket: Ticket, person: Person) -> Mapping[MessageKind, Draft]:
    """What ``person`` has typed on the ticket, by kind: an answer, a note."""
    found = db.session.scalars(_TYPED, {"ticket_id": ticket.id, "person_id": person.id})
    return {draft.kind: draft for draft in found}


def keep(
    ticket: Ticket,
    *,
    by: Person,
    kind: MessageKind,
    body: str,
    at: datetime,
    seen: int | None = None,
    macro_id: int | None = None,
) -> bool:
    """Keep what ``by`` has typed in place of what was kept before; False when nothing is left.

    ``seen`` is the newest message that stood on their page; what was seen when they began stays.
    The caller holds the ticket's lock. Raises `Refusal` for more than a message takes.
    """
    if len(body) > MAX_BODY:
        raise Refusal(
            _("This is longer than %(most)s characters.", most=number(MAX_BODY)), field="body"
        )
    if not body.strip() and macro_id is None:
        forget(ticket, by=by, kind=kind)
        return False
    new = {"body": body, "saved_at": at, "macro_id": macro_id}
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(Draft).values(
        ticket_id=ticket.id,
        person_id=by.id,
        kind=kind,
        seen_message_id=_known(ticket, seen),
        **new,
    )
    db.session.execute(statement.on_conflict_do_update(index_elements=KEY, set_=new))
    return True


def forget(ticket: Ticket, *, by: Person, kind: MessageKind) -> None:
    """Throw away what ``by`` has typed."""
    db.session.execute(
        delete(Draft).where(
            Draft.ticket_id == ticket.id, Draft.person_id == by.id, Draft.kind == kind
        )
    )


def give_back(
    ticket: Ticket, message: Message, *, to: Person, at: datetime, macro_id: int | None = None
) -> None:
    """Let the words of a message that was taken back be a draft again, before what is there.

    Its macro goes with them, if it is still there and no other goes with what is there.
    """
    kept = drafts_of(ticket, to).get(message.kind)
    body = f"{message.body}\n\n{kept.body}" if kept and kept.body.strip() else message.body
    macro_id = (kept.macro_id if kept else None) or _there(macro_id)
    forget(ticket, by=to, kind=message.kind)
    keep(
        ticket,
        by=to,
        kind=message.kind,
        body=body[:MAX_BODY],
        at=at,
        seen=message.id,
        macro_id=macro_id,
    )


def _there(macro_id: int | None) -> int | None:
    """The id when it names a macro."""
    return db.session.scalar(select(Macro.id).where(Macro.id == macro_id)) if macro_id else None


def _known(ticket: Ticket, message_id: int | None) -> int | None:
    """The id when it names a message of the ticket."""
    if message_id is None:
        return None
    query = select(Message.id).where(Message.id == message_id, Message.ticket_id == ticket.id)
    return db.session.scalar(query)
