"""One version of an agreement with all that its page shows, for somebody who may read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.agreements import deadlines, loading, outlook, parties, standing, stored
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.outlook import Outlook
from app.agreements.parts import Document, ServicePart
from app.agreements.standing import Standing, State
from app.agreements.words import Party
from app.catalogue import queries as catalogue
from app.errors import NotFound
from app.negotiations import queries as negotiations
from app.obligations import reviews
from app.papers import conditions, paper
from app.papers.paper import Paper
from app.people.models import Person

SHOWN = 5
"""Versions with a link of their own at the top; the page of differences names all."""


@dataclass(frozen=True)
class Volume:
    """A version laid out, with how it and all the others stand.

    `before` is the signed version that it changed; `is_shown` says that it is the one which the
    agreement's own page shows.
    """

    agreement: Agreement
    party: Party
    names: Mapping[Party, str]
    standings: Sequence[Standing]
    standing: Standing
    document: Document
    paper: Paper
    services: Mapping[str, str]
    before: AgreementVersion | None
    is_shown: bool
    ends_on: date | None
    notice_by: date | None
    notice_in: int
    review_on: date | None
    renewal: str
    is_terminated: bool
    people: Sequence[conditions.Contact]
    today: date
    may_write: bool
    proposed: int | None

    @property
    def version(self) -> AgreementVersion:
        """The version itself."""
        return self.standing.version

    @property
    def standings_shown(self) -> list[Standing]:
        """The newest versions and the one that is read, the oldest first."""
        newest = self.standings[:SHOWN]
        older = [self.standing] if self.standing not in newest else []
        return [*older, *reversed(newest)]

    @property
    def client(self) -> str:
        """The client's name; empty in the house agreement."""
        return self.names.get(Party.CLIENT, "")

    @property
    def with_whom(self) -> str:
        """The other party's name, as the reader sees it; empty in the house agreement."""
        return self.names[Party.PROVIDER] if self.party is Party.CLIENT else self.client

    @property
    def number_before(self) -> int:
        """The number of the version that it is compared with: the signed one before it."""
        if self.before is not None:
            return self.before.number
        return min(one.version.number for one in self.standings)

    @property
    def digest_now(self) -> str:
        """The digest of the version as it is stored now."""
        return loading.digest_of(self.version.source)

    @property
    def is_intact(self) -> bool:
        """Whether the version still has the digest that was signed."""
        return self.digest_now == self.version.digest and all(
            one.digest == self.version.digest or self.version.renews_id
            for one in self.standing.signatures
        )


def volume(key: str, number: int | None, *, seen_by: Person, at: datetime) -> Volume:
    """Version ``number`` of the agreement with this key; without one that which holds.

    Raises `NotFound` for what there is not and for what the person may not read.
    """
    agreement, party = parties.readable(key, seen_by=seen_by)
    standings = standing.of(agreement, at=at)
    shown = standing.shown(standings)
    found = shown if number is None else _numbered(standings, number)
    if found is None:
        raise NotFound("There is no such version.")
    document = stored.document_of(found.version)
    quoted = [
        ServicePart(one.key, one.name, one.description, "")
        for one in catalogue.services()
        if not document.services
    ]
    before = _before(standings, found)
    forward = outlook.find(agreement) if found.state is State.IN_FORCE else None
    ended = forward.termination if forward else None
    today = deadlines.today(at, agreement.zone)
    notice_by = forward.notice_by if forward else None
    return Volume(
        agreement=agreement,
        party=party,
        names=parties.names(agreement),
        standings=standings,
        standing=found,
        document=document,
        paper=paper.lay_out(
            document,
            services=quoted,
            before=stored.document_of(before) if before is not None else None,
        ),
        services={one.key: one.name for one in catalogue.services()},
        before=before,
        is_shown=found is shown,
        ends_on=ended.effective_on if ended else found.version.effective_until,
        notice_by=notice_by,
        notice_in=(notice_by - today).days if notice_by else 0,
        review_on=_review_on(forward) if forward else None,
        renewal=conditions.renewal(document.term) if document.term and not ended else "",
        is_terminated=ended is not None,
        people=[one for one in conditions.contacts(document.contacts) if one.turn == 1],
        today=today,
        may_write=parties.may_write(agreement, seen_by, party),
        proposed=_proposed(agreement, standings),
    )


def _proposed(agreement: Agreement, standings: Sequence[Standing]) -> int | None:
    """The number of the version whose proposal is open."""
    proposal = negotiations.open_proposal(agreement)
    numbers = {one.version.id: one.version.number for one in standings}
    return numbers.get(proposal.version_id) if proposal else None


def _review_on(forward: Outlook) -> date | None:
    """The day of the next review: on which both meet, else on which it is due."""
    agreement = forward.agreement
    opened = reviews.open_reviews([agreement.id]).get(agreement.id)
    if opened is None:
        return reviews.next_due(forward, reviews.last_held([agreement.id]).get(agreement.id))
    if opened.meeting_at is not None:
        return deadlines.today(opened.meeting_at, agreement.zone)
    return opened.due_on


def _numbered(standings: Sequence[Standing], number: int) -> Standing | None:
    return next((one for one in standings if one.version.number == number), None)


def _before(standings: Sequence[Standing], found: Standing) -> AgreementVersion | None:
    """The newest signed version with a lower number."""
    signed = (one for one in standings if one.starts_at is not None)
    older = (one for one in signed if one.version.number < found.version.number)
    return next((one.version for one in older), None)
