"""A ticket's history in words."""

from datetime import UTC, datetime

from app.desk import story
from app.tickets.models import HistoryEntry

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


def entry(verb: str, **facts) -> HistoryEntry:
    return HistoryEntry(ticket_id=1, at=AT, verb=verb, facts=facts)


def untold(place: str, cause: str = "an answer") -> HistoryEntry:
    return entry("not-told", words=f"{place} not told: {cause} came first")


def test_rungs_in_a_row_that_nobody_was_told_of_are_one_line():
    newest_first = [
        entry("replied", then="send"),
        untold("90 % of resolution"),
        untold("75 % of resolution"),
        untold("100 % of first response"),
        entry("noted"),
        untold("50 % of resolution", cause="waiting"),
    ]

    assert [line.words for line in story.told(newest_first)] == [
        "Pledge answered",
        "75 %, 90 % of resolution; 100 % of first response not told: an answer came first",
        "Pledge wrote a note",
        "50 % of resolution not told: waiting came first",
    ]
