"""The promise card of a new request: what we promise if it is sent now, ready to show."""

from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import TargetTerms, Terms
from app.catalogue.words import Kind, Priority
from app.clocks import hours
from app.portal import lane, times
from app.portal.lane import Lane
from app.tickets.opening import Outlook


@dataclass(frozen=True)
class Pledge:
    """The card: the two times of its sentence (None where none is promised) and its terms.

    ``deed`` is what the second time is for: "solve it".
    """

    answer_by: str | None
    deed: str
    solve_by: str | None
    lane: Lane | None
    terms: str
    source: str


def of(outlook: Outlook, *, kind: Kind, priority: Priority, zone: str, at: datetime) -> Pledge:
    """The card for ``outlook``, with times in ``zone`` as seen at ``at``."""
    due = {promise.measure: promise.due_at for promise in outlook.promises}
    targets = [promise.target for promise in outlook.promises]
    last = max(outlook.promises, key=lambda promise: promise.due_at, default=None)
    words = {measure: times.due(due_at, zone=zone, now=at) for measure, due_at in due.items()}
    return Pledge(
        answer_by=words.get("first_response"),
        deed="solve it" if kind is Kind.INCIDENT else "have it done",
        solve_by=words.get("resolution"),
        lane=(
            lane.draw(last.target.calendar, list(due.values()), now=at, zone=zone) if last else None
        ),
        terms=_terms(outlook.terms, last.target if last else None, priority, zone=zone, at=at),
        source=source(outlook.terms, targets),
    )


def source(terms: Terms, targets: list[TargetTerms]) -> str:
    """Where it stands: "Managed workplace, version 3, § 4.2"."""
    clauses = list(dict.fromkeys(f"§\N{NO-BREAK SPACE}{target.clause}" for target in targets))
    parts = [terms.agreement_title, f"version\N{NO-BREAK SPACE}{terms.version_number}"]
    if clauses:
        parts.append(" and ".join(clauses))
    return ", ".join(parts)


def _terms(
    terms: Terms, target: TargetTerms | None, priority: Priority, *, zone: str, at: datetime
) -> str:
    parts = [f"{priority.label} priority, {terms.tier_name}."]
    if target is not None:
        counted = hours.in_words(target.calendar, at=at)
        parts.append(f"{target.calendar_name}, {counted}.")
        shown, ours = times.of_zone(at, zone=zone), times.of_zone(at, zone=target.calendar.zone)
        if shown != ours:
            parts.append(f"The times above are in {shown}.")
    parts.append("If we have to wait for you, the time stands still and this page says so.")
    return " ".join(parts)
