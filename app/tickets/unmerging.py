"""Two tickets that were one are two again. Source: clocks.md, "Merge".

The messages never left the source; what was said since the merge stays with the other ticket.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.clocks import foreseeing, running
from app.clocks.foreseeing import Foreseen
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets import addressing, letters, waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_of
from app.tickets.remembering import put_back
from app.tickets.words import DONE, Status


def foresee(
    source: Ticket, into: Ticket, *, at: datetime
) -> tuple[Sequence[Foreseen], Sequence[Foreseen]]:
    """What it would do to the promises of each; nothing is written."""
    _refuse(source, into)
    return foreseeing.unmerged(
        source.id,
        into.id,
        source_terms=terms_of(source),
        terms=terms_of(into),
        undoes=f"merge:{source.id}",
        at=max(at, source.last_event_at, into.last_event_at),
    )


def unmerge(source: Ticket, into: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Let ``source`` go on by itself again; the caller holds both locks (`merging.for_both`).

    It stands as before the merge, and its clocks never stopped. Its requester is told. Raises
    `Refusal` without a reason, unless it is merged into ``into``, where that one is gone itself,
    and where another was merged into it since.
    """
    _refuse(source, into)
    if not reason.strip():
        raise Refusal(_("Say why they are two: both histories quote it."), field="reason")
    at = max(at, source.last_event_at, into.last_event_at)
    terms = terms_of(source)
    outcomes = running.unmerged(
        source.id,
        into.id,
        source_terms=terms,
        terms=terms_of(into),
        undoes=f"merge:{source.id}",
        at=at,
        actor_id=by.id,
        cause=f"unmerge:{source.id}",
    )
    for ticket, outcome in zip((source, into), outcomes, strict=True):
        record_not_told(ticket, outcome.not_told, "unmerging", at=at)
    put_back(source, _was(source))
    source.merged_into_id, source.status = None, Status(outcomes[0].course.status)
    if source.status is Status.WAITING_REQUESTER and source.waiting_since is None:
        waiting.begin(source, terms, at=at)
    source.why = f"Apart from {into.ref} again"
    source.agent_unread = into.agent_unread = True
    said = reason.strip()
    record(source, "unmerged", by=by, at=at, into=into.id, reason=said)
    record(into, "unmerged-from", by=by, at=at, source=source.id, reason=said)
    addressing.tell(
        source,
        "ticket-unmerged",
        event=f"unmerged:{source.id}:{at.isoformat()}",
        at=at,
        facts=letters.unmerged(source, into),
    )


def _refuse(source: Ticket, into: Ticket) -> None:
    if source.status is not Status.MERGED or source.merged_into_id != into.id:
        raise Refusal(_("%(ref)s is not merged into %(into)s.", ref=source.ref, into=into.ref))
    if not into.is_open and into.status not in DONE:
        raise Refusal(
            _(
                "%(into)s is %(stands)s: take that apart first.",
                into=into.ref,
                stands=into.stands,
            )
        )


def _was(source: Ticket) -> Mapping[str, Any]:
    """Where it stood before it was merged, as its history keeps it."""
    facts = db.session.scalar(
        select(HistoryEntry.facts)
        .where(HistoryEntry.ticket_id == source.id, HistoryEntry.verb == "merged")
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    return (facts or {}).get("was") or {}
