"""Ending an agreement by notice or for cause, and taking that back while it still runs.

A signatory of a party ends it by a clause of the version; both parties are told in its words.
Open tickets keep the promises under which they were made. Source: agreements.md, "Renewal and
termination".
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.agreements import contacts, history, outlook, parties
from app.agreements.contacts import Matter
from app.agreements.models import Agreement, Termination, TerminationKind
from app.agreements.outlook import Outlook
from app.agreements.words import Party
from app.database import db
from app.errors import Conflict, Forbidden, Refusal
from app.languages import gettext as _
from app.mail import words
from app.people.models import Person

KIND = "agreement-terminated"


@dataclass(frozen=True)
class End:
    """How somebody wants to end an agreement: by which clause, why, and with which last day."""

    kind: TerminationKind
    clause: str
    reason: str
    effective_on: date


def terminate(
    agreement: Agreement, end: End, *, party: Party, by: Person, at: datetime
) -> Termination:
    """End the agreement with the last day that ``end`` names, and tell both parties.

    Raises `Forbidden` unless ``by`` signs for the party, `Conflict` where it ends already, and
    `Refusal` for the house agreement, for a clause that the version has not, for a day that is
    past or that notice does not reach, and for a cause that is not named.
    """
    _check_signs(agreement, party, by)
    now = outlook.for_change(agreement.id)
    if now.termination is not None:
        raise Conflict(_("This agreement is terminated already."))
    check(now, end, at=at)
    row = Termination(
        agreement_id=agreement.id,
        version_id=now.version.id,
        kind=end.kind,
        party=party,
        clause=end.clause,
        reason=end.reason.strip(),
        given_by_id=by.id,
        given_at=at,
        effective_on=end.effective_on,
    )
    db.session.add(row)
    db.session.flush()
    _tell(now, row, by=by, at=at, is_withdrawn=False)
    return row


def check(now: Outlook, end: End, *, at: datetime) -> None:
    """Raise `Refusal` where the agreement cannot be ended so; for a preview too."""
    if now.agreement.is_house:
        raise Refusal(_("The house agreement covers everybody else: it cannot be terminated."))
    if now.has_ended(at):
        raise Refusal(_("This agreement has ended already."))
    if end.clause not in now.timetable.clauses:
        raise Refusal(_("The version in force has no such clause."), field="clause")
    today, last_on = now.today(at), now.last_on
    if end.effective_on < today:
        raise Refusal(_("This day is past."), field="effective_on")
    if last_on is not None and end.effective_on > last_on:
        raise Refusal(
            _("It ends by itself with %(day)s.", day=words.day(last_on)), field="effective_on"
        )
    if end.kind is TerminationKind.CAUSE and not end.reason.strip():
        raise Refusal(_("Say what the cause is: the other party is told."), field="reason")
    is_notice = end.kind is TerminationKind.NOTICE
    if is_notice and not now.timetable.span.may_end_on(end.effective_on, given_on=today):
        raise Refusal(_too_early(now, today), field="effective_on")


def withdraw(agreement: Agreement, *, reason: str, party: Party, by: Person, at: datetime) -> None:
    """Take the termination back before its last day is over: the agreement goes on.

    Raises `Forbidden` unless ``by`` signs for the party that gave it, `Refusal` where there is
    none, once it has ended, and without a reason.
    """
    _check_signs(agreement, party, by)
    now = outlook.for_change(agreement.id)
    row = now.termination
    if row is None:
        raise Refusal(_("This agreement is not terminated."))
    if row.party is not party:
        raise Forbidden(_("Only the party that terminated it can take that back."))
    if now.has_ended(at):
        raise Refusal(_("The agreement has ended: only a new one can follow it."))
    if not reason.strip():
        raise Refusal(_("Say why: the other party is told."), field="reason")
    row.withdrawn_at = at
    db.session.flush()
    _tell(now, row, by=by, at=at, is_withdrawn=True, reason=reason.strip())


def _check_signs(agreement: Agreement, party: Party, by: Person) -> None:
    if not parties.may_sign(agreement, by, party):
        raise Forbidden(_("Only a signatory of a party can end its agreement."))


def _too_early(now: Outlook, today: date) -> str:
    earliest = now.timetable.span.earliest_end(today)
    if now.timetable.span.renews:
        return _(
            "Notice ends it with the last day of a term, the earliest being %(day)s.",
            day=words.day(earliest),
        )
    return _("Notice given today ends it with %(day)s or later.", day=words.day(earliest))


def _tell(
    now: Outlook,
    row: Termination,
    *,
    by: Person,
    at: datetime,
    is_withdrawn: bool,
    reason: str | None = None,
) -> None:
    """Write it into the history and tell the contacts of both parties."""
    facts: dict[str, Any] = {
        "how": row.kind.value,
        "withdrawn": is_withdrawn,
        "by": by.name,
        "organisation": parties.names(now.agreement)[row.party],
        "effective_on": row.effective_on.isoformat(),
        "clause": row.clause,
        "quote": now.timetable.quoted(row.clause),
        "reason": row.reason if reason is None else reason,
    }
    verb = "termination_withdrawn" if is_withdrawn else "terminated"
    history.record(
        now.agreement, verb, by=by, at=at, party=row.party, version=now.version, facts=facts
    )
    matter = Matter(f"{verb}:{row.id}", KIND, facts, contacts.DEEDS)
    contacts.tell(now.agreement, now.timetable, matter, at=at)
