"""An agreement file: what it means, and every mistake by name."""

from datetime import date, datetime
from typing import Any

import pytest

from app.agreements import documents
from app.agreements.parts import Document, Known, KnownAgreement
from app.agreements.reading import AgreementErrors
from app.agreements.words import ReopenRule
from tests.unit.agreements.papers import client, house, targets

NOTHING = Known(date(2026, 1, 1), {}, frozenset(), {}, {})


def read(values: dict[str, Any], known: Known = NOTHING) -> Document:
    return documents.read(values, known=known)


def mistakes(values: dict[str, Any], known: Known = NOTHING) -> list[str]:
    with pytest.raises(AgreementErrors) as caught:
        read(values, known)
    return caught.value.mistakes


def tier(values: dict[str, Any]) -> dict[str, Any]:
    return values["tiers"][0]


def test_what_the_file_leaves_out_is_what_the_product_promises_by_itself():
    standard = read(house()).tiers[0]

    assert (standard.name, standard.day_s, standard.floor_percent) == ("Standard", 28800, 25)
    assert (standard.reopen_rule, standard.reopen_window_days) == (ReopenRule.RESUME, 7)
    assert standard.targets[0].seconds == 8 * 3600


def test_business_days_are_days_of_the_tier():
    values = house()
    tier(values)["day"] = "10 h"
    tier(values)["targets"] = targets('measure = "resolution"; within = "2 business days"')

    assert read(values).tiers[0].targets[0].seconds == 20 * 3600


def test_a_table_of_priorities_is_a_target_each_the_most_urgent_first():
    values = house()
    tier(values)["targets"] = targets(
        'measure = "resolution"; within = { low = "8 h", urgent = "30 min" }'
    )

    rows = read(values).tiers[0].targets

    assert [(row.priority, row.words) for row in rows] == [("urgent", "30 min"), ("low", "8 h")]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            'measure = "resolution"; kind = "incident"; priority = "high"; within = "4 h"',
            "Standard: incidents of high priority are resolved within four hours of service time.",
        ),
        (
            'measure = "first_response"; within = "30 min"',
            "Standard: all requests get a first answer within 30 minutes of service time.",
        ),
        (
            'measure = "resolution"; kind = "request"; service = "vpn"; within = "1 business day"',
            "Standard: service requests for VPN are resolved within one business day.",
        ),
        (
            'measure = "resolution"; within = "1 business day"; by = "16:00"; team = "Network"',
            "Standard: all requests with Network are resolved by 16:00 on the next working day.",
        ),
        (
            'measure = "first_response"; within = "2 business days by 12:00"',
            "Standard: all requests get a first answer by 12:00 on the 2nd working day.",
        ),
        (
            'measure = "resolution"; within = "8 h"; sentence = "As agreed by telephone."',
            "As agreed by telephone.",
        ),
    ],
)
def test_a_target_without_a_sentence_gets_one(row: str, sentence: str):
    values = house()
    tier(values)["targets"] = targets(row)

    assert read(values).tiers[0].targets[0].sentence == sentence


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        (
            'within = "4 h"; by = "16:00"',
            'tiers.standard.targets[0].within: "4 h" goes with no time of day (by 16:00); write '
            'whole business days, at most 366, as "1 business day".',
        ),
        (
            'within = "1 business day"; by = "4 pm"',
            'tiers.standard.targets[0].by: "4 pm" is no time of day; write it from 00:00 to '
            '24:00, as "16:00".',
        ),
        (
            'within = { high = "1 business day by 4 pm" }',
            'tiers.standard.targets[0].within.high: "4 pm" is no time of day; write it from 00:00 '
            'to 24:00, as "16:00".',
        ),
    ],
)
def test_a_time_of_day_that_is_none_is_named(row: str, mistake: str):
    values = house()
    tier(values)["targets"] = targets(f'measure = "resolution"; {row}')

    assert mistakes(values) == [mistake]


@pytest.mark.parametrize(
    ("at", "percent", "offset_s"),
    [("75 %", 75, None), ("1 h before due", None, -3600), ("30 min after due", None, 1800)],
)
def test_a_rung_stands_at_a_share_of_the_time_or_beside_the_due_time(
    at: str, percent: int | None, offset_s: int | None
):
    values = house()
    tier(values)["ladder"] = [{"measure": "resolution", "at": at, "tell": "assignee"}]

    rung = read(values).tiers[0].ladder[0]

    assert (rung.percent, rung.offset_s, rung.responsible) == (percent, offset_s, ("assignee",))


