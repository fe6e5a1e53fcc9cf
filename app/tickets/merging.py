"""Two tickets about one thing become one; a duplicate is nothing else.

Source: clocks.md, "Merge". The messages stay on the source and are shown with the other's.
"""

from collections.abc import Sequence
from datetime import datetime

from app.clocks import foreseeing, running
from app.clocks.foreseeing import Foreseen
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets import addressing, guests, letters, waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of
from app.tickets.remembering import remembered
from app.tickets.words import Status


def for_both(source_id: int, into_id: int) -> tuple[Ticket, Ticket]:
    """Both tickets, locked, the lower id first, so that two merges never wait for each other."""
    locked = {ticket_id: for_change(ticket_id) for ticket_id in sorted({source_id, into_id})}
    return locked[source_id], locked[into_id]


def foresee(
    source: Ticket, into: Ticket, *, at: datetime
) -> tuple[Sequence[Foreseen], Sequence[Foreseen]]:
    """What merging would do to the promises of each; nothing is written."""
    _refuse(source, into)
    return foreseeing.merged(
        source.id,
        into.id,
        source_terms=terms_of(source),
        terms=terms_of(into),
        at=max(at, source.last_event_at, into.last_event_at),
    )


def merge(source: Ticket, into: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Let ``source`` go on in ``into``; the caller holds both locks (`for_both`).

    Per promise the smaller remainder counts; a broken promise is handed over. The requester is
    told. Raises `Refusal` without a reason, for tickets of two organisations, and unless both
    are open.
    """
    _refuse(source, into)
    if not reason.strip():
        raise Refusal(_("Say why they are one: both histories quote it."), field="reason")
    at = max(at, source.last_event_at, into.last_event_at)
    was = remembered(source)
    outcomes = running.merged(
        source.id,
        into.id,
        source_terms=terms_of(source),
        terms=terms_of(into),
        at=at,
        actor_id=by.id,
        cause=f"merge:{source.id}",
    )
    for ticket, outcome in zip((source, into), outcomes, strict=True):
        record_not_told(ticket, outcome.not_told, "merging", at=at)
    source.status, source.merged_into_id = Status.MERGED, into.id
    source.hold_until = None
    waiting.end(source)
    source.why, source.agent_unread = f"Merged into {into.ref}", False
    into.why, into.agent_unread = f"{source.ref} was merged into it", True
    said = reason.strip()
    record(source, "merged", by=by, at=at, into=into.id, reason=said, was=was)
    record(into, "merged-in", by=by, at=at, source=source.id, reason=said)
    for person in addressing.addressees_of(source):
        addressing.tell_one(
            source,
            person,
            "ticket-merged",
            event=f"merged:{source.id}:{into.id}:{at.isoformat()}",
            at=at,
            facts=letters.merged(source, into, door=guests.door(into, person, at=at)),
        )


def _refuse(source: Ticket, into: Ticket) -> None:
    if source.id == into.id:
        raise Refusal(_("A ticket does not go into itself."), field="into")
    if not source.is_open:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: only an open ticket is merged.",
                ref=source.ref,
                stands=source.stands,
            )
        )
    if not into.is_open:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: a ticket goes into an open one only.",
                ref=into.ref,
                stands=into.stands,
            ),
            field="into",
        )
    if source.organisation_id != into.organisation_id:
        raise Refusal(
            _(
                "%(ref)s is of another organisation: what one asks is not the other's to read.",
                ref=into.ref,
            ),
            field="into",
        )
