"""Which promise holds: by signature, by date, by coverage, by the first target that matches."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.agreements import choosing, loading
from app.agreements.models import Agreement
from app.agreements.terms import Terms
from app.catalogue.models import Service
from app.database import db, transaction
from app.errors import Refusal
from app.people.models import Organisation
from tests.unit.agreements.papers import client, house, targets

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def load(*documents: dict[str, Any]) -> list[loading.Loaded]:
    with transaction():
        return [loading.load(values, at=AT) for values in documents]


def organisation(name: str) -> int | None:
    return db.session.scalar(select(Organisation.id).where(Organisation.name == name))


def service(key: str | None) -> int | None:
    return db.session.scalar(select(Service.id).where(Service.key == key))


def choose(
    who: str = "Fjordbank",
    *,
    of: str | None = None,
    priority: str = "normal",
    kind: str = "incident",
    at: datetime = AT,
) -> Terms:
    return choosing.choose(
        organisation_id=organisation(who),
        service_id=service(of),
        priority=priority,
        kind=kind,
        at=at,
    )


def with_tiers(values: dict[str, Any], **hours: str) -> dict[str, Any]:
    """The agreement with a tier per keyword, each resolving within its hours."""
    values["tiers"] = [
        {
            "key": key,
            "calendar": "office",
            "targets": targets(f'measure = "resolution"; within = "{within}"'),
        }
        for key, within in hours.items()
    ]
    return values


def test_a_client_is_under_its_own_agreement_and_everybody_else_under_the_houses(app: Flask):
    load(house(), client())

    assert choose("Fjordbank").agreement_title == "Bank service"
    assert choose("Halden").agreement_title == "Standard service"


def test_without_a_house_agreement_a_stranger_is_refused(app: Flask):
    load(client())

    with pytest.raises(Refusal, match="No agreement covers this request"):
        choose("Halden")


@pytest.mark.parametrize("missing", ["provider", "client"])
def test_a_version_is_not_in_force_until_both_have_signed(app: Flask, missing: str):
    values = client()
    del values["signatures"][missing]
    load(house(), values)

    assert choose("Fjordbank").agreement_title == "Standard service"


def test_an_unsigned_house_agreement_is_not_in_force(app: Flask):
    values = house()
    del values["signatures"]
    load(values)

    with pytest.raises(Refusal):
        choose("Halden")


def test_a_version_begins_at_midnight_in_the_agreements_zone(app: Flask):
    load(house(), house(effective_from=date(2026, 7, 1)))
    midnight = datetime(2026, 6, 30, 22, tzinfo=UTC)  # 00:00 in Berlin, in summer

    assert choose("Halden", at=midnight - SECOND).version_number == 1
    assert choose("Halden", at=midnight).version_number == 2


def test_a_draft_of_the_next_version_changes_nothing(app: Flask):
    draft = house(effective_from=date(2026, 2, 1))
    del draft["signatures"]
    load(house(), draft)

    assert choose("Halden").version_number == 1


def test_of_the_versions_that_have_begun_the_highest_number_holds(app: Flask):
    load(house(effective_from=date(2026, 2, 1)), house(effective_from=date(2026, 1, 15)))

    assert choose("Halden").version_number == 2


def test_after_its_last_day_an_agreement_leaves_its_client_to_the_house(app: Flask):
    load(house(), client(), client(effective_until=date(2026, 6, 30)))
    midnight = datetime(2026, 6, 30, 22, tzinfo=UTC)

    assert choose("Fjordbank", at=midnight - SECOND).agreement_title == "Bank service"
    assert choose("Fjordbank", at=midnight).agreement_title == "Standard service"


def test_a_version_that_no_longer_covers_a_service_does_not_leave_it_to_the_one_before(app: Flask):
    narrower = client()
    narrower["coverage"] = [{"service": "vpn", "tier": "standard"}]
    load(house(), client(), narrower)

    assert choose("Fjordbank", of="vpn").version_number == 2
    assert choose("Fjordbank", of="print").agreement_title == "Standard service"


def test_coverage_asks_for_both_then_organisation_then_service_then_any(app: Flask):
    values = with_tiers(house(), both="1 h", organisation="2 h", service="3 h", any="4 h")
    values["coverage"] = [
        {"tier": "any"},
        {"service": "vpn", "tier": "service"},
        {"organisation": "Fjordbank", "tier": "organisation"},
        {"organisation": "Fjordbank", "service": "vpn", "tier": "both"},
    ]
    load(values)

    assert choose("Fjordbank", of="vpn").tier_name == "Both"
    assert choose("Fjordbank", of="print").tier_name == "Organisation"
    assert choose("Halden", of="vpn").tier_name == "Service"
    assert choose("Halden").tier_name == "Any"


def test_the_first_target_that_matches_holds_and_says_why(app: Flask):
    values = house()
    values["tiers"][0]["targets"] = targets(
        'measure = "resolution"; kind = "incident"; service = "vpn"; within = "1 h"',
        'measure = "resolution"; kind = "incident"; priority = "high"; within = "2 h"',
        'measure = "resolution"; within = { high = "3 h", normal = "4 h" }',
        'measure = "resolution"; kind = "question"; within = "5 h"',
        'measure = "first_response"; priority = "urgent"; within = "6 h"',
    )
    load(values)

    def because(**asked: Any) -> str | None:
        target = choose("Halden", **asked).targets.get("resolution")
        return target and target.because

    assert because(of="vpn", priority="high") == (
        "rule 1 of Standard: kind incident, service VPN; § 1.1"
    )
    assert because(of="print", priority="high") == (
        "rule 2 of Standard: priority high, kind incident; § 1.1"
    )
    assert because(kind="request", priority="high") == "rule 3 of Standard: priority high; § 1.1"
    assert because(kind="question", priority="normal") == (
        "rule 4 of Standard: priority normal; § 1.1"
    )
    assert because(kind="question", priority="low") == "rule 5 of Standard: kind question; § 1.1"
    assert because(kind="request", priority="low") is None
    assert set(choose("Halden", kind="request", priority="urgent").targets) == {"first_response"}


def test_a_pinned_version_answers_after_the_next_has_begun(app: Flask):
    first, _ = load(house(), house(effective_from=date(2026, 2, 1)))

    terms = choosing.terms_of(
        first.version.id,
        organisation_id=organisation("Fjordbank"),
        service_id=None,
        priority="low",
        kind="question",
    )

    assert (choose().version_number, terms.version_number) == (2, 1)


def test_what_is_in_force_for_a_client_names_its_own_before_the_houses(app: Flask):
    both = load(house(), client())

    found = choosing.in_force(organisation("Fjordbank"), AT)

    assert [held.version_id for held in found] == [one.version.id for one in reversed(both)]


def test_choosing_leaves_the_sessions_rows_alone(app: Flask):
    loaded = load(house())[0]
    agreement = db.session.get_one(Agreement, loaded.agreement.id)

    choose("Halden")

    assert agreement in db.session


def test_a_book_is_read_once_for_any_number_of_tickets(app: Flask):
    load(house(), client())
    book = choosing.Book()
    asked = dict(
        organisation_id=organisation("Fjordbank"), service_id=None, priority="low", kind="incident"
    )
    book.choose(**asked, at=AT)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    for minute in range(1000):
        book.choose(**asked, at=AT + timedelta(minutes=minute))

    assert statements == []
