"""Links that are sent to one mailbox for one purpose: made, limited, used once.

The database keeps the SHA-256 of a link's secret; the letter keeps a random seed, from which
only the sender with the installation's key makes the secret again (`app.mail.rendering`): neither
the outbox nor its page gives a link away. Source: security.md, "enumeration, reset tokens" and
"desk as a mail bomb".
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.sql import ColumnElement

from app.database import db
from app.errors import Gone, Refusal
from app.languages import gettext as _
from app.mail import rendering
from app.people.models import Person, Purpose, Token
from app.people.networks import network_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LASTS = {
    Purpose.JOIN: DAY,
    Purpose.RESET: HOUR,
    Purpose.PROVE: DAY,
    Purpose.CHANGE_ADDRESS: HOUR,
}
"""How long a link is good for. One that lets somebody in without a password: an hour."""

PER_ADDRESS_IN_AN_HOUR = 3
PER_ADDRESS_IN_A_DAY = 10
PER_NETWORK_IN_AN_HOUR = 30
KEPT = timedelta(days=30)


class TooManyLetters(Refusal):
    """This mailbox, or this network, has asked for enough letters for now."""


class LinkIsOver(Gone):
    """The link was used, is too old, or never was: the three look alike."""

    def __init__(self) -> None:
        """One sentence for all of them."""
        super().__init__(_("This link was used already, or it is too old."))


@dataclass(frozen=True)
class Issued:
    """A new link: its row, and the seed that its letter carries."""

    token: Token
    seed: str

    @property
    def facts(self) -> dict[str, str]:
        """What its letter is drawn from (`app.mail.account_kinds.LinkFacts`)."""
        return {"seed": self.seed, "until": self.token.expires_at.isoformat()}


@dataclass(frozen=True)
class Mailbox:
    """An address that nobody has proven: letters to it carry no name that a stranger typed."""

    address: str
    language: str
    zone: str | None = None

    @property
    def name(self) -> str:
        """What stands for a name."""
        return self.address


def issue(
    purpose: Purpose,
    *,
    address: str,
    network: str,
    at: datetime,
    person: Person | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Issued:
    """Make a link for the mailbox ``address``, asked for from the network address ``network``.

    The same work whether anybody has that address. Raises `TooManyLetters` beyond the limits
    per mailbox and per network.
    """
    origin = network_of(network)
    _check_limits(purpose, address, origin, at=at)
    seed = secrets.token_urlsafe(24)
    token = Token(
        token_hash=_hash(rendering.secret_of(seed)),
        purpose=purpose,
        address=address,
        network=origin,
        person_id=person.id if person else None,
        facts=dict(facts or {}),
        made_at=at,
        expires_at=at + LASTS[purpose],
    )
    db.session.add(token)
    db.session.flush()
    return Issued(token, seed)


def find(secret: str, purpose: Purpose, *, at: datetime, for_change: bool = False) -> Token:
    """The link with this secret while it is good for ``purpose``; `LinkIsOver` else.

    Locked ``for_change``, so that two that use it at once do so one after the other.
    """
    query = select(Token).where(
        Token.token_hash == _hash(secret),
        Token.purpose == purpose,
        Token.used_at.is_(None),
        Token.expires_at > at,
    )
    found = db.session.scalar(query.with_for_update() if for_change else query)
    if found is None:
        raise LinkIsOver
    return found


def find_used(secret: str, purpose: Purpose) -> Token | None:
    """The link with this secret that was used for ``purpose``, until it is forgotten."""
    query = select(Token).where(
        Token.token_hash == _hash(secret), Token.purpose == purpose, Token.used_at.is_not(None)
    )
    return db.session.scalar(query)


def use(secret: str, purpose: Purpose, *, at: datetime) -> Token:
    """As `find`, and used with it: nothing opens it again."""
    token = find(secret, purpose, at=at, for_change=True)
    token.used_at = at
    db.session.flush()
    return token


def void_of(person: Person, *, at: datetime) -> None:
    """Close every link that would let somebody in as this person."""
    is_theirs: ColumnElement[bool] = Token.person_id == person.id
    if person.address:
        is_theirs = is_theirs | (
            (Token.address == person.address) & Token.purpose.in_((Purpose.JOIN, Purpose.RESET))
        )
    open_ones = update(Token).where(is_theirs, Token.used_at.is_(None))
    db.session.execute(open_ones.values(used_at=at))


def forget_old(*, at: datetime) -> None:
    """Delete links that have been over for a month; a job calls this now and then."""
    db.session.execute(delete(Token).where(Token.expires_at <= at - KEPT))


def _check_limits(purpose: Purpose, address: str, network: str, *, at: datetime) -> None:
    """Refuse one more letter to this mailbox, or for this network.

    Each purpose is counted by itself, and no longer than its links last: a stranger who uses a
    mailbox's limit up leaves its owner with links that work, never locked out.
    """
    to_address = (Token.address == address) & (Token.purpose == purpose)
    most_in_a_day = PER_ADDRESS_IN_A_DAY if LASTS[purpose] >= DAY else None
    if _made(to_address, since=at - HOUR) >= PER_ADDRESS_IN_AN_HOUR or (
        most_in_a_day is not None and _made(to_address, since=at - DAY) >= most_in_a_day
    ):
        raise TooManyLetters(
            _(
                "We have sent several letters to this address already. Look among its spam, too, "
                "or try again in an hour."
            ),
            field="address",
        )
    if _made(Token.network == network, since=at - HOUR) >= PER_NETWORK_IN_AN_HOUR:
        raise TooManyLetters(_("Too many letters were asked for from here. Try again in an hour."))


def _made(which: ColumnElement[bool], *, since: datetime) -> int:
    query = select(func.count()).select_from(Token).where(which, Token.made_at > since)
    return db.session.scalar(query) or 0


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
