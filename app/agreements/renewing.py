"""Automatic renewal: the same version for a further term, made once notice can no longer be given.

The parties signed it with the version that it renews, by its clause. What holds never waits for
it: a version that renews itself has no end of its own. Source: agreements.md, "Renewal and
termination".
"""

from collections.abc import Callable
from datetime import datetime

from app.agreements import amending, contacts, deadlines, history, loading, outlook, stored
from app.agreements.contacts import Matter
from app.agreements.outlook import Outlook
from app.database import db

Now = Callable[[], datetime]
KIND = "agreement-renewed"


def due(at: datetime) -> list[int]:
    """The agreements whose next term is settled and not written down yet."""
    return [one.agreement.id for one in outlook.all_signed() if _is_settled(one, at)]


def renew(agreement_id: int, now: Now) -> bool:
    """Make the version of the next term and tell both parties; whether it was settled.

    The agreement is locked, so that of two workers one makes it.
    """
    ahead = outlook.for_change(agreement_id)
    at = now()
    if not _is_settled(ahead, at):
        return False
    span = ahead.timetable.span.renewed()
    values = stored.values_of(ahead.version)
    values["agreement"] |= {"effective_from": span.first_on, "effective_until": span.last_on}
    amending.keep_exceptions(ahead.version, values)
    renewed = loading.load(values, at=at, with_catalogue=False).version
    renewed.renews_id = ahead.version.id
    db.session.flush()
    facts = {
        "first_on": span.first_on.isoformat(),
        "last_on": span.last_on.isoformat() if span.last_on else None,
        "clause": ahead.timetable.term.clause,
        "quote": ahead.timetable.quoted(ahead.timetable.term.clause),
        "number": renewed.number,
    }
    history.record(
        ahead.agreement,
        "renewed",
        by=None,
        at=at,
        version=renewed,
        facts=facts,
        key=f"renewed:{ahead.version.id}",
    )
    matter = Matter(f"renewed:{ahead.version.id}", KIND, facts, contacts.DEEDS)
    contacts.tell(ahead.agreement, ahead.timetable, matter, at=at)
    return True


def _is_settled(one: Outlook, at: datetime) -> bool:
    """Whether the days of notice are over, and no end stands before the next term."""
    span, zone = one.timetable.span, one.agreement.zone
    if one.renews_on is None or span.notice_by is None:
        return False
    return deadlines.is_past(span.notice_by, at=at, zone=zone)
