"""Requests filed without an account: they wait for their mailbox to be proven, and then begin.

Until then there is no ticket, no clock, no file, and one letter, which carries nothing that the
stranger typed: nobody sends words to a third person through us. Filing is limited per mailbox and
per network (`app.people.tokens`). Sources: security.md, "ticket trick", "desk as a mail bomb".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.catalogue.models import RequestType
from app.catalogue.words import Priority
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.mail import outbox
from app.people import addresses, belonging, queries, tokens
from app.people.models import Person, Purpose, Token
from app.people.tokens import LinkIsOver, Mailbox
from app.tickets import opening, renewing
from app.tickets.models import Ticket, UnprovenRequest
from app.tickets.queries import for_change, takes_part
from app.tickets.words import Channel

KEPT = timedelta(days=7)


class SentAlready(LinkIsOver):
    """The link has proven its mailbox: the request ``sent`` is the ticket ``sent.ticket_id``."""

    def __init__(self, sent: UnprovenRequest) -> None:
        """``sent`` is what waited for the link."""
        super().__init__()
        self.sent = sent


def was_filed(once: str | None) -> bool:
    """Whether the form with this one-time id was taken in already."""
    if not once:
        return False
    query = select(UnprovenRequest.id).where(UnprovenRequest.once == once)
    return db.session.scalar(query) is not None


def file(
    *,
    once: str,
    name: str,
    address: str,
    kind: RequestType,
    subject: str,
    body: str,
    priority: Priority,
    language: str,
    network: str,
    known_only: bool,
    at: datetime,
) -> UnprovenRequest:
    """Keep a request until its mailbox is proven, and send the letter that proves it.

    Whether the address has an account makes no difference; with ``known_only`` one of nobody
    we know gets a letter that says so. Raises `Refusal` for a bad name or
    address and for a request without words, `TooManyLetters` beyond the limits.
    """
    name, address = addresses.plain_name(name), addresses.normalised(address)
    subject = " ".join(subject.split())[: opening.MAX_SUBJECT]
    if not subject:
        raise Refusal(_("Say in one line what this is about."), field="subject")
    if not body.strip():
        raise Refusal(_("Write what happens, and since when."), field="body")
    issued = tokens.issue(
        Purpose.PROVE, address=address, network=network, at=at, facts={"language": language}
    )
    request = UnprovenRequest(
        once=once,
        address=address,
        name=name,
        request_type_id=kind.id,
        subject=subject,
        body=body,
        priority=priority,
        filed_at=at,
        expires_at=issued.token.expires_at,
    )
    db.session.add(request)
    db.session.flush()
    issued.token.facts = {**issued.token.facts, "request": request.id}
    may = belonging.may_come(address, known_only=known_only)
    outbox.queue(
        "prove-request" if may else "cannot-join",
        to=Mailbox(address, language),
        at=at,
        facts=issued.facts if may else {},
        key=f"token:{issued.token.id}",
        urgent=True,
    )
    return request


def waiting(secret: str, *, at: datetime) -> UnprovenRequest:
    """The request that the link proves.

    `SentAlready` when it has done so, `LinkIsOver` when it is good for nothing.
    """
    with _knowing_what_was_sent(secret):
        return _request_of(tokens.find(secret, Purpose.PROVE, at=at))


def prove(secret: str, *, at: datetime) -> Ticket:
    """Open the ticket: its mailbox is proven, and contact is now.

    Who is not known yet is added as a requester without a password. Raises as `waiting`, and
    `LinkIsOver` also for somebody whose access was closed.
    """
    with _knowing_what_was_sent(secret):
        token = tokens.use(secret, Purpose.PROVE, at=at)
        request = _request_of(token)
    person = queries.find_person_by_address(request.address)
    if person is None:
        person = belonging.newcomer(request.name, request.address, at=at)
        person.language = token.facts["language"]
    if not person.is_active:
        raise LinkIsOver
    ticket = _open(request, person, at=at)
    request.ticket_id = ticket.id
    request.body = ""  # the ticket has it now; it is kept once
    db.session.flush()
    return ticket


def send_link_again(secret: str, *, at: datetime) -> bool:
    """Write to the mailbox how to come to what its link has sent; whether the link has sent it.

    That is done once for each link, however often it is asked for, and for nobody who takes no
    part any more: the answer on the page is the same.
    """
    sent = _find_sent(secret)
    if sent is None or sent.ticket_id is None:
        return False
    ticket = for_change(sent.ticket_id)
    person = queries.find_person_by_address(sent.address)
    if person is not None and person.is_active and takes_part(ticket, person):
        renewing.send(ticket, person, event=f"sent-already:{sent.id}", at=at)
    return True


def forget_expired(*, at: datetime) -> int:
    """Delete what was filed, proven or not, a week after its link was over; how many."""
    gone = db.session.scalars(
        delete(UnprovenRequest)
        .where(UnprovenRequest.expires_at <= at - KEPT)
        .returning(UnprovenRequest.id)
    )
    return len(gone.all())


def _open(request: UnprovenRequest, person: Person, *, at: datetime) -> Ticket:
    kind = db.session.get_one(RequestType, request.request_type_id)
    return opening.open_ticket(
        requester=person,
        subject=request.subject,
        body=request.body,
        request_type=kind,
        priority=request.priority,
        kind=kind.kind,
        channel=Channel.PORTAL,
        by=person,
        at=at,
        once=f"unproven:{request.id}",
    )


@contextmanager
def _knowing_what_was_sent(secret: str) -> Iterator[None]:
    """Raise `SentAlready` in place of `LinkIsOver` where the link was used for a request."""
    try:
        yield
    except LinkIsOver:
        sent = _find_sent(secret)
        if sent is None:
            raise
        raise SentAlready(sent) from None


def _find_sent(secret: str) -> UnprovenRequest | None:
    token = tokens.find_used(secret, Purpose.PROVE)
    found = db.session.get(UnprovenRequest, token.facts.get("request", 0)) if token else None
    return found if found is not None and found.ticket_id is not None else None


def _request_of(token: Token) -> UnprovenRequest:
    found = db.session.get(UnprovenRequest, token.facts.get("request", 0))
    if found is None or found.address != token.address or found.ticket_id is not None:
        raise LinkIsOver
    return found
