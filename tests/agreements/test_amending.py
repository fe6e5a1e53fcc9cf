"""The house agreement gets another ladder by its next version, and open tickets keep theirs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.agreements import amending, choosing, exceptions, holiday_years, ladder_rows
from app.agreements.amending import Amendment
from app.agreements.ladder_rows import RungRow
from app.agreements.models import CalendarChange, Signature
from app.agreements.reading import AgreementErrors
from app.calendars.models import CalendarVersion
from app.catalogue.models import Service
from app.database import db
from app.errors import Conflict, Forbidden, Refusal
from tests import cast as stage
from tests.cast import NOW, Cast

TOMORROW = date(2026, 11, 19)
NIGHT = RungRow(measures=("resolution",), amount="200", roles=("on_call",), every="1 h", times=2)


@pytest.fixture
def cast(app) -> Cast:
    return stage.assemble()


def ladder(*more: RungRow):
    stands = ladder_rows.ladder_in(amending.newest_version(amending.house()).source, "standard")
    return [*stands, *more]


def amendment(**changes) -> Amendment:
    plain = Amendment(tier="standard", ladder=ladder(NIGHT), clauses=None, effective_from=TOMORROW)
    return replace(plain, **changes)


def amend(by, *, based_on=1, at=NOW, **changes):
    return amending.amend(amending.house(), amendment(**changes), based_on=based_on, by=by, at=at)


def chosen(at):
    return choosing.choose(
        organisation_id=None, service_id=None, priority="normal", kind="incident", at=at
    )


def test_the_next_version_holds_from_its_day_on(cast: Cast):
    before = chosen(NOW)

    version = amend(cast.jens)

    assert version.number == 2
    assert chosen(NOW) == before
    after = chosen(NOW + timedelta(days=1))
    assert (after.version_number, len(after.ladder)) == (2, len(before.ladder) + 1)
    assert after.ladder[-1].responsible == ("on_call",)
    assert {key: one.seconds for key, one in after.targets.items()} == {
        key: one.seconds for key, one in before.targets.items()
    }
    assert chosen(NOW).version_number == 1


def test_the_house_signs_with_the_managers_name(cast: Cast):
    version = amend(cast.jens)

    [signature] = db.session.query(Signature).filter_by(version_id=version.id)
    assert (signature.name, signature.person_id, signature.signed_at) == (
        "Jens Adler",
        cast.jens.id,
        NOW,
    )
    assert signature.digest == version.digest


def test_only_managers_change_it_and_only_the_house_agreement(cast: Cast):
    with pytest.raises(Forbidden):
        amend(cast.mara)
    with pytest.raises(Refusal, match="needs both"):
        amending.amend(cast.workplace.agreement, amendment(), based_on=1, by=cast.jens, at=NOW)


def test_whoever_edited_an_older_version_is_told(cast: Cast):
    amend(cast.nora)

    with pytest.raises(Conflict, match=r"Version 2 was saved meanwhile.*by Nora Falk"):
        amend(cast.jens)


def test_a_version_begins_tomorrow_at_the_earliest_and_never_before_the_newest(cast: Cast):
    with pytest.raises(Refusal, match="choose 19 Nov 2026 or later"):
        amend(cast.jens, effective_from=NOW.date())
    amend(cast.jens, effective_from=date(2026, 12, 1))
    with pytest.raises(Refusal, match="Version 2 begins on 1 Dec 2026"):
        amend(cast.jens, based_on=2, ladder=ladder()[:1])


def test_saving_what_stands_is_refused(cast: Cast):
    with pytest.raises(Refusal, match="Nothing is another way"):
        amend(cast.jens, ladder=ladder())


def test_every_mistake_is_named_by_rung_and_key(cast: Cast):
    bad = [
        RungRow(measures=("resolution",), amount="many", roles=("assignee",)),
        RungRow(measures=(), unit="before", amount="1 fortnight", roles=()),
        replace(NIGHT, times=0, acknowledge="soon"),
    ]

    with pytest.raises(AgreementErrors) as errors:
        amend(cast.jens, ladder=bad)

    places = {mistake.split(": ")[0] for mistake in errors.value.mistakes}
    assert places == {
        "tiers.standard.ladder[0].at",
        "tiers.standard.ladder[1].measure",
        "tiers.standard.ladder[1].at",
        "tiers.standard.ladder[1].tell",
        "tiers.standard.ladder[2].repeat.times",
        "tiers.standard.ladder[2].acknowledge_within",
    }


def test_a_named_person_must_be_known(cast: Cast):
    with pytest.raises(AgreementErrors, match=r"ladder\[0\].people: nobody here has the address"):
        amend(cast.jens, ladder=[replace(NIGHT, people=("nobody@halden.example",))])


def test_the_words_change_with_the_ladder(cast: Cast):
    version = amend(cast.jens, clauses=["Whoever is on call is told when all is late."])

    assert amending.clauses_of(version) == ["Whoever is on call is told when all is late."]
    assert any(
        clause["text"] == "Whoever is on call is told when all is late."
        for section in version.text
        for clause in section["clauses"]
    )


def test_dated_exceptions_of_the_hours_go_over_into_the_next_version(cast: Cast):
    house = cast.house.version
    house.exceptions_clause = "3.1"
    target = chosen(NOW).targets["resolution"]
    exceptions.except_day(
        house,
        db.session.get_one(CalendarVersion, target.calendar_version_id),
        on=date(2026, 12, 24),
        windows=[],
        name="Christmas Eve",
        reason="closed",
        by=cast.jens,
        at=NOW,
    )
    assert db.session.query(CalendarChange).count() == 1

    amend(cast.jens)

    hours = chosen(NOW + timedelta(days=2)).targets["resolution"].calendar
    assert hours.exceptions[date(2026, 12, 24)] == ()
    assert hours.names[date(2026, 12, 24)] == "Christmas Eve"


def test_holidays_of_further_years_are_the_rules_and_no_exception(cast: Cast):
    later = NOW + timedelta(days=60)
    assert holiday_years.add([cast.house.version.id], at=later)

    signed = amend(cast.jens, at=later, effective_from=date(2027, 1, 20)).source

    assert [hours for hours in signed["calendars"].values() if "exceptions" in hours] == []


def test_the_catalogue_stays_as_it_is(cast: Cast):
    service = db.session.query(Service).filter_by(key="network").one()
    service.name = "Network, VPN and Wi-Fi"

    amend(cast.jens)

    assert service.name == "Network, VPN and Wi-Fi"


def test_a_ladder_may_have_no_rungs(cast: Cast):
    amend(cast.jens, ladder=[])

    assert chosen(NOW + timedelta(days=1)).ladder == ()
