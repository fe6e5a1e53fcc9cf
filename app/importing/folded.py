"""A ticket folded from an event log, and where its terms come from. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from app.agreements.terms import Terms
from app.clocks.course import Course
from app.errors import Refusal
from app.importing.directory import Directory, Somebody
from app.importing.values import Opening


class Offer(Protocol):
    """Where terms come from: `agreements.choosing.Book`, or made by hand."""

    def choose(
        self,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        at: datetime,
        team_id: int | None = None,
    ) -> Terms:
        """The terms in force at ``at``; raises `Refusal` when there are none."""

    def terms_of(
        self,
        version_id: int,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        team_id: int | None = None,
    ) -> Terms:
        """The terms of a version for what a ticket is now."""


@dataclass(slots=True, eq=False)
class Folded:
    """A ticket as its facts made it: its course, its own columns, messages and history."""

    name: str
    measures: frozenset[str]
    course: Course = field(default_factory=Course)
    terms: Terms | None = None
    opening: Opening | None = None
    priority: str = ""
    requester: Somebody | None = None
    organisation_id: int | None = None
    assignee_id: int | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None
    merged_into: str | None = None
    why: str = ""
    snippet: str = ""
    unread: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Context:
    """What all folds of an import share."""

    offer: Offer
    directory: Directory
    message_ids: Iterator[int]
    known: dict[tuple[int, frozenset[str]], tuple[Terms, Terms]] = field(default_factory=dict)

    def chosen_anew(self, version_id: int | None, asked: dict[str, Any], *, at: datetime) -> Terms:
        """The terms of a corrected ticket: in its version, else in the one in force at ``at``.

        That is where the version covers no such request, or where none is named.
        """
        if version_id is not None:
            try:
                return self.offer.terms_of(version_id, **asked)
            except Refusal:
                pass
        return self.offer.choose(**asked, at=at)

    def supported(self, terms: Terms, measures: frozenset[str]) -> Terms:
        """The terms without the measures that the log cannot support: those get no clock."""
        if measures.issuperset(terms.targets):
            return terms
        key = (id(terms), measures)
        if key not in self.known:
            targets = {name: row for name, row in terms.targets.items() if name in measures}
            self.known[key] = (terms, replace(terms, targets=targets))
        return self.known[key][1]
