"""Telling the owner of an account what was changed on it, lest somebody else did.

Source: security.md, "Sign-in": every change of password or mail tells the old address.
"""

from datetime import datetime

from app.mail import outbox
from app.people.models import Person
from app.people.tokens import Mailbox


def of_new_password(person: Person, *, at: datetime) -> None:
    """The password is another one."""
    outbox.queue(
        "password-changed",
        to=person,
        at=at,
        facts={"at": at.isoformat()},
        key=f"password:{person.id}:{at.isoformat()}",
        urgent=True,
    )


def of_new_address(person: Person, *, old: str, at: datetime) -> None:
    """The account went from the mailbox ``old`` to another one; told to the old one."""
    outbox.queue(
        "address-changed",
        to=Mailbox(old, person.language, person.zone),
        at=at,
        facts={"at": at.isoformat(), "name": person.name, "address": person.address},
        key=f"address:{person.id}:{at.isoformat()}",
        urgent=True,
    )
