"""Guest links: a way to one ticket for one person who has no password.

The link in a letter is a signed secret; the row says whose it is, until when, and whether it was
revoked. It signs nobody in and opens nothing but its ticket. Source: security.md, "links in one
person's mail sign in another".
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select, update

from app import signatures
from app.database import db
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import GuestLink, Ticket

PURPOSE = "guest"
LIVES = timedelta(days=90)
FRESH = timedelta(days=30)
"""How long a link works, and how much of that one must have left to be used in a new letter."""


class Ended(Refusal):
    """The link was ours and has expired or was revoked; ``link`` is its row."""

    def __init__(self, sentence: str, link: GuestLink) -> None:
        """``sentence`` says what ended it."""
        super().__init__(sentence)
        self.link = link


def door(ticket: Ticket, person: Person, *, at: datetime) -> dict[str, str]:
    """What a letter's facts say of how ``person`` comes in: a link's secret, or nothing."""
    if person.password_hash is not None:
        return {}
    return {"guest": link_for(ticket, person, at=at).secret}


def link_for(ticket: Ticket, person: Person, *, at: datetime) -> GuestLink:
    """A link of this person to this ticket that works for a while yet, made if need be."""
    found = find_link(ticket.id, person, at=at + FRESH)
    if found is not None:
        return found
    link = GuestLink(
        ticket_id=ticket.id,
        person_id=person.id,
        secret=token_urlsafe(16),
        made_at=at,
        expires_at=at + LIVES,
    )
    db.session.add(link)
    db.session.flush()
    return link


def find_link(ticket_id: int, person: Person, *, at: datetime) -> GuestLink | None:
    """A link of this person to this ticket that works at ``at``, if there is one."""
    return db.session.scalar(
        select(GuestLink)
        .where(
            GuestLink.ticket_id == ticket_id,
            GuestLink.person_id == person.id,
            GuestLink.revoked_at.is_(None),
            GuestLink.expires_at > at,
        )
        .order_by(GuestLink.expires_at.desc())
        .limit(1)
    )


def token_of(link: GuestLink) -> str:
    """What stands in the URL."""
    return signatures.sign(link.secret, purpose=PURPOSE)


def link_of(token: str, *, at: datetime) -> GuestLink:
    """The link behind a URL; `NotFound` for one that is none of ours, `Ended` for an old one."""
    secret = signatures.find_signed(token, purpose=PURPOSE)
    link = db.session.scalar(select(GuestLink).where(GuestLink.secret == (secret or "")))
    if link is None:
        raise NotFound("There is no such link.")
    if link.revoked_at is not None:
        raise Ended(_("This link was taken back."), link)
    if link.expires_at <= at:
        raise Ended(_("This link has expired."), link)
    return link


def links_of(ticket: Ticket) -> Sequence[tuple[GuestLink, Person]]:
    """Every link to the ticket with its person, the newest first."""
    rows = db.session.execute(
        select(GuestLink, Person)
        .join(Person, Person.id == GuestLink.person_id)
        .where(GuestLink.ticket_id == ticket.id)
        .order_by(GuestLink.made_at.desc(), GuestLink.id.desc())
    )
    return [(link, person) for link, person in rows]


def revoke(ticket: Ticket, link: GuestLink, *, by: Person, at: datetime) -> None:
    """Let the link work no longer; `Refusal` when it does not work any more."""
    if link.ticket_id != ticket.id:
        raise NotFound("There is no such link.")
    if link.revoked_at is not None or link.expires_at <= at:
        raise Refusal(_("This link does not work any more."))
    link.revoked_at, link.revoked_by_id = at, by.id
    person = db.session.get_one(Person, link.person_id)
    words = f"{by.name} took the personal link of {person.name} back"
    note_down(ticket, "guest-link", by=by, at=at, words=words)


def revoke_those_of(
    ticket_ids: Collection[int], person: Person, *, by: Person, at: datetime
) -> None:
    """Revoke every link of ``person`` to these tickets."""
    db.session.execute(
        update(GuestLink)
        .where(
            GuestLink.ticket_id.in_(ticket_ids),
            GuestLink.person_id == person.id,
            GuestLink.revoked_at.is_(None),
        )
        .values(revoked_at=at, revoked_by_id=by.id)
    )
