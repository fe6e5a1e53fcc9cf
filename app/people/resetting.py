"""A forgotten password: asked for with an address, set anew by the link in a letter.

Known or not, an address gets the same answer after the same work: a link is made and a letter
queued. Using the link ends every session and tells the mailbox. Source: security.md, "Sign-in".
"""

from datetime import datetime

from app.mail import outbox
from app.people import addresses, queries, signing_in, telling_owners, tokens
from app.people.models import Person, Purpose, Token
from app.people.tokens import LinkIsOver, Mailbox


def ask(address: str, *, language: str, network: str, at: datetime) -> None:
    """Send the link to a new password, or say that there is no account with this address.

    Raises `Refusal` for what is no address and `TooManyLetters` beyond the limits.
    """
    address = addresses.normalised(address)
    known = queries.find_person_by_address(address)
    person = known if known is not None and known.is_active else None
    issued = tokens.issue(Purpose.RESET, address=address, network=network, person=person, at=at)
    outbox.queue(
        "password-reset" if person else "no-account",
        to=person or Mailbox(address, language),
        at=at,
        facts=issued.facts if person else {},
        key=f"token:{issued.token.id}",
        urgent=True,
    )


def person_of(secret: str, *, at: datetime) -> Person:
    """Whose password the link sets; `LinkIsOver` when it is good for nothing."""
    return _owner(tokens.find(secret, Purpose.RESET, at=at))


def set_new(secret: str, *, password: str, at: datetime) -> Person:
    """Set the password, end every session and every other such link, and tell the mailbox.

    Raises `LinkIsOver`, and `Refusal` for a weak password: the link can then be used again.
    """
    person = _owner(tokens.use(secret, Purpose.RESET, at=at))
    change(person, password=password, at=at)
    return person


def change(person: Person, *, password: str, at: datetime) -> None:
    """Set another password, end every session and open link, and tell the mailbox.

    The caller has proven that ``person`` asks. Raises `Refusal` for a weak one.
    """
    signing_in.set_password(person, password)
    tokens.void_of(person, at=at)
    telling_owners.of_new_password(person, at=at)


def _owner(token: Token) -> Person:
    """The link's person, while the mailbox it went to is still theirs."""
    person = queries.find_person_by_address(token.address)
    if person is None or person.id != token.person_id or not person.is_active:
        raise LinkIsOver
    return person
