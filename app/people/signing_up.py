"""Signing up: a name and an address are asked for, a letter proves the mailbox, a password ends it.

Whoever asks learns nothing of who is here already: the answer is the same, the letter differs.
Letters to a mailbox that nobody has proven carry no word that a stranger typed. Sources:
security.md, "enumeration, reset tokens" and "ticket trick".
"""

from datetime import datetime

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.mail import outbox
from app.people import addresses, belonging, queries, signing_in, tokens
from app.people.models import Person, Purpose
from app.people.tokens import Mailbox


def ask(
    name: str, address: str, *, language: str, network: str, known_only: bool, at: datetime
) -> None:
    """Send the letter that lets somebody join, or says why they need not, or cannot.

    With ``known_only`` the address must belong to an organisation we know. Raises `Refusal` for
    a bad name or address and `TooManyLetters` beyond the limits.
    """
    name, address = addresses.plain_name(name), addresses.normalised(address)
    issued = tokens.issue(
        Purpose.JOIN,
        address=address,
        network=network,
        at=at,
        facts={"name": name, "language": language},
    )
    known = queries.find_person_by_address(address)
    may = belonging.may_come(address, known_only=known_only)
    kind, facts = "join", issued.facts
    if known is not None and (known.password_hash or not known.is_active):
        kind, facts = "account-exists", {}
    elif not may:
        kind, facts = "cannot-join", {}
    outbox.queue(
        kind,
        to=known or Mailbox(address, language),
        at=at,
        facts=facts,
        key=f"token:{issued.token.id}",
        urgent=True,
    )


def name_of(secret: str, *, at: datetime) -> str:
    """Who the link is for; `LinkIsOver` when it is good for nothing."""
    name: str = tokens.find(secret, Purpose.JOIN, at=at).facts["name"]
    return name


def join(secret: str, *, name: str, password: str, at: datetime) -> Person:
    """Let the owner of the link's mailbox in with this password; they may sign in from now on.

    Somebody who was written down before without a password keeps what they asked for. Raises
    `LinkIsOver`, and `Refusal` for a bad name, a weak password, or an address that got an
    account meanwhile: the link can then be used again.
    """
    token = tokens.use(secret, Purpose.JOIN, at=at)
    person = queries.find_person_by_address(token.address)
    if person is not None and (person.password_hash or not person.is_active):
        raise Refusal(_("This address has an account already. Sign in with it."))
    if person is None:
        person = belonging.newcomer(name, token.address, at=at)
        person.language = token.facts["language"]
    person.name = addresses.plain_name(name)
    signing_in.set_password(person, password)
    tokens.void_of(person, at=at)
    db.session.flush()
    return person
