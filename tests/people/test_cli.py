"""``flask people``: somebody is added, signs in, leads a team, and is away."""

from datetime import UTC, datetime

from app.people import queries, signing_in
from tests.cast import assemble

WORDS = "quiet rivers run deep"


def add(app, *more: str):
    fixed = ["people", "add", "Ann Lee", "ann@halden.example", "--organisation", "Halden"]
    return app.test_cli_runner().invoke(args=[*fixed, "--password", WORDS, *more])


def test_somebody_is_added_to_a_team_and_signs_in(app):
    assemble()
    said = add(app, "--role", "agent", "--team", "Night watch", "--lead")
    at = datetime(2026, 11, 18, tzinfo=UTC)

    assert said.exit_code == 0, said.output
    ann = signing_in.verify("ann@halden.example", WORDS, network="127.0.0.1", at=at)
    assert ann.is_agent
    assert [team.name for team in queries.teams() if team.lead_id == ann.id] == ["Night watch"]
    again = add(app)
    assert (again.exit_code, "already belongs" in again.output) == (1, True)


def test_an_absence_names_who_stands_in(app):
    cast = assemble()
    said = app.test_cli_runner().invoke(
        args=[
            "people",
            "absent",
            cast.mara.address,
            "2026-12-21",
            "2027-01-04",
            "--substitute",
            cast.petra.address,
        ]
    )

    assert said.exit_code == 0, said.output
    found = queries.stand_in(queries.person(cast.mara.id), datetime(2026, 12, 24, tzinfo=UTC))
    assert found is not None
    assert found.id == cast.petra.id
