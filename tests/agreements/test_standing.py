"""How versions stand: all of it follows from signatures, days and terminations."""

from datetime import UTC, date, datetime

from flask import Flask

from app.agreements import loading, standing
from app.agreements.loading import Loaded
from app.agreements.models import AgreementVersion
from app.agreements.standing import State
from app.database import transaction
from tests.unit.agreements.papers import client

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def load(first: date, last: date | None = None, *, is_signed: bool = True) -> Loaded:
    values = client(effective_from=first)
    if last is not None:
        values["agreement"]["effective_until"] = last
    if not is_signed:
        del values["signatures"]
    with transaction():
        return loading.load(values, at=AT)


def states(loaded: Loaded, at: datetime = AT) -> list[State]:
    return [one.state for one in standing.of(loaded.agreement, at=at)]


def test_the_newest_that_has_begun_is_in_force(app: Flask):
    load(date(2026, 1, 1))
    load(date(2026, 2, 1))
    newest = load(date(2026, 4, 1))

    assert states(newest) == [State.TO_COME, State.IN_FORCE, State.SUPERSEDED]


def test_what_nobody_signed_is_proposed_until_it_is_given_up(app: Flask):
    load(date(2026, 1, 1))
    proposed = load(date(2026, 5, 1), is_signed=False)
    assert states(proposed) == [State.PROPOSED, State.IN_FORCE]

    with transaction():
        proposed.version.withdrawn_at = AT

    assert states(proposed) == [State.WITHDRAWN, State.IN_FORCE]


def test_a_version_expires_with_its_last_day(app: Flask):
    only = load(date(2026, 1, 1), date(2026, 2, 28))

    assert states(only) == [State.EXPIRED]


def test_the_agreements_page_shows_what_holds_before_what_is_proposed(app: Flask):
    held = load(date(2026, 1, 1))
    load(date(2026, 5, 1), is_signed=False)

    shown = standing.shown(standing.of(held.agreement, at=AT))

    assert shown is not None
    assert shown.version.number == held.version.number


def test_a_further_term_shows_the_signatures_of_what_it_renews(app: Flask):
    first = load(date(2026, 1, 1), date(2026, 6, 30))
    second = load(date(2026, 7, 1), date(2026, 12, 31), is_signed=False)
    with transaction():
        renewed: AgreementVersion = second.version
        renewed.renews_id = first.version.id

    newest = standing.of(first.agreement, at=datetime(2026, 8, 1, tzinfo=UTC))[0]

    assert (newest.state, [one.name for one in newest.signatures]) == (
        State.IN_FORCE,
        ["Jens Adler", "Sigrid Moe"],
    )
