"""Answers that never arrived: a letter that was refused or came back takes its answer back.

Only the requester's own letter counts, only within an hour of the server's first answer for it,
and not once the requester has opened the message or has written since. Source: clocks.md,
"A qualifying response".
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.mail import outbox
from app.mail import queries as mail
from app.mail.kinds import KINDS
from app.mail.models import Letter
from app.notices import telling
from app.notices.models import Notice
from app.tickets import letters, waiting
from app.tickets.history import note_down, record, record_not_told
from app.tickets.models import Message, Ticket
from app.tickets.queries import agent_to_tell, for_change, terms_of
from app.tickets.words import CAME_BACK, DONE, Side, Status

WITHIN = timedelta(hours=1)
OURS = frozenset(
    name for name, kind in KINDS.items() if not kind.by_clock and name != "escalation-digest"
)
"""The kinds judged here: all but those of ladders, which `escalation` judges."""

Now = Callable[[], datetime]


def came_back(at: datetime) -> list[int]:
    """Letters that were refused or came back and rest unjudged, the oldest first."""
    return mail.unjudged(at, kinds=OURS)


def judge(letter_id: int, now: Now) -> bool:
    """See what a refused letter means for its ticket; whether an answer was taken back.

    The ticket is locked before the letter.
    """
    notice = db.session.scalar(select(Notice).where(Notice.letter_id == letter_id).limit(1))
    message_id = _message_id(notice)
    if notice is None or notice.ticket_id is None or message_id is None:
        outbox.judged(mail.letter(letter_id, for_change=True), at=now())
        return False
    ticket = for_change(notice.ticket_id)
    letter = mail.letter(letter_id, for_change=True)
    at = max(now(), ticket.last_event_at)
    if letter.refused_at is None or letter.judged_at is not None:
        return False
    outbox.judged(letter, at=now())
    message = db.session.get_one(Message, message_id)
    if not message.is_response or message.taken_back_at or notice.person_id != ticket.requester_id:
        return False
    still = _why_it_stands(ticket, message, letter) or _take_back(ticket, message, letter, at=at)
    if still:
        note_down(
            ticket,
            "came-back",
            by=None,
            at=at,
            message=message.id,
            words=f"The answer came back, but counts: {still}",
            reason=letter.reason,
        )
    _tell_agent(ticket, message, letter, still=still, at=at)
    return not still


def _message_id(notice: Notice | None) -> int | None:
    kind, _, id = notice.event.partition(":") if notice else ("", "", "")
    return int(id) if kind == "message" and id.isdigit() else None


def _why_it_stands(ticket: Ticket, message: Message, letter: Letter) -> str:
    """Why the answer counts although its letter came back; empty when it does not."""
    if message.opened_at is not None:
        return "the requester has opened it"
    since = select(Message.id).where(
        Message.ticket_id == ticket.id, Message.side == Side.REQUESTER, Message.id > message.id
    )
    if db.session.scalar(since.limit(1)) is not None:
        return "the requester has written since"
    assert letter.refused_at is not None
    if letter.refused_at - (letter.answered_at or letter.refused_at) > WITHIN:
        return "the mail server had taken it more than an hour before"
    return ""


def _take_back(ticket: Ticket, message: Message, letter: Letter, *, at: datetime) -> str:
    """Let the clocks go on as if it had not been sent; why that cannot be, or nothing."""
    try:
        with db.session.begin_nested():
            outcome = running.taken_back(
                ticket.id,
                terms=terms_of(ticket),
                undoes=_cause_of(message),
                bounced=True,
                at=at,
                actor_id=None,
                cause=f"bounce:{message.id}",
            )
    except Refusal as refusal:
        return str(refusal)[:1].lower() + str(refusal)[1:].rstrip(".")
    record_not_told(ticket, outcome.not_told, "an answer that came back", at=at)
    message.taken_back_at, message.taken_back_because = at, CAME_BACK
    _follow(ticket, Status(outcome.course.status))
    record(
        ticket,
        "taken-back",
        by=None,
        at=at,
        message=message.id,
        because=CAME_BACK,
        status=ticket.status.value,
        words="The answer came back: it does not count",
        reason=letter.reason,
    )
    return ""


def _cause_of(message: Message) -> str:
    """What the clocks know the answer by: an agent's own opening message came with the opening."""
    query = select(func.min(Message.id)).where(Message.ticket_id == message.ticket_id)
    is_opening = db.session.scalar(query) == message.id
    return "verb:open" if is_opening else f"message:{message.id}"


def _follow(ticket: Ticket, status: Status) -> None:
    """Let the ticket stand where its clocks do."""
    ticket.status = status
    if status not in DONE:
        ticket.resolved_at = ticket.closed_at = ticket.resolved_because = None
    if status is not Status.WAITING_REQUESTER:
        waiting.end(ticket)
    ticket.why = "The answer came back"
    ticket.agent_unread = True


def _tell_agent(
    ticket: Ticket, message: Message, letter: Letter, *, still: str, at: datetime
) -> None:
    person = agent_to_tell(ticket, at=at)
    if person is not None:
        telling.tell(
            person,
            "answer-came-back",
            event=f"came-back:{letter.id}:{at.isoformat()}",
            ticket_id=ticket.id,
            at=at,
            facts=letters.came_back(
                ticket, message, to=letter.to_address, reason=letter.reason or "", still=still
            ),
            urgent=not still,
        )
