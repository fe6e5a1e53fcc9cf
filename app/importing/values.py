"""What the value of an event may be, checked before a row is let in. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.catalogue.words import Kind, Priority
from app.importing.directory import Directory
from app.importing.events import (
    CORRECTED_KEYS,
    MEASURES,
    NO_SERVICE,
    REOPENERS,
    STATUSES,
    parts_of,
)

_PRIORITIES = frozenset(str(priority) for priority in Priority)
_KINDS = frozenset(str(kind) for kind in Kind)
MAX_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Opening:
    """The value of `opened`, with the ids of what it names."""

    priority: str
    kind: str
    organisation_id: int | None
    service_id: int | None
    subject: str
    measures: frozenset[str] | None
    team_id: int | None = None


def opening_of(value: str, directory: Directory) -> Opening:
    """What ``priority=…;kind=…;organisation=…;service=…;subject=…;measures=…`` says.

    What is left out: priority normal, kind incident, no organisation (the house agreement, or
    that of the requester), no service, no team, every measure. `ValueError` with a sentence for
    what does not exist.
    """
    parts = parts_of(value)
    return Opening(
        _one_of(_PRIORITIES, parts.get("priority") or "normal", "priority"),
        _one_of(_KINDS, parts.get("kind") or "incident", "kind"),
        directory.organisation_id(parts.get("organisation", "")),
        directory.service_id(parts.get("service", "")),
        " ".join(parts.get("subject", "").split())[:MAX_SUBJECT],
        _measures(parts.get("measures", "")),
        directory.team_id(parts.get("team", "")),
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """The value of `corrected`: what it does not name stays, which ``names`` tells apart."""

    names: frozenset[str]
    kind: str
    organisation_id: int | None
    service_id: int | None
    team_id: int | None = None


def correction_of(value: str, directory: Directory) -> Correction:
    """What ``kind=…;service=…;organisation=…;team=…`` says; ``service=none`` takes it away.

    `ValueError` with a sentence for what does not exist, and when nothing is named.
    """
    parts = parts_of(value, CORRECTED_KEYS)
    if not parts:
        raise ValueError("A correction names a kind, a service, an organisation or a team.")
    service, team = parts.get("service", ""), parts.get("team", "")
    return Correction(
        frozenset(parts),
        _one_of(_KINDS, parts["kind"], "kind") if "kind" in parts else "",
        directory.organisation_id(parts.get("organisation", "")),
        None if service == NO_SERVICE else directory.service_id(service),
        None if team == NO_SERVICE else directory.team_id(team),
    )


def check(event: str, value: str, directory: Directory) -> None:
    """Raise `ValueError` with a sentence when ``value`` makes no sense for ``event``."""
    checker = _CHECKS.get(event)
    if checker is not None:
        checker(value, directory)


def _one_of(known: frozenset[str], value: str, what: str) -> str:
    if value not in known:
        raise ValueError(f"{value!r} is no {what}; known are {', '.join(sorted(known))}.")
    return value


def _measures(value: str) -> frozenset[str] | None:
    if not value:
        return None
    return frozenset(
        _one_of(frozenset(MEASURES), name.strip(), "measure") for name in value.split(",")
    )


def _merged(value: str, directory: Directory) -> None:
    if not value:
        raise ValueError("The value is to name the ticket that it was merged into.")


def _reopened(value: str, directory: Directory) -> None:
    if value not in REOPENERS:
        raise ValueError(f"{value!r} reopens nothing; write requester or agent.")


def version_number_of(value: str) -> int:
    """The number of a version; `ValueError` with a sentence for what is none."""
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
        raise ValueError(f"{value!r} is no number of a version.")
    return int(value)


_CHECKS: Mapping[str, Callable[[str, Directory], object]] = {
    "opened": opening_of,
    "priority": lambda value, directory: _one_of(_PRIORITIES, value, "priority"),
    "corrected": correction_of,
    "version": lambda value, directory: version_number_of(value),
    "status": lambda value, directory: _one_of(STATUSES, value, "status"),
    "reopened": _reopened,
    "merged": _merged,
}
