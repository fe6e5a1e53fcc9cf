"""The pages of ladders: all to read, the house's to change."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import wallclock
from app.agreements import amending, choosing, ladder_rows
from app.agreements.models import Tier
from app.database import db, transaction
from tests import cast as stage
from tests.cast import NOW, Cast, sign_in


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


def tier_id(loaded) -> int:
    return db.session.scalars(select(Tier.id).where(Tier.version_id == loaded.version.id)).first()


def typed(page: str) -> dict[str, list[str]]:
    """What a browser would send back of the form as it stands."""
    values: dict[str, list[str]] = {}
    form = page[
        page.index('<form class="form"') : page.index("</form>", page.index('class="form"'))
    ]
    for tag in re.findall(r"<input[^>]*>", form):
        got = {key: unescape(value) for key, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if got.get("type") == "checkbox" and " checked" not in tag:
            continue
        values.setdefault(got["name"], []).append(got.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'selected[^>]*value="([^"]*)"', options)
        values[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = [unescape(text).strip()]
    return values


def test_all_ladders_are_listed_and_a_clients_is_read_only(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    theirs = tier_id(cast.workplace)

    listed = client.get("/manage/ladders").text
    page = client.get(f"/manage/ladders/{theirs}").text

    assert "Halden standard service" in listed
    assert "Signed; a change needs both" in listed
    assert "Change the ladder" not in page
    assert client.get(f"/manage/ladders/{theirs}/change").status_code == 409
    assert client.get("/manage/ladders/999999").status_code == 404


def test_a_rung_is_added_previewed_and_signed(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = f"/manage/ladders/{tier_id(cast.house)}/change"
    values = typed(client.get(url).text)

    values = typed(client.post(url, data={**values, "do": "add"}).text)
    values |= {
        "rungs-4-amount": ["30 min"],
        "rungs-4-unit": ["before"],
        "rungs-4-place": ["25"],
        "rungs-4-measures": ["resolution"],
        "rungs-4-roles": ["on_call", "manager"],
        "rungs-4-every": ["10 min"],
        "rungs-4-times": ["2"],
        "rungs-4-acknowledge": ["15 min"],
        "rungs-4-raise_to": ["urgent"],
        "rungs-4-watch": ["service_owner"],
    }
    preview = client.post(url, data={**values, "do": "preview"}).text
    saved = client.post(url, data={**values, "do": "save"}, follow_redirects=True).text

    assert "Resolution, 30 m before due, reminder 2" in preview
    assert "Raises it to urgent priority" in preview
    assert "Version 2 is signed and holds from 19 Nov 2026." in saved
    rows = ladder_rows.ladder_in(amending.newest_version(amending.house()).source, "standard")
    assert [row.point for row in rows] == ["75 %", "90 %", "30 min before due", "100 %", "150 %"]
    assert rows[2].roles == ("on_call", "manager")
    assert rows[2].deeds == {"raise_priority": "urgent", "watch": "service_owner"}


def test_the_preview_says_when_each_rung_would_fire(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = f"/manage/ladders/{tier_id(cast.house)}/change"
    values = typed(client.get(url).text)

    page = client.post(url, data={**values, "do": "preview"}).text

    assert len(choosing.signed_versions()) == 2  # of the house and of the client: none was saved
    high = page[page.index("<b>High</b>") : page.index("<b>Normal</b>")]
    first = " ".join(re.sub(r"<[^>]+>", " ", high).split())
    # two service hours from 14:20: three quarters are used up at 15:50
    assert "15:50 CET First response, 75 % Jens Adler (next in line)" in first
    assert "16:20 CET First response, 100 %" in first


def test_a_rung_is_taken_out_and_the_rest_is_kept(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = f"/manage/ladders/{tier_id(cast.house)}/change"
    values = typed(client.get(url).text)

    page = client.post(url, data={**values, "rungs-0-amount": ["60"], "do": "remove:1"}).text
    after = typed(page)
    client.post(url, data={**after, "do": "save"})

    rows = ladder_rows.ladder_in(amending.newest_version(amending.house()).source, "standard")
    assert [row.point for row in rows] == ["60 %", "100 %", "150 %"]


def test_all_mistakes_are_named_at_their_fields(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = f"/manage/ladders/{tier_id(cast.house)}/change"
    values = typed(client.get(url).text)
    values |= {"rungs-0-amount": ["soon"], "rungs-1-every": ["1 fortnight"], "rungs-1-times": ["2"]}
    values.pop("rungs-2-roles")

    page = client.post(url, data={**values, "do": "save"}).text

    for place in ("rungs-0-amount", "rungs-1-every", "rungs-2-roles"):
        assert f'href="#{place}"' in page
        assert f'id="{place}-error"' in page
    assert typed(page)["rungs-0-amount"] == ["soon"]
    assert amending.newest_version(amending.house()).number == 1


def test_whoever_saves_second_is_told_and_keeps_what_was_typed(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = f"/manage/ladders/{tier_id(cast.house)}/change"
    values = typed(client.get(url).text) | {"rungs-0-amount": ["60"]}
    with transaction():
        amending.amend(
            amending.house(),
            amending.Amendment(
                tier="standard",
                ladder=[ladder_rows.RungRow(("resolution",), amount="100", roles=("manager",))],
                clauses=None,
                effective_from=date(2026, 11, 19),
            ),
            based_on=1,
            by=cast.nora,
            at=NOW - timedelta(minutes=1),
        )

    page = client.post(url, data={**values, "do": "save"}).text

    assert "Version 2 was saved meanwhile, on 18 Nov 2026 by Nora Falk." in page
    again = typed(page)
    assert again["rungs-0-amount"] == ["60"]
    assert client.post(url, data={**again, "do": "save"}).status_code == 303
    assert amending.newest_version(amending.house()).number == 3


def test_agents_change_no_ladder(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)

    assert client.get("/manage/ladders").status_code == 403
    assert client.post(f"/manage/ladders/{tier_id(cast.house)}/change").status_code == 403
