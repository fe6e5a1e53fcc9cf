"""What both parties say about the clauses of a proposed version, beside each clause."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.agreements import history, parties
from app.agreements.models import AgreementVersion
from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations import letters
from app.negotiations.models import ClauseComment
from app.negotiations.queries import Offer
from app.people.models import Person

LONGEST = 4000
WHOLE = ""
"""Said of the version as a whole."""


def comment(offer: Offer, *, clause: str, body: str, by: Person, at: datetime) -> ClauseComment:
    """Say ``body`` about a clause of a proposal that is open; the other negotiators are told.

    The same words twice in a row are one comment. Raises `Forbidden` for somebody of neither
    party, `Refusal` for a clause that there is none of, for no words and for too many.
    """
    party = parties.party_of(offer.agreement, by)
    if party is None:
        raise Forbidden(_("Only the parties comment on a proposal."))
    if not offer.is_open:
        raise Refusal(_("This proposal has been decided: nothing is added any more."))
    if clause != WHOLE and clause not in clauses_of(offer.version):
        raise Refusal(_("There is no clause “%(clause)s”.", clause=clause), field="clause")
    words = body.strip()
    if not words or len(words) > LONGEST:
        raise Refusal(_("Write something, of at most %(n)s characters.", n=LONGEST), field="body")
    newest = _newest(offer.version)
    if newest is not None and (newest.by_id, newest.clause, newest.body) == (by.id, clause, words):
        return newest
    made = ClauseComment(
        version_id=offer.version.id, clause=clause, body=words, party=party, by_id=by.id, at=at
    )
    db.session.add(made)
    db.session.flush()
    history.record(
        offer.agreement,
        "commented",
        by=by,
        at=at,
        party=party,
        version=offer.version,
        facts={"clause": clause},
    )
    letters.tell(
        letters.negotiators(offer.agreement, but=by),
        "agreement-commented",
        event=f"comment:{made.id}",
        at=at,
        facts=letters.commented(offer, by, clause=clause, body=words),
    )
    return made


def comments_on(version: AgreementVersion) -> dict[str, list[tuple[ClauseComment, Person]]]:
    """What was said, by clause, in the order in which it was said, with who said it."""
    query = (
        select(ClauseComment, Person)
        .join(Person, Person.id == ClauseComment.by_id)
        .where(ClauseComment.version_id == version.id)
        .order_by(ClauseComment.id)
    )
    found: dict[str, list[tuple[ClauseComment, Person]]] = {}
    for said, person in db.session.execute(query):
        found.setdefault(said.clause, []).append((said, person))
    return found


def clauses_of(version: AgreementVersion) -> Sequence[str]:
    """The numbers of a version's clauses, in their order."""
    return [clause["number"] for section in version.text for clause in section["clauses"]]


def _newest(version: AgreementVersion) -> ClauseComment | None:
    query = select(ClauseComment).where(ClauseComment.version_id == version.id)
    return db.session.scalar(query.order_by(ClauseComment.id.desc()).limit(1))
