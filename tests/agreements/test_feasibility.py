"""The feasibility linter: one doubtful thing at a time in an agreement that is otherwise sound."""

import copy
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.agreements import feasibility, loading, stored
from app.agreements.findings import Circumstances, Crew, Finding

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
AROUND = Circumstances(
    today=date(2026, 11, 18),
    week=(MONDAY, MONDAY + timedelta(days=7)),
    crews={"Service desk": Crew(True, True), "Network": Crew(True, True)},
    team_of={"workplace": "Service desk", "network": "Network"},
    owned=frozenset({"workplace", "network"}),
)
TEXT = (loading.PRESETS / "starting" / "1-managed-workplace.toml").read_text("utf-8")


@pytest.fixture
def values() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(TEXT))


def found(values: dict[str, Any], around: Circumstances = AROUND) -> list[Finding]:
    return feasibility.findings(stored.document_from(values, {}), values, around)


def titles(values: dict[str, Any], around: Circumstances = AROUND) -> list[str]:
    return [one.title for one in found(values, around)]


def test_a_sound_agreement_is_left_alone(values):
    assert found(values) == []


def test_hours_in_which_nobody_is_on_call_are_counted(values):
    night = (MONDAY + timedelta(hours=22), MONDAY + timedelta(hours=30))
    crews = {**AROUND.crews, "Network": Crew(True, True, [night])}

    [finding] = found(values, replace(AROUND, crews=crews))

    assert finding.title == "Network is not there all the time"
    assert "168 promised hours" in finding.words and "in 8, as" in finding.words
    assert finding.path == "tiers.gold.targets[0]"


def test_a_team_without_a_rota_cannot_promise_the_night(values):
    crews = {**AROUND.crews, "Network": Crew(True, False)}

    assert titles(values, replace(AROUND, crews=crews)) == ["Nobody is planned for Network"]


def test_a_service_without_a_qualified_agent_is_named(values):
    around = replace(AROUND, unqualified={"network": ["Cisco CCNA"]})

    [finding] = found(values, around)

    assert "Cisco CCNA" in finding.words


def test_a_rung_before_the_beginning_is_unreachable(values):
    values["tiers"][0]["ladder"][3]["at"] = "5 h before due"

    [finding] = found(values)

    assert finding.title == "A rung of Gold stands before the beginning"
    assert finding.path == "tiers.gold.ladder[3]"


def test_a_rung_on_what_is_not_promised_is_unreachable(values):
    values["tiers"][1]["ladder"][0]["measure"] = "update"

    assert titles(values) == ["A rung of Silver is never reached"]


@pytest.mark.parametrize(
    ("role", "around", "title"),
    [
        ("on_call", {"crews": {"Network": Crew(True, False)}, "week": None}, "has nobody on call"),
        ("team_lead", {"crews": {"Network": Crew(False, True)}}, "Network has no lead"),
        ("service_owner", {"owned": frozenset({"workplace"})}, "Nobody owns the service"),
        ("client_contact", {"has_client_contact": False}, "The client has named no contact"),
        ("person:x@halden.example", {"addresses": frozenset()}, "Nobody here has the address"),
    ],
)
def test_a_rung_that_means_nobody_is_told_of(values, role, around, title):
    values["tiers"][1]["ladder"] = [{"measure": "resolution", "at": "75 %", "tell": role}]
    values["tiers"][0]["ladder"] = values["tiers"][1]["ladder"]
    if around.pop("week", 0) is None:
        values["tiers"][0]["targets"] = copy.deepcopy(values["tiers"][1]["targets"])

    assert all(title in one for one in titles(values, replace(AROUND, **around)))
    assert titles(values, replace(AROUND, **around))


def test_a_priority_without_a_target_is_told_of(values):
    del values["tiers"][1]["targets"][2]["within"]["low"]
    del values["tiers"][1]["targets"][3]["within"]["low"]

    [finding] = found(values)

    assert finding.title == "Silver leaves out low priority"
    assert "incidents, requests and questions" in finding.words


def test_a_target_behind_a_general_one_never_holds(values):
    first = {"measure": "first_response", "within": "1 h", "clause": "4.3"}
    values["tiers"][1]["targets"].insert(0, first)

    assert "A target of Silver never holds" in titles(values)


def test_urgent_is_not_slower_than_high(values):
    values["tiers"][1]["targets"][0]["within"]["urgent"] = "3 h"

    assert titles(values) == ["Silver is slower when it is more urgent"]


def test_coverage_in_the_shadow_of_another_row_is_told_of(values):
    values["coverage"].append({"tier": "gold"})

    assert titles(values) == ["A row of the coverage never holds"]


def test_a_tier_that_nobody_is_under_is_told_of(values):
    del values["coverage"][0]

    assert titles(values) == ["Nobody is under Gold"]


def test_an_availability_that_one_outage_misses_is_told_of(values):
    values["objectives"].append(
        {"key": "up", "measure": "availability", "goal": 99.9, "per": "month"}
    )

    [finding] = found(values)

    assert finding.title == "One outage solved in time misses the objective"
    assert "43 minutes a month" in finding.words
    assert finding.path == "objectives.up"


def test_credits_that_contradict_the_objective_are_told_of(values):
    values["credits"]["steps"][0]["below"] = 97

    assert titles(values) == ["A credit although the objective is reached"]


def test_notice_that_is_due_before_the_beginning_is_told_of(values):
    values["term"]["notice_days"] = 400

    assert titles(values) == ["Notice is due before it begins"]


def test_nobody_who_may_sign_is_told_of(values):
    around = replace(AROUND, cannot_sign=["Fjordbank"])

    assert titles(values, around) == ["Nobody may sign for Fjordbank"]


def test_a_contact_who_may_not_read_the_agreement_is_told_of(values):
    contact = {"party": "client", "role": "signatory", "name": "Sigrid Moe"}
    values.setdefault("contacts", []).append(contact | {"address": "Sigrid.Moe@fjordbank.example"})
    around = replace(AROUND, cannot_read=frozenset({"sigrid.moe@fjordbank.example"}))

    assert titles(values, around) == ["Sigrid Moe may not read it"]


def test_a_workaround_that_may_come_after_the_solution_is_named(values):
    clause = values["tiers"][0]["targets"][0]["clause"]
    row = {"measure": "workaround", "within": "30 business days", "clause": clause}
    values["tiers"][0]["targets"].append(row)

    assert "A promise of Gold comes after what it comes before" in titles(values)


def test_a_time_of_day_at_which_nobody_is_there_and_a_team_that_is_none_are_named(values):
    row = values["tiers"][-1]["targets"][-1]
    row |= {"within": "1 business day by 03:00", "team": "Netwrok"}
    row.pop("priority", None)

    assert {"Nobody is there at 03:00", "There is no team “Netwrok”"} <= set(titles(values))
    row |= {"within": "1 business day by 12:00", "team": "Network"}
    assert not {one for one in titles(values) if "no team" in one or "Nobody is there" in one}
