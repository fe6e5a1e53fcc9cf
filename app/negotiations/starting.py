"""How a draft begins: from a preset, a file, the version in force, or somebody's proposal."""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements import amending, choosing, loading, parties
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.negotiations import admissible, drafts, structure
from app.negotiations.models import Draft, Proposal
from app.negotiations.writers import Seat
from app.people import grants
from app.people import queries as people
from app.people.models import GrantKind, Organisation, Person

PRESETS = loading.PRESETS / "starting"
LEAD = timedelta(days=14)
"""A first agreement begins with a month, but leaves so much time to be read and signed."""
GRANTED = {
    "signatory": (GrantKind.SIGNATORY,),
    "service level manager": (GrantKind.AGREEMENT_EDITOR, GrantKind.CONTACT),
    "communication": (GrantKind.CONTACT, GrantKind.AGREEMENT_EDITOR),
}
"""Whose grant names them for a role of a preset."""


@dataclass(frozen=True)
class Preset:
    """A complete agreement to start from; ``about`` says for whom it is and what it promises."""

    key: str
    title: str
    about: str
    tiers: tuple[str, ...]
    values: Mapping[str, Any]


@cache
def presets() -> tuple[Preset, ...]:
    """The agreements to start from, in the order of their files."""
    return tuple(_preset(path.stem, path.read_text("utf-8")) for path in sorted(PRESETS.glob("*")))


def preset(key: str) -> Preset:
    """The preset of this key; raises `NotFound`."""
    for one in presets():
        if one.key == key:
            return one
    raise NotFound("There is no such preset.")


def from_preset(key: str, *, client: Organisation | None, by: Person, at: datetime) -> Draft:
    """A draft of a new agreement after a preset, between the provider and ``client``.

    An editor of a client writes for their own organisation, whatever ``client`` is. Raises
    `Refusal` where the provider names nobody.
    """
    seat = drafts.seat(by)
    provider, client = _parties(seat, client)
    values = copy.deepcopy(dict(preset(key).values))
    _between(values, provider, client, at)
    _name_contacts(values, provider, client)
    return _add(drafts.plain(values), seat, by=by, at=at)


def from_version(
    agreement: Agreement, *, by: Person, at: datetime, version: AgreementVersion | None = None
) -> Draft:
    """A draft of the next version of an agreement, beginning as its newest signed one.

    Raises `Forbidden` for those who do not write for a party of it, `NotFound` where it has no
    signed version (and ``version`` names none).
    """
    party = _side(agreement, by)
    base = version or amending.newest_version(agreement)
    values = amending.continued(base)
    first = max(next_month(at, agreement.zone), base.effective_from)
    values["agreement"]["effective_from"] = first
    return _add(
        drafts.plain(values),
        drafts.seat(by),
        by=by,
        at=at,
        agreement=agreement,
        base_version_id=base.id,
        party=party,
    )


def counter(proposal: Proposal, *, by: Person, at: datetime) -> Draft:
    """A draft that answers a proposal, beginning as what was proposed.

    Raises `Forbidden` for those who do not write for a party of the agreement.
    """
    agreement = db.session.get_one(Agreement, proposal.agreement_id)
    version = db.session.get_one(AgreementVersion, proposal.version_id)
    draft = _add(
        drafts.plain(version.source),
        drafts.seat(by),
        by=by,
        at=at,
        agreement=agreement,
        base_version_id=proposal.base_version_id,
        party=_side(agreement, by),
    )
    draft.counters_id = proposal.id
    db.session.flush()
    return draft


def from_file(text: str, *, by: Person, at: datetime) -> Draft:
    """A draft of what a TOML file says; of the next version where its key is an agreement's.

    Raises `Refusal` for what is no TOML file.
    """
    seat = drafts.seat(by)
    values = drafts.plain(parsed(text))
    head = values.setdefault("agreement", {})
    key = str(head.get("key", "")) if isinstance(head, dict) else ""
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == key)) if key else None
    if agreement is not None and not _writes(agreement, by):
        agreement = None
        head["key"] = _free_key(key)
    if agreement is None and seat.party is Party.CLIENT and isinstance(head, dict):
        provider, client = _parties(seat, None)
        head |= {"provider": provider.name, "client": client.name}
    base = _newest_id(agreement)
    return _add(values, seat, by=by, at=at, agreement=agreement, base_version_id=base)


