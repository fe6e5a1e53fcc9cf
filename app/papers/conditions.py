"""Term, reviews, contacts, objectives, credits, coverage and clock rules in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agreements.parts import (
    ContactPart,
    CreditPart,
    CreditStep,
    Document,
    ObjectivePart,
    ReviewPart,
    TermPart,
    TierPart,
)
from app.agreements.words import Party, Period, Renewal, ReopenRule
from app.clocks import words
from app.languages import gettext as _
from app.languages import lazy_gettext, listed, ngettext
from app.papers import amounts

PARTIES = {Party.PROVIDER: lazy_gettext("provider"), Party.CLIENT: lazy_gettext("client")}
PERIODS = {
    Period.MONTH: lazy_gettext("each month"),
    Period.QUARTER: lazy_gettext("each quarter"),
    Period.YEAR: lazy_gettext("each year"),
}
FEES = {
    Period.MONTH: lazy_gettext("a month"),
    Period.QUARTER: lazy_gettext("a quarter"),
    Period.YEAR: lazy_gettext("a year"),
}
REOPENING = {
    ReopenRule.RESUME: lazy_gettext("its time goes on"),
    ReopenRule.RESTART: lazy_gettext("its time begins anew"),
    ReopenRule.FINAL: lazy_gettext("its time does not run again"),
}
WAITS = {
    "waiting_requester": lazy_gettext("while the requester has to answer"),
    "waiting_vendor": lazy_gettext("while a supplier has to act"),
    "on_hold": lazy_gettext("while it is on hold"),
}
ROLES = {
    "signatory": lazy_gettext("Signatory"),
    "service level manager": lazy_gettext("Service level manager"),
    "service_level_manager": lazy_gettext("Service level manager"),
    "technical": lazy_gettext("Technical matters"),
    "communication": lazy_gettext("Communication"),
}


@dataclass(frozen=True)
class Fact:
    """A line of an agreement's figures: "Renewal", "by itself, for 12 months each"."""

    label: str
    value: str
    clause: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody named for a role; `turn` is 1 for who is told first."""

    party: Party
    role: str
    name: str
    address: str
    telephone: str
    turn: int
    note: str


def term(document: Document) -> list[Fact]:
    """How long it runs and how it ends."""
    part = document.term
    if part is None:
        return []
    return list(_term(part))


def review(part: ReviewPart | None) -> list[Fact]:
    """How often both meet, and who."""
    if part is None:
        return []
    facts = [Fact(_("Review"), every(part.every_months), part.clause)]
    if part.attendees:
        who = ", ".join(role(one) for one in part.attendees)
        facts.append(Fact(_("With"), who, part.clause))
    return facts


def contacts(parts: Sequence[ContactPart]) -> list[Contact]:
    """Who is named for what, in the order in which they are told."""
    turns: dict[tuple[str, str], int] = {}
    found = []
    for part in parts:
        key = (part.party, part.role)
        turns[key] = turns.get(key, 0) + 1
        found.append(
            Contact(
                party=part.party,
                role=role(part.role),
                name=part.name,
                address=part.address,
                telephone=part.telephone,
                turn=turns[key],
                note=_("to acknowledge within %(time)s", time=words.duration(part.acknowledge_s))
                if part.acknowledge_s
                else "",
            )
        )
    return found


def objectives(document: Document, services: Mapping[str, str]) -> list[Fact]:
    """The shares that are to be reached: "95 % each quarter, warned below 97 %"."""
    return [
        Fact(objective(part, document, services), _goal(part, document), part.clause)
        for part in document.objectives
    ]


def credits(document: Document, services: Mapping[str, str]) -> list[Fact]:
    """The fee, what is credited below which share, the cap and what is left out."""
    part = document.credits
    return list(_credits(part, document, services)) if part else []


def coverage(document: Document, services: Mapping[str, str]) -> list[Fact]:
    """Who is under which tier, in the order in which it is asked."""
    tiers = {tier.key: tier.name for tier in document.tiers}
    return [
        Fact(
            " · ".join(
                part for part in (row.organisation, services.get(row.service, row.service)) if part
            )
            or _("Everybody else"),
            tiers[row.tier],
        )
        for row in document.coverage
    ]


def rules(tier: TierPart) -> list[Fact]:
    """How the clocks of a tier run: what stands still, what reopening does, what a day is."""
    return [
        Fact(_("A business day"), _("%(time)s of service time", time=words.duration(tier.day_s))),
        Fact(_("Stands still"), "; ".join(_pauses(tier))),
        Fact(_("Opened again"), _reopening(tier)),
        Fact(
            _("A shorter target comes"),
            _("at least %(share)s of it are left", share=amounts.percent(tier.floor_percent)),
        ),
        Fact(
            _("No answer by the requester"),
            _(
                "asked after %(ask)s business days, resolved %(resolve)s later",
                ask=tier.waiting_ask_days,
                resolve=tier.waiting_resolve_days,
            ),
        ),
    ]


def objective(part: ObjectivePart, document: Document, services: Mapping[str, str]) -> str:
    """What an objective is about: "Promises kept", "Resolution, Gold, urgent"."""
    tiers = {tier.key: tier.name for tier in document.tiers}
    about = words.measure(part.measure) if part.measure else _("Promises kept")
    narrowed = [
        tiers.get(part.tier, part.tier),
        part.priority.label.lower() if part.priority else "",
        services.get(part.service, part.service),
    ]
    return ", ".join([about, *(one for one in narrowed if one)])


def every(months: int) -> str:
    """How often, in months: "each quarter", "every 5 months"."""
    known = {
        1: _("each month"),
        3: _("each quarter"),
        6: _("each half-year"),
        12: _("each year"),
    }
    return known.get(months) or ngettext("every %(num)s month", "every %(num)s months", months)


def role(key: str) -> str:
    """A role of a contact as people read it."""
    return str(ROLES.get(key) or key[:1].upper() + key[1:].replace("_", " "))


def renewal(part: TermPart) -> str:
    """What happens at its end: "by itself, for 12 months"."""
    if part.renewal == Renewal.AUTOMATIC and part.months:
        return _("by itself, for %(months)s", months=amounts.months(part.months))
    return _("none: it ends with its last day")


def _term(part: TermPart) -> Iterator[Fact]:
    yield Fact(_("Renewal"), renewal(part), part.clause)
    if part.notice_days:
        notice = _("%(days)s before its last day", days=amounts.days(part.notice_days))
        yield Fact(_("Notice"), notice, part.clause)


def _goal(part: ObjectivePart, document: Document) -> str:
    """What is to be reached: "at least 95 %, each quarter; warned below 97 %"."""
    goal, period = amounts.percent(part.goal), str(PERIODS[part.per])
    said = [_("at least %(goal)s, %(period)s", goal=goal, period=period)]
    if part.warning is not None:
        said.append(_("warned below %(warning)s", warning=amounts.percent(part.warning)))
    if part.calendar:
        names = {one.key: one.name for one in document.calendars}
        said.append(_("counted in %(hours)s", hours=names.get(part.calendar, part.calendar)))
    if part.up_to is not None:
        said.append(
            _(
                "with at most %(count)s promises no more than %(misses)s may be missed instead",
                count=part.up_to,
                misses=part.allowed_misses,
            )
        )
    return "; ".join(said)


def _credits(part: CreditPart, document: Document, services: Mapping[str, str]) -> Iterator[Fact]:
    if part.fee is not None:
        fee = amounts.money(part.fee, part.currency)
        said = _("%(fee)s %(period)s", fee=fee, period=str(FEES[part.per]))
        yield Fact(_("Fee"), said, part.clause)
    goals = {one.key: objective(one, document, services) for one in document.objectives}
    by_objective: dict[str, list[CreditStep]] = {}
    for step in part.steps:
        by_objective.setdefault(step.objective, []).append(step)
    for key, steps in by_objective.items():
        yield Fact(goals.get(key, key), "; ".join(_step(step) for step in steps), part.clause)
    yield Fact(
        _("At most"),
        _("%(share)s of the fee of a period", share=amounts.percent(part.cap_percent)),
        part.clause,
    )
    if part.exclusions:
        yield Fact(_("Left out"), "; ".join(part.exclusions), part.clause)


def _step(step: CreditStep) -> str:
    return _(
        "below %(below)s: %(percent)s of the fee",
        below=amounts.percent(step.below),
        percent=amounts.percent(step.percent),
    )


def _pauses(tier: TierPart) -> Iterator[str]:
    """What stands still by rule and by this version, measure by measure."""
    helps = any(target.measure == "workaround" for target in tier.targets)
    solved = [_("Workaround"), _("Resolution")] if helps else [_("Resolution")]
    always = (_("Next response"), _("Update"), *solved)
    yield _(
        "%(measures)s: while the requester has to answer",
        measures=", ".join(always) if not tier.pauses.get("first_response") else _("All"),
    )
    more = [
        str(WAITS[one]) for one in tier.pauses.get("resolution", ()) if one != "waiting_requester"
    ]
    if more:
        yield _(
            "%(measures)s also %(waits)s",
            measures=listed(solved),
            waits=listed(more),
        )


def _reopening(tier: TierPart) -> str:
    done = str(REOPENING[tier.reopen_rule])
    days = amounts.days(tier.reopen_window_days)
    if tier.reopen_rule != ReopenRule.RESUME:
        return _("within %(days)s: %(done)s", days=days, done=done)
    return _(
        "within %(days)s: %(done)s, with at least %(share)s of the target left",
        days=days,
        done=done,
        share=amounts.percent(tier.reopen_grant_percent),
    )
