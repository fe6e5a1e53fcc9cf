"""The promise card of a new request: what we promise if it is sent now, ready to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import TargetTerms, Terms
from app.catalogue.words import Kind, Priority
from app.clocks import hours, words
from app.languages import gettext as _
from app.languages import listed
from app.portal import lane, times
from app.portal.lane import Lane
from app.tickets.opening import Outlook


@dataclass(frozen=True)
class Pledge:
    """The card: the two times of its sentence (None where none is promised) and its terms.

    The second time is for a solution where `is_solved`, else for having it done. `taken_by` is
    for word of who has it in hand, `helped_by` for a workaround.
    """

    taken_by: str | None
    answer_by: str | None
    helped_by: str | None
    is_solved: bool
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
        taken_by=words.get("acknowledgement"),
        answer_by=words.get("first_response"),
        helped_by=words.get("workaround"),
        is_solved=kind is Kind.INCIDENT,
        solve_by=words.get("resolution"),
        lane=(lane.draw(last.target.calendar, _drawn(due), now=at, zone=zone) if last else None),
        terms=_terms(outlook.terms, last.target if last else None, priority, zone=zone, at=at),
        source=source(outlook.terms, targets),
    )


def _drawn(due: Mapping[str, datetime]) -> list[datetime]:
    """What the lane shows: answer and solution, else whatever is promised."""
    return [due[each] for each in ("first_response", "resolution") if each in due] or [
        *due.values()
    ]


def source(terms: Terms, targets: list[TargetTerms]) -> str:
    """Where it stands: "Managed workplace, version 3, § 4.2"."""
    clauses = sorted({target.clause for target in targets}, key=_place)
    version = _("version\N{NO-BREAK SPACE}%(number)s", number=terms.version_number)
    parts = [terms.agreement_title, version]
    if clauses:
        parts.append(listed(f"§\N{NO-BREAK SPACE}{clause}" for clause in clauses))
    return ", ".join(parts)


def _place(clause: str) -> tuple[list[int], str]:
    """Where a clause stands in its agreement: "4.2" before "4.10"."""
    return [int(part) for part in clause.split(".") if part.isdecimal()], clause


def _terms(
    terms: Terms, target: TargetTerms | None, priority: Priority, *, zone: str, at: datetime
) -> str:
    tier = terms.tier_name
    parts = [_("%(priority)s priority, %(tier)s.", priority=priority.label, tier=tier)]
    if target is not None:
        if target.by_time is not None:
            parts.append(_("Promised %(by)s.", by=words.allowed(target.words)))
        counted = hours.in_words(target.calendar, at=at)
        parts.append(f"{target.calendar_name}, {counted}.")
        parts.append(times.elsewhere(at, zone=zone, counted_in=[target.calendar.zone]))
    parts.append(
        _("If we have to wait for you, the time stands still and the page of your request says so.")
    )
    return " ".join(part for part in parts if part)
