"""Rungs that are never reached, or reach nobody. Pure; part of the feasibility linter."""

from collections.abc import Iterator

from app.agreements.findings import Circumstances, Draft, Finding
from app.agreements.parts import RungPart, TierPart
from app.agreements.words import MEASURES
from app.languages import gettext as _


def findings(draft: Draft, around: Circumstances) -> Iterator[Finding]:
    """Every finding about the ladders of the tiers."""
    for tier in draft.document.tiers:
        if not tier.ladder and tier.targets:
            yield Finding(
                f"tiers.{tier.key}",
                _("Nobody is told when %(tier)s gets late", tier=tier.name),
                _("The tier has promises and no ladder: a promise would break in silence."),
            )
        for number, rung in enumerate(tier.ladder):
            path = draft.rung_path(tier.key, number)
            yield from _reached(path, tier, rung)
            yield from _meant(path, rung, draft, around)


def _reached(path: str, tier: TierPart, rung: RungPart) -> Iterator[Finding]:
    targets = [target for target in tier.targets if target.measure == rung.measure]
    name = MEASURES[rung.measure].label
    if not targets:
        yield Finding(
            path,
            _("A rung of %(tier)s is never reached", tier=tier.name),
            _("It stands on “%(measure)s”, and the tier promises none.", measure=name),
        )
    elif rung.offset_s is not None and rung.offset_s < 0:
        short = [target for target in targets if target.seconds <= -rung.offset_s]
        if short:
            least = min(short, key=lambda target: target.seconds)
            yield Finding(
                path,
                _("A rung of %(tier)s stands before the beginning", tier=tier.name),
                _(
                    "“%(measure)s” has a target of %(amount)s: so long before due its clock has "
                    "not begun. A share of the time, such as 75 %%, fits every target.",
                    measure=name,
                    amount=least.words,
                ),
            )
    yield from _confirmed_in_time(path, tier, rung)


def _confirmed_in_time(path: str, tier: TierPart, rung: RungPart) -> Iterator[Finding]:
    """Time to say "I am on it" that outlasts the whole promise."""
    targets = [target.seconds for target in tier.targets if target.measure == rung.measure]
    if rung.acknowledge_s is not None and targets and rung.acknowledge_s >= max(targets):
        yield Finding(
            path,
            _("A rung of %(tier)s waits longer than the promise lasts", tier=tier.name),
            _("“I am on it” may come after the whole time is over: the next would hear too late."),
        )


def _meant(path: str, rung: RungPart, draft: Draft, around: Circumstances) -> Iterator[Finding]:
    """Roles that mean nobody, as things stand today."""
    document = draft.document
    services = {part.key for part in document.services}
    teams = {around.team_of[key] for key in services if key in around.team_of}
    crews = {name: around.crews[name] for name in teams if name in around.crews}
    if "on_call" in rung.responsible:
        for name in sorted(name for name, crew in crews.items() if not crew.has_rota):
            yield Finding(
                path,
                _("%(team)s has nobody on call", team=name),
                _(
                    "A rung tells who is on call, and the team has no rota: substitutes, the lead "
                    "or a manager would be told instead. Plan a rota under “Teams and rotas”."
                ),
            )
    if "team_lead" in rung.responsible:
        for name in sorted(name for name, crew in crews.items() if not crew.has_lead):
            yield Finding(
                path,
                _("%(team)s has no lead", team=name),
                _("A rung tells the lead of the team: a manager would be told instead."),
            )
    if "service_owner" in rung.responsible:
        for key in sorted(services - around.owned):
            yield Finding(
                path,
                _("Nobody owns the service “%(service)s”", service=key),
                _("A rung tells the owner of the service: a manager would be told instead."),
            )
    if "client_contact" in rung.responsible and not around.has_client_contact:
        yield Finding(
            path,
            _("The client has named no contact"),
            _("A rung tells the contact of the client: nobody there would hear of it."),
        )
    for role in rung.responsible:
        address = role.removeprefix("person:")
        known = around.addresses is None or address in around.addresses
        if address != role and not known:
            yield Finding(
                path,
                _("Nobody here has the address %(address)s", address=address),
                _("A rung tells them by name: a manager would be told instead."),
            )
