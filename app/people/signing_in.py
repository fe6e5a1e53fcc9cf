"""Signing in: the check of a password, and sessions that live on the server.

Source: security.md, "Sign-in": ten wrong tries per account and network in 15 minutes, one
answer for every failure, sessions with an idle and an absolute end.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, delete, func, select, update

from app.database import db, transaction
from app.entities import Entity
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.people import passwords, queries
from app.people.models import Organisation, Person, SignInFailure, SignInSession
from app.people.networks import network_of
from app.people.queries import Reach
from app.statements import built_once, instant_called, rows

TRIES = 10
WINDOW = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)

Beside = Callable[[ColumnElement[int]], ScalarSelect[Any]]

_SIGNED_IN = Entity(Person)
_cheap = False


class WrongCredentials(Refusal):
    """The address and the password do not belong together, whichever of them is wrong."""


class TooManyTries(Refusal):
    """Ten wrong tries for this account from this network in 15 minutes (HTTP 429)."""


def configure(*, cheap: bool) -> None:
    """Set the price of hashing: ``cheap`` for tests only; `create_app` calls this."""
    global _cheap
    _cheap = cheap


def verify(address: str, password: str, *, network: str, at: datetime) -> Person:
    """The active person with this address and password; ``network`` is where the try came from.

    Raises `WrongCredentials` (one sentence for every failure) or `TooManyTries`. Commits on its
    own and must not run inside a savepoint: a try stays counted although the request is
    refused, and no write lock is held while argon2 works. The try is written before the check,
    so that tries at once cannot slip past the limit.
    """
    account = _account(address)
    origin = network_of(network)
    with transaction():
        _count_try(account, origin, at)
        person = queries.find_person_by_address(address)
        expected = person.password_hash if person and person.is_active else None
        person_id = person.id if person else 0
    if not passwords.matches(password, expected, cheap=_cheap):
        raise WrongCredentials(_("This address and password do not belong together."))
    with transaction():
        db.session.execute(
            delete(SignInFailure).where(
                SignInFailure.account == account, SignInFailure.network == origin
            )
        )
    return queries.person(person_id)


def set_password(person: Person, password: str) -> None:
    """Set a new password and end every session; `Refusal` for a weak one."""
    passwords.check_strength(password, words=(person.name, person.address or ""))
    person.password_hash = passwords.hashed(password, cheap=_cheap)
    end_sessions_of(person)


def start_session(
    person: Person, *, at: datetime, absolute_s: int, address: str, user_agent: str
) -> str:
    """Start a session that ends after ``absolute_s`` seconds at the latest; its secret token."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            token_hash=_hash(token),
            person_id=person.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(seconds=absolute_s),
            address=address[:64],
            user_agent=user_agent[:256],
        )
    )
    db.session.flush()
    return token


class Session(NamedTuple):
    """A session as every page needs it: whose it is, when it was used last, what they read.

    ``organisation`` is the name of the person's, ``beside`` what was asked along with it.
    """

    person: Person
    id: int
    last_seen_at: datetime
    organisation: str
    reach: Reach
    beside: Any = None


def session_of(
    token: str, *, at: datetime, idle_s: int, beside: Beside | None = None
) -> Session | None:
    """The session of ``token`` with its person, unless it ended or the person was disabled.

    ``beside`` asks something else of the person whose number it is given, in the same statement.
    """
    used_after = at - timedelta(seconds=idle_s)
    known = {"token": _hash(token), "at": at, "used_after": used_after}
    found = rows(_by_token(beside), known).first()
    if found is None:
        return None
    person, (id_, last_seen_at, name, shares, reads, *asked) = _SIGNED_IN.taken_from(found)
    assert person is not None, "A session is somebody's."
    return Session(person, id_, last_seen_at, name, Reach(bool(shares), bool(reads)), *asked)


@built_once
def _by_token(beside: Beside | None) -> Select[*tuple[Any, ...]]:
    """The statement of every page."""
    asked = [beside(Person.id.expression)] if beside else []
    return (
        select(
            *_SIGNED_IN.columns,
            SignInSession.id,
            SignInSession.last_seen_at,
            Organisation.name,
            *queries.reach(),
            *asked,
        )
        .join_from(Person, SignInSession, SignInSession.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            SignInSession.token_hash == bindparam("token"),
            SignInSession.expires_at > instant_called("at"),
            SignInSession.last_seen_at > bindparam("used_after"),
            Person.is_active,
        )
    )


def touch(session_id: int, *, at: datetime) -> None:
    """Note that the session is in use, at most once a minute."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.last_seen_at <= at - SEEN_EVERY)
        .values(last_seen_at=at)
    )


def end_session(token: str) -> None:
    """End the session of ``token``; nothing happens when it has none."""
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def end_sessions_of(person: Person) -> None:
    """End all sessions of a person at once."""
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person.id))


def end_other_sessions(person: Person, *, keep: str) -> None:
    """End all sessions of a person but the one with the token ``keep``."""
    db.session.execute(
        delete(SignInSession).where(
            SignInSession.person_id == person.id, SignInSession.token_hash != _hash(keep)
        )
    )


def sessions_of(person: Person, *, at: datetime, idle_s: int) -> Sequence[SignInSession]:
    """The sessions of a person that still stand, the one used last first."""
    return db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == person.id,
            SignInSession.expires_at > at,
            SignInSession.last_seen_at > at - timedelta(seconds=idle_s),
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    ).all()


def end_own_session(person: Person, session_id: int) -> None:
    """End one session of the person; `NotFound` for one that is not theirs."""
    session = db.session.get(SignInSession, session_id)
    if session is None or session.person_id != person.id:
        raise NotFound("There is no such session.")
    db.session.delete(session)
    db.session.flush()


def forget_ended(*, at: datetime) -> None:
    """Delete sessions past their end; a job calls this now and then."""
    db.session.execute(delete(SignInSession).where(SignInSession.expires_at <= at))


def _count_try(account: str, network: str, at: datetime) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.at <= at - WINDOW))
    tries = db.session.scalar(
        select(func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.account == account, SignInFailure.network == network)
    )
    if tries is not None and tries >= TRIES:
        raise TooManyTries(_("Too many tries. Wait a quarter of an hour, then try again."))
    db.session.add(SignInFailure(account=account, network=network, at=at))
    db.session.flush()


def _account(address: str) -> str:
    return _hash(address.strip().lower())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
