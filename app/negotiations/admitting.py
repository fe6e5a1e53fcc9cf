"""What keeps a proposal from being made: who it speaks of, what stands, when it is to hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.agreements import amending, days
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.parts import Document
from app.catalogue.models import Service
from app.database import db
from app.errors import Conflict, Refusal
from app.languages import gettext as _
from app.negotiations import queries
from app.negotiations.queries import Offer
from app.people.models import Organisation, OrganisationDomain, Person, Team


@dataclass(frozen=True)
class Stand:
    """What a proposal meets: the agreement if it is there, what is signed, what is open."""

    agreement: Agreement | None
    newest: AgreementVersion | None = None
    open: Offer | None = None


def head(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table ``[agreement]`` of a parsed file; empty where there is none."""
    found = values.get("agreement")
    return found if isinstance(found, Mapping) else {}


def refuse_others(values: Mapping[str, Any], by: Person) -> None:
    """A client writes of itself and the provider: of others it learns nothing by trying."""
    own = db.session.get_one(Organisation, by.organisation_id).name
    client, provider = (str(head(values).get(key)) for key in ("client", "provider"))
    mine = (
        select(OrganisationDomain.domain, Organisation.name)
        .join(Organisation, Organisation.id == OrganisationDomain.organisation_id)
        .where(Organisation.name.in_((own, provider)))
    )
    domains = {tuple(row) for row in db.session.execute(mine)}
    rows = [row for row in values.get("organisations") or () if isinstance(row, Mapping)]
    named = {str(row.get("name")) for row in rows}
    brought = {
        (str(domain).lower(), str(row.get("name")))
        for row in rows
        for domain in row.get("domains") or ()
    }
    if client != own or named - {own, provider} or brought - domains:
        raise Refusal(_("Your agreement is between %(client)s and the provider alone.", client=own))


def refuse_foreign(document: Document) -> None:
    """A client brings along no services or teams: those are the provider's."""
    services = set(db.session.scalars(select(Service.key)))
    teams = set(db.session.scalars(select(Team.name)))
    moved_to = {
        action["to"]
        for tier in document.tiers
        for rung in tier.ladder
        for action in rung.actions
        if action["do"] == "move"
    }
    strange = [
        *(part.key for part in document.services if part.key not in services),
        *sorted(moved_to - teams),
    ]
    if strange:
        raise Refusal(
            _(
                "The provider does not know “%(name)s” yet: ask it to add this first.",
                name=strange[0],
            )
        )


def refuse_outdated(stand: Stand, base_version_id: int | None, counters_id: int | None) -> None:
    """Raise `Conflict` where something was signed or proposed since the draft was begun."""
    newest, found = stand.newest, stand.open
    is_counter = found is not None and found.proposal.id == counters_id
    begun_from = None if is_counter else base_version_id
    if begun_from is not None and (newest is None or newest.id != begun_from):
        number = newest.number if newest is not None else "?"
        raise Conflict(_("Version %(n)s was signed meanwhile: begin from that one.", n=number))
    if found is not None and found.proposal.id != counters_id:
        raise Conflict(
            _(
                "Version %(n)s is proposed already: sign it, counter it or reject it first.",
                n=found.version.number,
            )
        )
    if found is None and counters_id is not None:
        raise Conflict(_("What this was to take the place of has been decided meanwhile."))


def refuse_same(stand: Stand, digest: str) -> None:
    """Nobody proposes word for word what stands."""
    versions = [stand.newest, stand.open.version if stand.open is not None else None]
    for version in versions:
        if version is not None and version.digest == digest:
            raise Refusal(
                _("Nothing is another way: this is version %(n)s, word for word.", n=version.number)
            )


def refuse_day(stand: Stand, document: Document, check_on: date | None, at: datetime) -> None:
    """Raise `Refusal` for a day that is not ahead, or a check before it."""
    agreement = stand.agreement or Agreement(zone=document.zone)
    first = amending.tomorrow(agreement, at)
    if stand.newest is not None:
        first = max(first, stand.newest.effective_from)
    if document.effective_from < first:
        raise Refusal(
            _(
                "A version takes effect in the future: choose %(day)s or later.",
                day=days.in_words(first),
            ),
            field="effective_from",
        )
    ends_on = queries.ends_on(agreement) if stand.agreement is not None else None
    if ends_on is not None and document.effective_from > ends_on:
        raise Refusal(
            _("The agreement was terminated and ends on %(day)s.", day=days.in_words(ends_on)),
            field="effective_from",
        )
    if check_on is not None and check_on <= document.effective_from:
        raise Refusal(
            _("Check what came of it after it has taken effect, not before."), field="check_on"
        )
