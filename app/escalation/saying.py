"""Telling people of a rung: a notice each, and a line in the ticket's history.

Source: escalation.md, "Ladders" and "Notices and letters".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import words
from app.clocks.coming import Come
from app.clocks.models import Clock
from app.escalation import facts, rung_words
from app.escalation.batch import Batch
from app.escalation.facts import Because
from app.escalation.responsible import Told
from app.languages import speaking
from app.notices.telling import Telling
from app.tickets.models import Ticket


def tell(
    batch: Batch,
    ticket: Ticket,
    clock: Clock,
    come: Come,
    told: Iterable[Told],
    *,
    terms: Terms,
    at: datetime,
    because: Because = facts.NOTHING,
    event: str | None = None,
) -> None:
    """Tell these people of a rung; ``event`` names it for notices, by default its own key.

    Everybody is told in their own language; people outside get their own letter, without names
    and notes.
    """
    state = batch.board.state(clock)
    for each in told:
        with speaking(each.person.language):
            if each.person.is_agent:
                kind = "escalation"
                said = facts.of_escalation(
                    ticket,
                    state,
                    come,
                    each,
                    terms,
                    at,
                    points=batch.board.points(clock, terms),
                    known=batch.board.known(clock.id),
                    last_words=batch.last_words(ticket),
                    because=because,
                )
            else:
                kind = "client-promise"
                said = facts.of_clock(ticket, state, come, terms, at)
        key = event or come.key
        batch.tell(Telling(each.person, kind, key, at, said, ticket.id, urgent=True))


def write_down(
    batch: Batch,
    ticket: Ticket,
    clock: Clock,
    come: Come,
    told: Sequence[Told],
    *,
    because: Because,
    along: Iterable[Come],
    done: Iterable[str],
    at: datetime,
) -> None:
    """Say in the history who was told of a rung, why, and what it did.

    ``along`` are lower rungs that a change left behind with it.
    """
    late_s = max(0, int((at - come.instant_at).total_seconds()))
    said = [f"Ladder {rung_words.place(come)}: told {names(told)}", *done]
    if because.passed_over:
        left = " and ".join(rung_words.point(one.rung, one.nth) for one in (come, *along))
        said.append(f"{left} passed over because {because.passed_over}")
    if because.again:
        said.append(f"again, because {because.again}")
    if late_s >= rung_words.LATE_S:
        said.append(f"{words.duration(late_s)} late")
    batch.note_down(
        ticket,
        "escalated",
        at=at,
        words="; ".join(said),
        due_at=come.instant_at.isoformat(),
        late_by_s=late_s,
        again=come.again,
    )
    state = (
        "Over"
        if clock.breached_at is not None
        else f"Ladder at {rung_words.point(come.rung, come.nth)}"
    )
    batch.give_reason(ticket, f"{state}; {told[0].person.name} told")


def write_down_covered(batch: Batch, ticket: Ticket, come: Come, *, at: datetime) -> None:
    """Say in the history that a later reminder told what this one would have."""
    batch.note_down(
        ticket,
        "covered",
        at=at,
        words=f"Ladder {rung_words.place(come)} covered: a later reminder was due, too",
    )


def names(told: Iterable[Told]) -> str:
    """Those who were told, and whom they stand in for."""
    return " and ".join(f"{each.person.name} {each.instead}".strip() for each in told)