def read_into(draft: Draft, text: str, *, revision: int, by: Person, at: datetime) -> None:
    """Let the draft say what a TOML file says; whose agreement it is stays.

    Raises `Refusal` for what is no TOML file, `Conflict` when it was saved since ``revision``.
    """
    values = drafts.plain(parsed(text))
    head = values.setdefault("agreement", {})
    was = draft.values.get("agreement", {})
    if not isinstance(head, dict):
        raise Refusal(_("The file has no table [agreement]."))
    if draft.agreement_id is not None or draft.party is Party.CLIENT:
        head |= {key: was[key] for key in ("key", "provider", "client") if key in was}
    drafts.replace(draft, values, revision=revision, by=by, at=at)


def parsed(text: str) -> dict[str, Any]:
    """What a TOML file says; raises `Refusal` for the line that is no TOML, and for what has not
    the shape of an agreement."""
    try:
        values = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as mistake:
        raise Refusal(
            _("This is no TOML file: %(mistake)s", mistake=str(mistake)), field="file"
        ) from None
    wrong = admissible.mistakes(values)
    if wrong:
        raise Refusal(" ".join(wrong), field="file")
    return values


def next_month(at: datetime, zone: str) -> date:
    """The first day of a month that is at least `LEAD` away, in ``zone``."""
    first = at.astimezone(ZoneInfo(zone)).date() + LEAD
    return first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _preset(key: str, text: str) -> Preset:
    """A file of presets: what it says of itself stands in the comment at its head."""
    values = tomllib.loads(text)
    about = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        about.append(line.removeprefix("#").strip())
    tiers = tuple(str(tier["name"]) for tier in values["tiers"])
    return Preset(key, str(values["agreement"]["title"]), " ".join(about), tiers, values)


def _parties(seat: Seat, client: Organisation | None) -> tuple[Organisation, Organisation]:
    own = db.session.get_one(Organisation, seat.organisation_id)
    if seat.party is Party.CLIENT:
        provider = people.provider()
        if provider is None:
            raise Refusal(_("There is no provider yet."))
        return provider, own
    if client is None or client.is_provider:
        raise Refusal(_("With whom is the agreement? Choose a client."), field="client")
    return own, client


def _between(
    values: dict[str, Any], provider: Organisation, client: Organisation, at: datetime
) -> None:
    """Put the parties and the days where the preset leaves their place."""
    for key in ("organisations", "signatures"):
        values.pop(key, None)
    head = values["agreement"]
    first = next_month(at, client.zone)
    head["key"] = _free_key(f"{client.name} {head['key']}")
    head |= {"provider": provider.name, "client": client.name, "zone": client.zone}
    head["effective_from"] = first
    head["effective_until"] = first.replace(year=first.year + 1) - timedelta(days=1)
    for row in values.get("coverage", ()):
        if row.get("organisation"):
            row["organisation"] = client.name


def _name_contacts(values: dict[str, Any], provider: Organisation, client: Organisation) -> None:
    """Whoever signs and writes for a party is its contact; other roles are left to be filled."""
    organisations = {Party.PROVIDER: provider, Party.CLIENT: client}
    for row in values.get("contacts", ()):
        kinds = GRANTED.get(row["role"], ())
        named = [
            person
            for kind in kinds
            for person in grants.holders(organisations[Party(row["party"])].id, kind)
            if person.address
        ]
        row.pop("name", None)
        row.pop("address", None)
        if named:
            row |= {"name": named[0].name, "address": named[0].address}


def _side(agreement: Agreement, person: Person) -> Party:
    for party in Party:
        if parties.may_write(agreement, person, party):
            return party
    raise Forbidden(_("Only agreement editors of its parties write this agreement."))


def _writes(agreement: Agreement, person: Person) -> bool:
    return any(parties.may_write(agreement, person, party) for party in Party)


def _free_key(wanted: str) -> str:
    taken = set(db.session.scalars(select(Agreement.key)))
    return structure.key_of(wanted, dict.fromkeys(taken))


def _newest_id(agreement: Agreement | None) -> int | None:
    if agreement is None:
        return None
    held = [one for one in choosing.signed_versions() if one.agreement_id == agreement.id]
    return held[0].version_id if held else None


def _add(
    values: Mapping[str, Any],
    seat: Seat,
    *,
    by: Person,
    at: datetime,
    agreement: Agreement | None = None,
    base_version_id: int | None = None,
    party: Party | None = None,
) -> Draft:
    draft = Draft(
        agreement_id=agreement.id if agreement else None,
        base_version_id=base_version_id,
        party=party or seat.party,
        organisation_id=seat.organisation_id,
        values=dict(values),
        made_by_id=by.id,
        made_at=at,
        changed_by_id=by.id,
        changed_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    return draft
