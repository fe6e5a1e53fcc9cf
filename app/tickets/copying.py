"""People in copy: they read a request, are told what is said, and may answer.

The requester's side puts its own colleagues in copy; anybody else is for the desk to add. Source:
security.md, "Cc grants sight" and "desk as a mail bomb".
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people import addresses, joining
from app.people import queries as people
from app.people.models import Organisation, Person
from app.tickets import addressing, guests, letters
from app.tickets.history import note_down
from app.tickets.models import Participant, Ticket
from app.tickets.words import DONE

MOST = 20
MOST_A_DAY = 40
"""People in copy of one ticket, and how many one person of the requester's side adds a day."""


def put_in_copy(ticket: Ticket, *, who: Person, by: Person, at: datetime) -> None:
    """Let ``who`` read the ticket, be told of it and answer; a letter says so.

    Raises `Refusal` for a ticket that is over, for who has a part in it already, for staff
    outside their own organisation (they watch), for somebody of another organisation unless an
    agent adds them, and beyond the limits.
    """
    _refuse(ticket, who, by=by)
    _refuse_many(ticket, by=by, at=at)
    db.session.add(
        Participant(ticket_id=ticket.id, person_id=who.id, since_at=at, added_by_id=by.id)
    )
    db.session.flush()
    note_down(ticket, "copied", by=by, at=at, words=f"{by.name} put {who.name} in copy")
    if who.id != by.id:
        addressing.tell_one(
            ticket,
            who,
            "put-in-copy",
            event=f"copied:{ticket.id}",
            at=at,
            facts=letters.put_in_copy(ticket, by=by),
        )


def take_out(ticket: Ticket, *, who: Person, by: Person, at: datetime) -> None:
    """End it, at once, the personal links as well; `Refusal` for who is not in copy."""
    ids = addressing.ids_of(ticket)
    gone = delete(Participant).where(
        Participant.ticket_id.in_(ids), Participant.person_id == who.id
    )
    if not db.session.scalars(gone.returning(Participant.ticket_id)).all():
        raise Refusal(_("%(name)s is not in copy.", name=who.name), field="person")
    guests.revoke_those_of(ids, who, by=by, at=at)
    words = f"{who.name} left" if who.id == by.id else f"{by.name} took {who.name} out of copy"
    note_down(ticket, "left-copy", by=by, at=at, words=words)


def person_of_address(ticket: Ticket, address: str, name: str, *, at: datetime) -> Person:
    """The colleague with this address, as a person of ours from now on.

    Known or not, only an address of the ticket's organisation will do, and the answer to any
    other is the same: nobody learns here who has an account.
    """
    known_as = addresses.normalised(address)
    organisation = db.session.get(Organisation, ticket.organisation_id or 0)
    found = people.find_person_by_address(known_as)
    if organisation is not None and found is not None:
        if found.organisation_id == organisation.id and found.is_active:
            return found
    elif organisation is not None:
        home = people.organisation_of_address(known_as)
        if home is not None and home.id == organisation.id:
            called = name.strip() or _name_from(known_as)
            return joining.add_person(called, organisation=organisation, at=at, address=known_as)
    raise Refusal(
        _("Only your own colleagues can be put in copy here. Ask us to add anybody else."),
        field="address",
    )


def _name_from(address: str) -> str:
    """ "elke.sommer@…" as a name: "Elke Sommer"."""
    words = re.sub(r"[^a-z]+", " ", address.partition("@")[0]).split()
    return " ".join(word.capitalize() for word in words) or _("A colleague")


def _refuse(ticket: Ticket, who: Person, *, by: Person) -> None:
    if not (ticket.is_open or ticket.status in DONE):
        raise Refusal(_("%(ref)s is over: nobody need read along.", ref=ticket.ref))
    if not who.is_active:
        raise Refusal(_("%(name)s no longer has access here.", name=who.name), field="person")
    if who.id == ticket.requester_id:
        raise Refusal(
            _("%(name)s asked for this and gets every answer anyway.", name=who.name),
            field="person",
        )
    is_outside = who.organisation_id != ticket.organisation_id
    if is_outside and who.is_agent:
        raise Refusal(
            _("%(name)s works on the desk: let them watch it instead.", name=who.name),
            field="person",
        )
    if is_outside and not by.is_agent:
        raise Refusal(
            _("Only your own colleagues can be put in copy here. Ask us to add anybody else."),
            field="person",
        )
    if who.id in {person.id for person in addressing.participants_of(ticket)}:
        raise Refusal(_("%(name)s is in copy already.", name=who.name), field="person")


def _refuse_many(ticket: Ticket, *, by: Person, at: datetime) -> None:
    count = select(func.count()).select_from(Participant)
    if (db.session.scalar(count.where(Participant.ticket_id == ticket.id)) or 0) >= MOST:
        raise Refusal(_("No more than %(number)s people can be in copy.", number=MOST))
    since = count.where(
        Participant.added_by_id == by.id, Participant.since_at > at - timedelta(days=1)
    )
    if not by.is_agent and (db.session.scalar(since) or 0) >= MOST_A_DAY:
        raise Refusal(
            _("That were many people for one day. Go on tomorrow, or ask us to add them.")
        )
