"""Both parties are reminded of what binds them: in time, once, and whatever dies."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import outlook, terminating
from app.agreements.models import Agreement, AgreementVersion, TerminationKind
from app.agreements.terminating import End
from app.agreements.words import Party
from app.database import db, transaction
from app.notices.models import Notice
from app.obligations import meetings, preparing, reminding, reviews
from app.obligations.meetings import Meeting
from tests import cast as stage
from tests.agreements import bank
from tests.cast import Cast

CONTACTS = [
    bank.contact("provider", "jens.adler@halden.example"),
    bank.contact("client", "sigrid.moe@fjordbank.example"),
]


@pytest.fixture
def cast(app: Flask) -> Cast:
    return stage.assemble()


def run(at: datetime, *, dies: bool = False) -> None:
    """The jobs of a day; ``dies``: the worker is lost before it commits."""
    for job in (preparing, reminding):
        do = preparing.prepare if job is preparing else reminding.remind
        for agreement_id in job.due(at):
            try:
                with transaction():
                    do(agreement_id, lambda: at)
                    if dies:
                        raise KeyboardInterrupt
            except KeyboardInterrupt:
                db.session.rollback()


def days(first: date, last: date) -> Iterator[datetime]:
    """Noon of each day from ``first`` to ``last``, with both."""
    for passed in range((last - first).days + 1):
        on = first + timedelta(days=passed)
        yield datetime(on.year, on.month, on.day, 11, tzinfo=UTC)


def told(what: str, party: str = "client") -> list[tuple[date, int]]:
    """On which days the party's contact was told of it, and how many days before."""
    return [
        (notice.at.date(), notice.facts["days"])
        for notice in db.session.scalars(select(Notice).order_by(Notice.id))
        if notice.facts.get("what") == what and notice.facts["party"] == party
    ]


@pytest.mark.parametrize("party", list(Party))
def test_each_party_hears_of_notice_90_60_30_and_7_days_before(cast: Cast, party: Party):
    bank.signed(term=bank.term(), contacts=CONTACTS)

    for before in (91, 90, 89, 60, 59, 31, 30, 8, 7, 1, 0, -1):
        at = datetime(2026, 10, 2, 11, tzinfo=UTC) - timedelta(days=before)
        run(at)
        run(at)

    assert told("notice", party.value) == [
        (date(2026, 7, 4), 90),
        (date(2026, 8, 3), 60),
        (date(2026, 9, 2), 30),
        (date(2026, 9, 25), 7),
    ]


def test_a_worker_that_dies_before_it_commits_tells_nobody_and_then_once(cast: Cast):
    bank.signed(term=bank.term(), contacts=CONTACTS)
    at = datetime(2026, 7, 4, 11, tzinfo=UTC)

    run(at, dies=True)
    assert told("notice") == []
    run(at + timedelta(minutes=5))
    run(at + timedelta(minutes=10))

    assert told("notice") == [(date(2026, 7, 4), 90)]


def test_a_worker_that_was_down_for_two_months_reminds_once(cast: Cast):
    bank.signed(term=bank.term(), contacts=CONTACTS)

    run(datetime(2026, 9, 10, 11, tzinfo=UTC))

    assert told("notice") == [(date(2026, 9, 10), 22)]


def test_what_does_not_renew_itself_is_announced_and_its_end_told_once(cast: Cast):
    bank.signed(term=bank.term("none"), contacts=CONTACTS)

    for at in days(date(2026, 12, 1), date(2027, 1, 5)):
        run(at)

    assert told("end") == [(date(2026, 12, 1), 30), (date(2026, 12, 24), 7)]
    ended = db.session.scalars(select(Notice).where(Notice.kind == "agreement-ended")).all()
    assert [notice.at.date() for notice in ended] == [date(2027, 1, 1)] * 2
    assert ended[0].facts["covers"] == [["Halden standard service", 1]]
    assert ended[0].facts["how"] == "term"


def test_a_termination_ends_the_reminders_of_notice_and_begins_those_of_the_end(cast: Cast):
    version = bank.signed(term=bank.term(), contacts=CONTACTS)
    given_at = datetime(2026, 9, 20, 10, tzinfo=UTC)
    with transaction():
        terminating.terminate(
            db.session.get_one(Agreement, version.agreement_id),
            End(TerminationKind.NOTICE, "1.2", "", date(2026, 12, 31)),
            party=Party.PROVIDER,
            by=cast.jens,
            at=given_at,
        )

    for at in days(date(2026, 9, 21), date(2026, 12, 31)):
        run(at)

    assert told("notice") == []
    assert [before for _on, before in told("end")] == [90, 60, 30, 7]


def test_what_ended_before_it_was_recorded_here_is_no_news(cast: Cast):
    bank.signed(term=bank.term("none"), contacts=CONTACTS, at=datetime(2027, 3, 1, tzinfo=UTC))

    run(datetime(2027, 3, 2, 11, tzinfo=UTC))

    assert db.session.scalars(select(Notice)).all() == []


def test_reviews_are_due_each_quarter_and_reminded_of_until_one_is_arranged(cast: Cast):
    version = bank.signed(until=None, review={"every_months": 3}, contacts=CONTACTS)

    for at in days(date(2026, 2, 20), date(2026, 3, 10)):
        run(at)
    arrange(
        cast, version, datetime(2026, 4, 7, 8, tzinfo=UTC), at=datetime(2026, 3, 10, 12, tzinfo=UTC)
    )
    for at in days(date(2026, 3, 11), date(2026, 4, 30)):
        run(at)

    assert told("review") == [(date(2026, 3, 2), 30)]
    assert told("meeting") == [(date(2026, 4, 6), 1)]
    assert told("overdue") == [(date(2026, 4, 8), -1), (date(2026, 4, 21), -14)]


def test_the_next_review_is_prepared_once_the_last_was_held(cast: Cast):
    version = bank.signed(until=None, review={"every_months": 3}, contacts=CONTACTS)
    run(datetime(2026, 3, 1, 11, tzinfo=UTC))
    ahead = outlook.get(agreement_of(version))
    first = reviews.open_reviews([version.agreement_id])[version.agreement_id]
    at = datetime(2026, 4, 2, 11, tzinfo=UTC)
    with transaction():
        meetings.write(
            ahead, first, "All well.", seen=meetings.mark(first), party=Party.PROVIDER, by=cast.jens
        )
        meetings.hold(
            ahead,
            first,
            held_on=date(2026, 4, 2),
            attendees={Party.PROVIDER: ["Jens Adler"], Party.CLIENT: ["Sigrid Moe"]},
            party=Party.PROVIDER,
            by=cast.jens,
            at=at,
        )
    for day in days(date(2026, 4, 3), date(2026, 7, 1)):
        run(day)

    assert reviews.open_reviews([version.agreement_id])[version.agreement_id].due_on == date(
        2026, 7, 1
    )
    assert [b - a for a, b in pairwise([first.due_on, date(2026, 7, 1)])] == [timedelta(days=91)]


def arrange(cast: Cast, version: AgreementVersion, when: datetime, *, at: datetime) -> None:
    ahead = outlook.get(agreement_of(version))
    review = reviews.open_reviews([version.agreement_id])[version.agreement_id]
    meeting = Meeting(when, "Room 3", {Party.PROVIDER: ["Jens Adler"], Party.CLIENT: []})
    with transaction():
        meetings.arrange(ahead, review, meeting, party=Party.PROVIDER, by=cast.jens, at=at)


def agreement_of(version: AgreementVersion) -> Agreement:
    return db.session.get_one(Agreement, version.agreement_id)
