"""What an agreement's end leaves behind: its open tickets, and what covers its client afterwards.

Tickets keep the version under which they were made. Source: agreements.md, "Renewal and
termination".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from app.agreements import choosing, deadlines, parties
from app.agreements.models import Agreement, AgreementVersion, TerminationKind
from app.agreements.outlook import Outlook
from app.database import db
from app.languages import gettext as _
from app.people.access import Sight
from app.tickets import queries as tickets
from app.tickets.models import Ticket

CAP = 100


@dataclass(frozen=True)
class Cover:
    """An agreement that covers the client's requests on a day; the house's for want of another."""

    title: str
    number: int
    is_house: bool


def open_tickets(
    agreement: Agreement, sight: Sight, *, after_id: int | None = None, most: int = 50
) -> Sequence[Ticket]:
    """Open tickets under any version of it that ``sight`` sees, the oldest first; one more than
    ``most`` where there is a next page."""
    query = _open(agreement, sight).order_by(Ticket.id).limit(most + 1)
    if after_id is not None:
        query = query.where(Ticket.id > after_id)
    return db.session.scalars(query).all()


def count_open(agreement: Agreement, sight: Sight) -> int:
    """How many there are; `CAP` stands for that many and more."""
    some = _open(agreement, sight).with_only_columns(Ticket.id).limit(CAP).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def numbers(agreement: Agreement) -> dict[int, int]:
    """The number of each of its versions, by id."""
    query = select(AgreementVersion.id, AgreementVersion.number)
    rows = db.session.execute(query.where(AgreementVersion.agreement_id == agreement.id))
    return {id: number for id, number in rows}


def covers_after(agreement: Agreement, last_on: date) -> list[Cover]:
    """What covers the client's requests after its last day, besides this agreement."""
    at = deadlines.midnight_of(last_on + timedelta(days=1), agreement.zone)
    held = [
        one
        for one in choosing.in_force(agreement.client_id, at)
        if one.agreement_id != agreement.id
    ]
    query = select(Agreement).where(Agreement.id.in_({one.agreement_id for one in held}))
    known = {one.id: one for one in db.session.scalars(query)}
    return [
        Cover(known[one.agreement_id].title, one.number, known[one.agreement_id].is_house)
        for one in held
    ]


def because(now: Outlook) -> str:
    """Why it ended, in words for a page."""
    given = now.termination
    if given is None:
        return _("its term is over")
    who = parties.names(now.agreement)[given.party]
    if given.kind is TerminationKind.CAUSE:
        return _("ended for cause by %(who)s", who=who)
    return _("notice of %(who)s", who=who)


def _open(agreement: Agreement, sight: Sight) -> Select[Ticket]:
    versions = select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement.id)
    return tickets.visible_to(sight).where(Ticket.is_open, Ticket.version_id.in_(versions))
