"""Objectives nobody can reach, credits that contradict them, days that do not fit. Pure.

Part of the feasibility linter.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from app.agreements import days
from app.agreements.feasible_staffing import HOUR_S, calendar_of
from app.agreements.findings import Circumstances, Draft, Finding
from app.agreements.parts import Document, ObjectivePart, TermPart
from app.agreements.words import AVAILABILITY, Party, Period, Renewal
from app.catalogue.words import Priority
from app.languages import gettext as _

DAYS = {Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}
WEEK_S = 7 * 24 * HOUR_S
REVIEWED = 12
"""An agreement that is looked at less often than every so many months is not alive."""


def findings(draft: Draft, around: Circumstances) -> Iterator[Finding]:
    """Every finding about objectives, credits, days and people who sign."""
    document = draft.document
    for number, objective in enumerate(document.objectives):
        yield from _objective(f"objectives.{objective.key or number}", objective, document, around)
    yield from _credits(document)
    yield from _days(document, around)
    yield from _clauses(document)
    yield from _contacts(document, around)
    for organisation in around.cannot_sign:
        yield Finding(
            "contacts",
            _("Nobody may sign for %(organisation)s", organisation=organisation),
            _(
                "An administrator gives somebody there the grant “signatory”; without it this "
                "agreement cannot come into force."
            ),
        )


def _objective(
    path: str, objective: ObjectivePart, document: Document, around: Circumstances
) -> Iterator[Finding]:
    if objective.measure == AVAILABILITY:
        yield from _availability(path, objective, document, around)
        return
    if objective.goal >= 100:
        yield Finding(
            path,
            _("An objective of 100 % allows no miss"),
            _(
                "A single late answer breaks it, whatever the number of requests. Objectives "
                "between 90 and 98 % are usual."
            ),
        )
    tiers = [tier for tier in document.tiers if objective.tier in ("", tier.key)]
    measures = {target.measure for tier in tiers for target in tier.targets}
    if objective.measure and objective.measure not in measures and tiers:
        yield Finding(
            path,
            _("Nothing counts towards an objective"),
            _("It is about a measure that the tiers it names do not promise."),
        )


def _availability(
    path: str, objective: ObjectivePart, document: Document, around: Circumstances
) -> Iterator[Finding]:
    """A share of the promised hours that one incident, solved in time, uses up."""
    named = next((one for one in document.calendars if one.key == objective.calendar), None)
    hours = calendar_of(named) if named is not None else None
    weekly = hours.elapsed(*around.week) if hours is not None else WEEK_S
    promised = weekly * DAYS[objective.per] // 7
    allowed = round(promised * (100 - objective.goal) / 100)
    solved = [
        target
        for tier in document.tiers
        for target in tier.targets
        if target.measure == "resolution" and target.priority in (Priority.URGENT, None)
    ]
    fastest = min(solved, key=lambda target: target.seconds, default=None)
    if fastest is not None and fastest.seconds > allowed:
        yield Finding(
            path,
            _("One outage solved in time misses the objective"),
            _(
                "%(goal)s %% of the promised hours leave %(minutes)s minutes a %(period)s; the "
                "fastest resolution may take %(amount)s. Either the goal is too high or the target "
                "too slow.",
                goal=f"{objective.goal:g}",
                minutes=allowed // 60,
                period=_period(objective.per),
                amount=fastest.words,
            ),
        )


def _credits(document: Document) -> Iterator[Finding]:
    found = document.credits
    if found is None:
        return
    goals = {objective.key: objective.goal for objective in document.objectives}
    for step in found.steps:
        if step.objective in goals and step.below > goals[step.objective]:
            yield Finding(
                "credits",
                _("A credit although the objective is reached"),
                _(
                    "A step begins below %(below)s %%, the objective is %(goal)s %%.",
                    below=f"{step.below:g}",
                    goal=f"{goals[step.objective]:g}",
                ),
            )
        if step.percent > found.cap_percent:
            yield Finding(
                "credits",
                _("A step of the credits is above the cap"),
                _(
                    "%(percent)s %% are never paid: the most is %(cap)s %%.",
                    percent=f"{step.percent:g}",
                    cap=f"{found.cap_percent:g}",
                ),
            )
    for key in goals:
        steps = sorted(
            (step for step in found.steps if step.objective == key),
            key=lambda step: step.below,
            reverse=True,
        )
        if any(worse.percent <= better.percent for better, worse in pairwise(steps)):
            yield Finding(
                "credits",
                _("Doing worse costs no more"),
                _("A lower step of the credits pays no more than the one above it."),
            )


def _days(document: Document, around: Circumstances) -> Iterator[Finding]:
    first, last, term = document.effective_from, document.effective_until, document.term
    if first != date.min and first <= around.today:
        yield Finding(
            "agreement.effective_from",
            _("It begins before anybody can have signed it"),
            _(
                "The first day is not to come. Requests already filed keep their version; choose a "
                "day that leaves time to read and sign."
            ),
        )
    if term is not None and last is not None and first != date.min:
        yield from _notice(term, first, last, around)
    if term is None and last is not None:
        yield Finding(
            "term",
            _("It ends, and nobody says what then"),
            _(
                "After the last day the client falls under the house agreement. Say whether it "
                "renews itself, and how it is given notice."
            ),
        )
    review = document.review
    if review is None or review.every_months > REVIEWED:
        yield Finding(
            "review",
            _("Nobody looks at it again"),
            _(
                "An agreement is usually reviewed each quarter or half-year; nothing, or less than "
                "once a year, is agreed here."
            ),
        )


def _notice(term: TermPart, first: date, last: date, around: Circumstances) -> Iterator[Finding]:
    by = last - timedelta(days=term.notice_days)
    if by < first:
        yield Finding(
            "term.notice_days",
            _("Notice is due before it begins"),
            _(
                "%(days)s days before %(last)s is %(by)s, and it holds from %(first)s.",
                days=term.notice_days,
                last=days.in_words(last),
                by=days.in_words(by),
                first=days.in_words(first),
            ),
        )
    elif by <= around.today and term.renewal == Renewal.AUTOMATIC:
        yield Finding(
            "term.notice_days",
            _("The day for notice is over"),
            _(
                "Notice was possible until %(by)s: as it stands it renews itself once in any case.",
                by=days.in_words(by),
            ),
        )


def _contacts(document: Document, around: Circumstances) -> Iterator[Finding]:
    for number, contact in enumerate(document.contacts):
        if contact.address.lower() in around.cannot_read:
            yield Finding(
                f"contacts[{number}]",
                _("%(name)s may not read it", name=contact.name),
                _(
                    "%(name)s is told of what comes and holds no grant to open the agreement: an "
                    "administrator gives “contact”, or somebody else is named.",
                    name=contact.name,
                ),
            )


def _clauses(document: Document) -> Iterator[Finding]:
    if not document.termination_clause:
        yield Finding(
            "agreement.termination_clause",
            _("No clause on termination is named"),
            _("Who ends the agreement has to cite the clause that allows it. Name its number."),
        )
    if not document.disputes_clause:
        yield Finding(
            "agreement.disputes_clause",
            _("No clause on disagreements is named"),
            _("Who contests a figure should find how it is decided. Name the clause."),
        )
    for party in Party if document.client else (Party.PROVIDER,):
        if not any(contact.party == party for contact in document.contacts):
            side = _("the provider") if party == Party.PROVIDER else _("the client")
            yield Finding(
                "contacts",
                _("No contact of %(side)s", side=side),
                _(
                    "Reminders and announcements go to the contacts; without one they reach only "
                    "those who may sign."
                ),
            )


def _period(per: Period) -> str:
    words = {Period.MONTH: _("month"), Period.QUARTER: _("quarter"), Period.YEAR: _("year")}
    return words[per]
