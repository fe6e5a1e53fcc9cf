"""What the feasibility linter says, and what it has to know of those who are to keep it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.agreements.parts import Document


@dataclass(frozen=True)
class Finding:
    """Something that both parties may want to look at again before they sign.

    ``path`` is where it stands, as mistakes of a file name it: "tiers.gold.targets[2]".
    ``words`` say what follows from it, and what could be done.
    """

    path: str
    title: str
    words: str


@dataclass(frozen=True)
class Crew:
    """A team that is to keep the promises. ``gaps`` are the stretches of the sample week without
    anybody on call, and mean nothing where the team has no rota."""

    has_lead: bool
    has_rota: bool
    gaps: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True)
class Circumstances:
    """What there is, besides the document: teams by name, the team and owner of each service by
    its key, what nobody in a service's team is qualified in, whom the client named, who may sign,
    and the addresses of named contacts who may not read what they are told of.

    ``week`` is the sample week that the gaps of rotas lie in.
    """

    today: date
    week: tuple[datetime, datetime]
    crews: Mapping[str, Crew] = field(default_factory=dict)
    team_of: Mapping[str, str] = field(default_factory=dict)
    owned: frozenset[str] = frozenset()
    unqualified: Mapping[str, Sequence[str]] = field(default_factory=dict)
    has_client_contact: bool = True
    cannot_sign: Sequence[str] = ()
    cannot_read: frozenset[str] = frozenset()
    addresses: frozenset[str] | None = None


@dataclass(frozen=True)
class Draft:
    """A document with the places of its rows: a row of the file may stand for several."""

    document: Document
    targets: Mapping[str, Sequence[str]]
    rungs: Mapping[str, Sequence[str]]

    def target_path(self, tier: str, number: int) -> str:
        """Where the target stands that is the ``number``-th of its tier."""
        return _nth(self.targets.get(tier, ()), number, tier)

    def rung_path(self, tier: str, number: int) -> str:
        """Where the rung stands that is the ``number``-th of its tier."""
        return _nth(self.rungs.get(tier, ()), number, tier)


def placed(document: Document, values: Mapping[str, Any]) -> Draft:
    """The document with the places in ``values`` from which its targets and rungs come.

    Where they cannot be told apart, because of mistakes, the tier is the place.
    """
    targets: dict[str, list[str]] = {}
    rungs: dict[str, list[str]] = {}
    for tier in _rows(values.get("tiers")):
        key = str(tier.get("key"))
        targets[key] = [
            f"tiers.{key}.targets[{number}]"
            for number, row in enumerate(_rows(tier.get("targets")))
            for _cell in range(_cells(row))
        ]
        rungs[key] = [
            f"tiers.{key}.ladder[{number}]"
            for number, row in enumerate(_rows(tier.get("ladder")))
            for _measure in range(_measures(row))
        ]
    for part in document.tiers:
        if len(part.targets) != len(targets.get(part.key, ())):
            targets.pop(part.key, None)
        if len(part.ladder) != len(rungs.get(part.key, ())):
            rungs.pop(part.key, None)
    return Draft(document, targets, rungs)


def _cells(row: Mapping[str, Any]) -> int:
    within = row.get("within")
    return len(within) if isinstance(within, Mapping) else 1


def _measures(row: Mapping[str, Any]) -> int:
    measure = row.get("measure")
    return len(measure) if isinstance(measure, list) else 1


def _rows(found: Any) -> list[Mapping[str, Any]]:
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _nth(paths: Sequence[str], number: int, tier: str) -> str:
    return paths[number] if number < len(paths) else f"tiers.{tier}"