def test_coverage_is_asked_for_the_most_particular_first():
    values = house()
    tiers = [
        {"tier": "standard"} | row
        for row in (
            {},
            {"service": "vpn"},
            {"organisation": "Fjordbank"},
            {"organisation": "Fjordbank", "service": "vpn"},
        )
    ]
    values["coverage"] = tiers

    rows = read(values).coverage

    assert [(row.organisation, row.service) for row in rows] == [
        ("Fjordbank", "vpn"),
        ("Fjordbank", ""),
        ("", "vpn"),
        ("", ""),
    ]


def put(path: str, value: Any) -> dict[str, Any]:
    """The house agreement with ``value`` at ``path``; None takes the key away."""
    values: Any = house()
    *way, last = path.split("/")
    place = values
    for key in way:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return values


@pytest.mark.parametrize(
    ("path", "value", "mistake"),
    [
        (
            "tiers/0/targets/0/within",
            "4 hourz",
            'tiers.standard.targets[0].within: "4 hourz" is no duration;'
            ' write "4 h", "30 min" or "2 business days".',
        ),
        ("tiers/0/targets/0/within", 4, "tiers.standard.targets[0].within: 4 must be a text."),
        (
            "tiers/0/targets/0/within",
            "0 h",
            'tiers.standard.targets[0].within: "0 h" must be longer than nothing'
            " and at most ten years.",
        ),
        (
            "tiers/0/targets/0/within",
            {"hihg": "4 h", "low": "x"},
            'tiers.standard.targets[0].within.low: "x" is no duration;'
            ' write "4 h", "30 min" or "2 business days".',
        ),
        (
            "tiers/0/targets/0/within",
            {"hihg": "4 h"},
            "tiers.standard.targets[0].within.hihg: is no key here;"
            " these are: urgent, high, normal, low.",
        ),
        (
            "tiers/0/targets/0/measure",
            "resolutoin",
            'tiers.standard.targets[0].measure: "resolutoin" is not one of'
            " acknowledgement, first_response, next_response, update, workaround, resolution.",
        ),
        (
            "tiers/0/targets/0/clause",
            "4.2",
            'tiers.standard.targets[0].clause: the text has no clause "4.2".',
        ),
        (
            "tiers/0/targets/0/calendar",
            "nights",
            'tiers.standard.targets[0].calendar: "nights" is not one of office.',
        ),
        (
            "tiers/0/pauses",
            {"resolution": ["waiting", "on_hold"]},
            'tiers.standard.pauses.resolution[0]: "waiting" is not one of'
            " waiting_requester, waiting_vendor, on_hold.",
        ),
        (
            "tiers/0/pauses",
            {"next_response": ["on_hold"]},
            "tiers.standard.pauses.next_response: is no key here;"
            " these are: first_response, resolution.",
        ),
        ("tiers/0/flor_percent", 25, "tiers.standard.flor_percent: is no key here;"),
        ("tiers/0/floor_percent", 101, "tiers.standard.floor_percent: 101 must lie between 0 and"),
        ("tiers/0/floor_percent", True, "tiers.standard.floor_percent: true must be a whole numb"),
        ("tiers/0/day", "30 h", "tiers.standard.day: a business day has at most 24 h."),
        ("tiers/0/reopen", {"rule": "never"}, 'tiers.standard.reopen.rule: "never" is not one of'),
        ("tiers/0/targets", [], "tiers.standard.targets: is empty."),
        ("agreement/zone", "Berlin", 'agreement.zone: "Berlin" is no time zone;'),
        ("agreement/zone", "Europe", 'agreement.zone: "Europe" is no time zone;'),
        (
            "agreement/effective_from",
            datetime(2026, 1, 1),
            "agreement.effective_from: 2026-01-01 00:00:00 must be a date such as 2026-01-01.",
        ),
        (
            "agreement/effective_from",
            None,
            "agreement.effective_from: is missing; it must be a date such as 2026-01-01.",
        ),
        (
            "agreement/effective_until",
            date(2025, 12, 31),
            "agreement.effective_until: must not be before effective_from.",
        ),
        (
            "agreement/provider",
            "Haldn",
            'agreement.provider: there is no organisation "Haldn"; add it under [[organisations]].',
        ),
        (
            "coverage/0/organisation",
            "Brenner",
            'coverage[0].organisation: there is no organisation "Brenner"; add it under'
            " [[organisations]].",
        ),
        ("coverage/0/tier", "gold", 'coverage[0].tier: "gold" is not one of standard.'),
        (
            "coverage",
            [{"tier": "standard"}, {"tier": "standard"}],
            "coverage[1]: an earlier row covers the same already.",
        ),
        ("calendars/office/week", {"mon": [["9", "17:00"]]}, "calendars.office.week.mon: '9'"),
        ("calendars/office/week", {}, "calendars.office.week: it has no window"),
        (
            "calendars/office/exceptions",
            {"2026-12-32": []},
            "calendars.office.exceptions: '2026-12-32' is not a date",
        ),
        (
            "calendars/office/names",
            {"2026-12-24": "Christmas Eve"},
            "calendars.office.names.2026-12-24: 'Christmas Eve' names a date that is no exception.",
        ),
        (
            "calendars/office/holidays",
            {"country": "XX"},
            'calendars.office.holidays.country: no public holidays are known of "XX".',
        ),
        (
            "calendars/office/holidays",
            {"country": "DE", "subdivision": "XX"},
            'calendars.office.holidays.subdivision: no public holidays are known of "XX" in DE.',
        ),
        (
            "calendars/office/holidays",
            {"subdivision": "BE"},
            "calendars.office.holidays.country: is missing; it must be a text.",
        ),
        (
            "request_types",
            [{"key": "a", "service": "wifi", "name": "A", "kind": "incident"}],
            'request_types.a.service: "wifi" is not one of vpn, print.',
        ),
        (
            "services",
            [{"key": "vpn", "name": "VPN"}, {"key": "vpn", "name": "Remote"}],
            'services[1].key: "vpn" stands there twice.',
        ),
        ("signatures/client", {"name": "X", "on": date(2025, 1, 1)}, "signatures.client: this agr"),
        (
            "signatures/provider/on",
            date(2026, 1, 2),
            "signatures.provider.on: 2026-01-02 has not come yet.",
        ),
        ("tiers/0/ladder", [{"measure": "resolution", "at": "soon", "tell": "assignee"}],
         'tiers.standard.ladder[0].at: "soon" is no point;'
         ' write "75 %", "1 h before due" or "30 min after due".'),
        ("tiers/0/ladder", [{"measure": "resolution", "at": "75 %", "tell": ["boss"]}],
         'tiers.standard.ladder[0].tell[0]: "boss" is not one of assignee, team_lead,'),
        ("tiers/0/ladder",
         [{"measure": "resolution", "at": "75 %", "tell": "manager", "repeat": {"every": "1 h"}}],
         "tiers.standard.ladder[0].repeat.times: is missing;"),
        ("tiers/0/ladder",
         [{"measure": "resolution", "at": "75 %", "tell": "manager",
           "actions": [{"do": "assign", "to": "boss"}]}],
         'tiers.standard.ladder[0].actions[0].to: "boss" is not one of'),
        ("colour", "red", "colour: is no key here;"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_key(path: str, value: Any, mistake: str):
    assert any(found.startswith(mistake) for found in mistakes(put(path, value)))


def test_every_mistake_is_told_in_one_go():
    values = house(zone="Berlin", provider="Haldn", titel="Typo")
    tier(values)["targets"] = targets(
        'measure = "resolution"; within = "8 hourz"', 'measure = "nothing"; within = "1 h"'
    )
    values["calendars"]["office"]["week"] = {"mon": [["9", "17:00"]], "moon": [["09:00", "10:00"]]}

    keys = [mistake.split(": ")[0] for mistake in mistakes(values)]

    assert sorted(keys) == [
        "agreement.provider",
        "agreement.titel",
        "agreement.zone",
        "calendars.office.week",
        "calendars.office.week.mon",
        "tiers.standard.targets[0].within",
        "tiers.standard.targets[1].measure",
    ]


def test_an_empty_file_is_told_what_it_needs():
    assert [mistake.split(": ")[0] for mistake in mistakes({})] == [
        "agreement",
        "agreement.zone",
        "text",
        "tiers",
        "agreement.key",
        "agreement.title",
        "agreement.provider",
        "agreement.effective_from",
        "coverage",
    ]


def test_a_clients_agreement_covers_nobody_else():
    values = client()
    values["coverage"][0]["organisation"] = "Halden"

    assert mistakes(values) == ["coverage[0].organisation: this agreement covers only Fjordbank."]


def test_a_domain_has_one_organisation():
    values = house()
    values["organisations"][1]["domains"] = ["halden.example"]
    known = Known(date(2026, 1, 1), {}, frozenset(), {"halden.example": "Halden"}, {})

    assert mistakes(values, known) == [
        'organisations[1].domains: "halden.example" belongs to Halden.'
    ]


def test_an_agreement_keeps_its_parties_and_its_zone():
    stands = {"house": KnownAgreement(provider="Halden", client="", zone="Europe/Berlin")}
    known = Known(date(2026, 1, 1), {}, frozenset(), {}, stands)

    found = mistakes(house(zone="UTC", client="Fjordbank"), known)

    assert [mistake.split(": ")[0] for mistake in found] == ["agreement.client", "agreement.zone"]


def test_there_is_one_house_agreement():
    stands = {"house": KnownAgreement(provider="Halden", client="", zone="Europe/Berlin")}
    known = Known(date(2026, 1, 1), {}, frozenset(), {}, stands)

    assert mistakes(house(key="second"), known) == [
        'agreement.client: is missing; the house agreement is "house" already.'
    ]
