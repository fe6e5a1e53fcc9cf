"""What could be searched for instead where words found nothing: beginnings, spellings, names.

It is asked only then, by some dozen statements at most, each no further than the count is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.database import db
from app.fulltext.words import words_of
from app.tickets.search import listing, rewriting, searching, suggesting
from app.tickets.search.searching import SHORTEST, Search
from app.tickets.search.terms import Mistake, quoted

MOST_NAMES = 2
MOST_ALONE = 3
LONGEST_NAME = 4
"""Words of a name at most."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A line to search for, and how many tickets it finds, counted up to `listing.CAP`."""

    line: str
    count: int


def instead(search: Search, *, zone: str, at: datetime) -> Sequence[Offer]:
    """Lines like that of ``search`` which find something its reader may see.

    People and organisations come first, then words as beginnings or spelled otherwise, and where
    these together find nothing either one word after the other.
    """
    if not search.sought.phrases:
        return ()

    def found(lines: Iterator[str]) -> list[Offer]:
        offers = (_offer(line, search, zone=zone, at=at) for line in dict.fromkeys(lines))
        return [offer for offer in offers if offer.count]

    together = found(others(search.line))
    alone = [] if together else found(_alone(search.line))
    return [*found(_names(search)), *together, *alone]


def others(line: str) -> Iterator[str]:
    """Its words as beginnings, then spelled with umlauts or without, where that differs."""
    for other in dict.fromkeys((rewriting.begun(line), rewriting.respelled(line))):
        if other != line:
            yield other


def _alone(line: str) -> Iterator[str]:
    yield from list(rewriting.each_alone(line))[:MOST_ALONE]


def _names(search: Search) -> Iterator[str]:
    """Fields that name a visible person or organisation with the words of the line."""
    said = rewriting.words(search.line)
    known = words_of(said)
    if len("".join(known)) < SHORTEST or len(known) > LONGEST_NAME:
        return
    people = suggesting.requesters(said, search.sight).limit(MOST_NAMES)
    organisations = suggesting.organisations(said, search.sight).limit(MOST_NAMES)
    for field, query in (("from", people), ("org", organisations)):
        for name, _key in db.session.execute(query):
            yield rewriting.with_field(search.line, f"{field}:{quoted(name)}")


def _offer(line: str, search: Search, *, zone: str, at: datetime) -> Offer:
    try:
        other = searching.understand(line, search.sight, zone=zone, at=at)
    except Mistake:
        return Offer(line, 0)
    return Offer(line, listing.count(other))
