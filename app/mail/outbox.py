"""The outbox: letters written in the transaction of their cause, sent later.

Source: escalation.md, "Notices and letters".
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.dialects import postgresql, sqlite

from app import waking
from app.database import db, is_postgresql
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.mail import house
from app.mail.models import Letter, LetterState

_NOT_PARKED = {
    LetterState.QUEUED: lazy_gettext("This letter is queued; only a parked one is sent again."),
    LetterState.SENDING: lazy_gettext("This letter is sending; only a parked one is sent again."),
    LetterState.SENT: lazy_gettext("This letter is sent; only a parked one is sent again."),
}
_muted: ContextVar[bool] = ContextVar("muted", default=False)


class Addressee(Protocol):
    """Whoever a letter can go to; ``zone`` None means the house's."""

    @property
    def address(self) -> str | None:
        """The mail address."""

    @property
    def name(self) -> str:
        """The name as it stands in the letter."""

    @property
    def language(self) -> str:
        """A language tag such as ``en``."""

    @property
    def zone(self) -> str | None:
        """The time zone in which times are told."""


@contextmanager
def muted() -> Iterator[None]:
    """Write no letter and no notice inside the block: imports and demos tell nobody."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def is_muted() -> bool:
    """Whether nothing is told at the moment."""
    return _muted.get()


def queue(
    kind: str,
    *,
    to: Addressee,
    at: datetime,
    facts: Mapping[str, Any],
    key: str,
    ticket_id: int | None = None,
    urgent: bool = False,
) -> Letter | None:
    """Write a letter of ``kind`` with frozen ``facts``; flushes, the caller commits.

    None when ``key`` has its letter already, when letters are muted, or when ``to`` has no
    address. `Refusal` for a name or address with a line break: it could forge a header.
    """
    if is_muted() or not to.address:
        return None
    _refuse_line_breaks(to.name, to.address)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = (
        insert(Letter)
        .values(
            kind=kind,
            dedupe_key=key,
            to_address=to.address,
            to_name=to.name,
            language=to.language,
            zone=to.zone,
            ticket_id=ticket_id,
            urgent=urgent,
            facts=dict(facts),
            state=LetterState.QUEUED,
            created_at=at,
            next_try_at=at,
            message_id=message_id_of(key, at),
        )
        .on_conflict_do_nothing()
        .returning(Letter)
    )
    waking.call(waking.SENDING)
    return db.session.scalars(statement).one_or_none()


def send_again(letter: Letter, *, at: datetime) -> None:
    """Queue a parked letter once more; `Refusal` for any other, lest it arrive twice."""
    if letter.state is not LetterState.PARKED:
        raise Refusal(str(_NOT_PARKED[letter.state]))
    letter.state = LetterState.QUEUED
    letter.next_try_at = at
    letter.tries = 0
    letter.reason = letter.refused_at = letter.judged_at = None
    db.session.flush()


def came_back(letter: Letter, *, at: datetime, reason: str) -> None:
    """A server took the letter and sent it back: as good as refused, at ``at``.

    Called from the letter's page and by whoever reads delivery reports. What rested on it is
    judged by the jobs of those who sent it; ``mail`` itself never calls up. Raises `Refusal` for
    one that was never sent, that came back before, and without a reason.
    """
    if letter.state is not LetterState.SENT:
        raise Refusal(
            _(
                "This letter is %(state)s: only one that was sent comes back.",
                state=letter.state.value,
            )
        )
    if letter.refused_at is not None:
        raise Refusal(_("This letter came back before."))
    if not reason.strip():
        raise Refusal(_("Say why it came back: the ticket's history quotes it."), field="reason")
    letter.answered_at = letter.answered_at or letter.sent_at
    letter.refused_at = at
    letter.reason = reason.strip()[:500]
    db.session.flush()


def judged(letter: Letter, *, at: datetime) -> None:
    """What rested on a letter that was refused or came back has been looked at."""
    letter.judged_at = at
    db.session.flush()


def message_id_of(key: str, at: datetime) -> str:
    """The Message-ID of the letter with this key, written at ``at``: the same on every try.

    The instant keeps the letters of a database that was set up anew apart from the old ones.
    """
    digest = hashlib.sha256(f"{key} {at.isoformat()}".encode()).hexdigest()[:40]
    return f"<letter.{digest}@{house.current().mail_domain}>"


def thread_root_of(ticket_id: int) -> str:
    """The Message-ID that all letters of a ticket refer to, so that they make one thread."""
    return f"<ticket.{ticket_id}@{house.current().mail_domain}>"


def _refuse_line_breaks(*texts: str) -> None:
    for text in texts:
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
            raise Refusal(_("A name or an address with a line break gets no letter."))
