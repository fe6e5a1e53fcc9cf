"""Agreement files in the database: once, in versions, signed, and by command."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import wallclock
from app.agreements import choosing, loading
from app.agreements.models import AgreementVersion, Signature, Target, Tier
from app.agreements.reading import AgreementErrors
from app.calendars.models import CalendarVersion
from app.catalogue.models import RequestType, Service
from app.database import Base, db, transaction
from app.people.models import Organisation
from tests.unit.agreements.papers import client, house

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "docs/examples/servicenow-agreement.toml"


def load(values: dict[str, Any], at: datetime = AT) -> loading.Loaded:
    with transaction():
        return loading.load(values, at=at)


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["agreements", *args])


def counts() -> dict[str, int]:
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def test_the_same_file_again_changes_nothing(app: Flask):
    first = load(client())
    before = counts()

    again = load(client(), at=datetime(2027, 3, 2, 9, tzinfo=UTC))

    assert (first.created, again.created, again.signed) == (True, False, False)
    assert again.version.id == first.version.id
    assert counts() == before


def test_a_changed_file_makes_the_next_version(app: Flask):
    first = load(house())
    changed = house(effective_from=date(2026, 7, 1), title="Better service")
    changed["tiers"][0]["targets"][0]["within"] = "4 h"

    second = load(changed)

    assert (first.version.number, second.version.number, second.created) == (1, 2, True)
    assert second.agreement.id == first.agreement.id
    assert second.version.effective_from == date(2026, 7, 1)
    targets = select(Target.seconds).join(Tier, Tier.id == Target.tier_id).order_by(Tier.version_id)
    assert db.session.scalars(targets).all() == [8 * 3600, 4 * 3600]


def test_the_digest_is_that_of_the_stored_source_without_the_signatures(app: Flask):
    version = load(client()).version

    db.session.refresh(version)

    assert version.digest == loading.digest_of(version.source)
    assert "signatures" not in version.source
    assert set(db.session.scalars(select(Signature.digest))) == {version.digest}


def test_signing_a_draft_signs_it_and_makes_no_other_version(app: Flask):
    draft = client()
    signatures = draft.pop("signatures")
    first = load(draft)
    assert choosing.signed_versions() == []

    again = load({**draft, "signatures": signatures})

    assert (again.version.id, again.created, again.signed) == (first.version.id, False, True)
    assert [held.version_id for held in choosing.signed_versions()] == [first.version.id]


def test_a_signature_never_changes(app: Flask):
    load(client())
    forged = client()
    forged["signatures"]["client"]["name"] = "Somebody Else"

    with pytest.raises(AgreementErrors, match=r"signatures\.client: Sigrid Moe signed version 1"):
        load(forged)


def test_a_file_with_mistakes_leaves_nothing(app: Flask):
    before = counts()
    values = house(zone="Berlin")

    with pytest.raises(AgreementErrors):
        load(values)

    assert counts() == before


def test_public_holidays_are_written_out_from_the_first_day_to_the_year_after_next(app: Flask):
    values = house(effective_from=date(2024, 5, 1))
    values["calendars"]["office"] |= {
        "holidays": {"country": "DE", "subdivision": "BE"},
        "exceptions": {"2026-12-25": [["09:00", "12:00"]]},
        "names": {"2026-12-25": "Christmas, half a day"},
    }

    load(values)

    stored = db.session.scalars(select(CalendarVersion)).one()
    dates = stored.definition["exceptions"]
    assert (min(dates)[:4], max(dates)[:4]) == ("2024", "2028")
    assert dates["2027-03-08"] == []  # International Women's Day: Berlin, not all of Germany
    assert dates["2026-12-25"] == [["09:00", "12:00"]]  # what the file says itself stands
    assert stored.definition["names"]["2026-12-25"] == "Christmas, half a day"
    assert stored.holidays == {
        "country": "DE",
        "subdivision": "BE",
        "known_until": "2028-12-31",
    }


def test_holidays_reach_back_as_far_as_the_file_says(app: Flask):
    values = house()
    values["calendars"]["office"]["holidays"] = {"country": "NO", "from": 2019}

    load(values)

    assert min(db.session.scalars(select(CalendarVersion)).one().definition["exceptions"])[:4] == (
        "2019"
    )


def test_hours_that_did_not_change_keep_their_version(app: Flask):
    load(house())
    changed = house(title="Other title")

    load(changed)

    assert db.session.scalar(select(func.count()).select_from(CalendarVersion)) == 1


def test_teams_services_and_request_types_come_along_and_are_amended(app: Flask):
    values = house()
    values["services"][0]["team"] = "Network"
    values["request_types"] = [
        {"key": "vpn-down", "service": "vpn", "name": "VPN", "kind": "incident"}
    ]
    load(values)
    values["request_types"][0]["help"] = "Reconnect once."

    load(values)

    request = db.session.scalars(select(RequestType)).one()
    assert (request.help, request.title) == ("Reconnect once.", "VPN")
    assert db.session.scalar(select(Service.team_id).where(Service.key == "vpn")) is not None


def test_the_presets_and_the_example_load_clean(app: Flask):
    with transaction():
        loaded = [
            loading.load_file(path, at=AT)
            for path in (
                loading.PRESETS / "house.toml",
                loading.PRESETS / "managed-workplace.toml",
                EXAMPLE,
            )
        ]

    in_force = {held.version_id for held in choosing.signed_versions()}
    assert in_force == {one.version.id for one in loaded}


def test_gold_resolves_incidents_of_high_priority_within_four_hours(app: Flask):
    with transaction():
        loading.load_file(loading.PRESETS / "house.toml", at=AT)
        loading.load_file(loading.PRESETS / "managed-workplace.toml", at=AT)
    brenner = db.session.scalar(select(Organisation.id).where(Organisation.name.like("Brenner%")))

    terms = choosing.choose(
        organisation_id=brenner, service_id=None, priority="high", kind="incident", at=AT
    )

    target = terms.targets["resolution"]
    assert (terms.tier_name, target.seconds, target.clause) == ("Gold", 4 * 3600, "4.2")
    assert target.sentence == (
        "Gold: incidents of high priority are resolved within four hours of service time."
    )
    assert terms.targets["first_response"].seconds == 30 * 60
    assert target.calendar.add(datetime(2026, 3, 2, 16, tzinfo=UTC), 4 * 3600) == datetime(
        2026, 3, 3, 10, tzinfo=UTC
    )


def test_each_preset_promises_every_priority_kind_and_measure(app: Flask):
    with transaction():
        for preset in ("house.toml", "managed-workplace.toml"):
            loading.load_file(loading.PRESETS / preset, at=AT)
    organisations = db.session.scalars(select(Organisation.id)).all()
    services = [None, *db.session.scalars(select(Service.id))]

    promised = [
        set(
            choosing.choose(
                organisation_id=organisation,
                service_id=service,
                priority=priority,
                kind=kind,
                at=AT,
            ).targets
        )
        for organisation in organisations
        for service in services
        for priority in ("urgent", "high", "normal", "low")
        for kind in ("incident", "request", "question")
    ]

    assert all(one == {"first_response", "next_response", "resolution"} for one in promised)


def test_the_command_says_what_came_of_it(app: Flask):
    file = str(loading.PRESETS / "house.toml")

    with wallclock.frozen(AT):
        first = run(app, "load", file)
        again = run(app, "load", file)
        listed = run(app, "list")

    assert (first.exit_code, first.output) == (
        0,
        "Halden standard service, version 1 is loaded (in force from 2015-01-01).\n",
    )
    assert (again.exit_code, again.output) == (
        0,
        "Halden standard service, version 1 is loaded already: nothing changed.\n",
    )
    assert listed.output == "Halden standard service, version 1: in force, from 2015-01-01\n"


def test_the_command_lists_every_mistake_and_fails(app: Flask, tmp_path: Path):
    broken = tmp_path / "broken.toml"
    text = (loading.PRESETS / "house.toml").read_text("utf-8")
    broken.write_text(text.replace('"30 min"', '"30 mins"').replace('"Halden"', '"Nobody"', 1))

    result = run(app, "load", str(broken))

    assert result.exit_code == 1
    assert "broken.toml has 5 mistakes; nothing is loaded:" in result.output
    assert '  tiers.standard.targets[0].within: "30 mins" is no duration;' in result.output
    assert '  agreement.provider: there is no organisation "Nobody"' in result.output
    assert db.session.scalar(select(func.count()).select_from(AgreementVersion)) == 0
