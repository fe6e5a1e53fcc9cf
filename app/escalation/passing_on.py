"""Passing a rung on: nobody said "I am on it" in time, or a letter came back.

The people of the next rung are told now, after the last the fallback chain, once; the next rung
still fires at its own point. The client's contact is never told before their own rung. Source:
escalation.md, "Ladders", acknowledgement.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.agreements.terms import Terms
from app.clocks import coming, rungs, words
from app.clocks.coming import Come
from app.clocks.models import Clock, Escalation
from app.escalation import responsible, rung_words, saying
from app.escalation.batch import Batch
from app.escalation.facts import Because
from app.escalation.responsible import OUTSIDE, Told, people_for
from app.languages import gettext as _
from app.languages import lazily, lazy_gettext
from app.tickets.models import Ticket

PASSED = ":passed"
"""How the event of a notice ends by which a rung was passed on."""


def pass_on(batch: Batch, ticket: Ticket, *, terms: Terms, at: datetime) -> int:
    """Pass on what waited too long on one ticket's clocks; how many rungs that were."""
    over = coming.waits_over(ticket.id, terms=terms, at=at, board=batch.board)
    for come, row in over:
        clock = batch.board.clock(ticket.id, come.clock_id)
        _pass_on(batch, ticket, clock, come, row, terms, at)
    if over:
        coming.look_ahead(ticket.id, terms=terms, board=batch.board)
    return len(over)


def _pass_on(
    batch: Batch,
    ticket: Ticket,
    clock: Clock,
    come: Come,
    row: Escalation,
    terms: Terms,
    at: datetime,
) -> None:
    because = Because(passed_on=_why(come, row))
    told = _next_in_line(batch, ticket, clock, come, row, terms, at)
    event = come.key + PASSED
    saying.tell(batch, ticket, clock, come, told, terms=terms, at=at, because=because, event=event)
    row.passed_on_at = at
    row.told = [*row.told, *({**each.as_json(), "passed_on": True} for each in told)]
    batch.note_down(
        ticket,
        "passed-on",
        at=at,
        words=f"Ladder {rung_words.place(come)}: {because.passed_on}; told {saying.names(told)}",
    )
    point = rung_words.point(come.rung, come.nth)
    batch.give_reason(ticket, f"Ladder at {point} passed on; {told[0].person.name} told")


def _why(come: Come, row: Escalation) -> Any:
    """ "Mara Lindt did not say “I am on it” within 30 m", "the letter to Mara Lindt came back"."""
    refused = [each["name"] for each in row.told if each.get("refused")]
    if refused:
        return lazy_gettext("the letter to %(people)s came back", people=lazily(_all_of, refused))
    time = lazily(words.duration, come.rung.acknowledge_s or 0)
    asked = [each["name"] for each in row.told if each["role"] != OUTSIDE]
    if not asked:
        return lazy_gettext("nobody said “I am on it” within %(time)s", time=time)
    return lazy_gettext(
        "%(people)s did not say “I am on it” within %(time)s",
        people=lazily(_all_of, asked),
        time=time,
    )


def _all_of(names: list[str]) -> str:
    return _(" and ").join(names)


def _next_in_line(
    batch: Batch,
    ticket: Ticket,
    clock: Clock,
    come: Come,
    row: Escalation,
    terms: Terms,
    at: datetime,
) -> list[Told]:
    refused = {each["person"] for each in row.told if each.get("refused")}
    for rung in rungs.later(come.rung, terms.ladder, clock.budget_s):
        roles = [role for role in rung.responsible if role != OUTSIDE]
        found = people_for(roles, ticket, at=at, asked=batch.asked)
        if told := [each for each in found if each.person.id not in refused]:
            return told
    return [_last_in_line(ticket, {each["person"] for each in row.told}, at)]


def _last_in_line(ticket: Ticket, told_before: Collection[int], at: datetime) -> Told:
    """The first of the fallback chain who was not told yet, else its first."""
    found = responsible.last_in_line(ticket, at=at, without=told_before)
    if found is not None:
        return Told(found, "team_lead", lazy_gettext("next in line"))
    return responsible.people_for(["team_lead"], ticket, at=at)[0]
