"""Another mail address for an account: asked for with the password, proven by its mailbox.

Source: security.md, "Sign-in" and "links in one person's mail sign in another".
"""

from datetime import datetime

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.mail import outbox
from app.people import addresses, queries, signing_in, telling_owners, tokens
from app.people.models import Person, Purpose, Token
from app.people.tokens import LinkIsOver, Mailbox


def ask(person: Person, address: str, *, network: str, at: datetime) -> None:
    """Send the link that proves the new mailbox; the caller has asked for the password.

    An address that somebody has gets a letter that says so, and the same answer here. Raises
    `Refusal` for a bad address or the present one, and `TooManyLetters` beyond the limits.
    """
    address = addresses.normalised(address)
    if address == person.address:
        raise Refusal(_("This is your address already."), field="address")
    issued = tokens.issue(
        Purpose.CHANGE_ADDRESS, address=address, network=network, person=person, at=at
    )
    taken = queries.find_person_by_address(address)
    outbox.queue(
        "account-exists" if taken else "change-address",
        to=taken or Mailbox(address, person.language, person.zone),
        at=at,
        facts={} if taken else issued.facts,
        key=f"token:{issued.token.id}",
        urgent=True,
    )


def address_of(secret: str, *, by: Person, at: datetime) -> str:
    """The new address of the link; `LinkIsOver` for anybody but who asked for it."""
    return _own(tokens.find(secret, Purpose.CHANGE_ADDRESS, at=at), by).address


def change(secret: str, *, by: Person, keep: str, at: datetime) -> None:
    """Make the proven mailbox the account's; every session but ``keep`` ends, the old one is told.

    ``keep`` is the token of the session that asks. Raises `LinkIsOver`, and `Refusal` when the
    address was given to somebody meanwhile.
    """
    token = _own(tokens.use(secret, Purpose.CHANGE_ADDRESS, at=at), by)
    if queries.find_person_by_address(token.address) is not None:
        raise Refusal(_("This address has got an account of its own meanwhile."))
    tokens.void_of(by, at=at)
    old, by.address = by.address, token.address
    db.session.flush()
    signing_in.end_other_sessions(by, keep=keep)
    if old:
        telling_owners.of_new_address(by, old=old, at=at)


def _own(token: Token, person: Person) -> Token:
    if token.person_id != person.id:
        raise LinkIsOver
    return token
