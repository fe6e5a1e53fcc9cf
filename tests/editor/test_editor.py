"""The editor's pages, as a browser without scripts sees them, and what its script asks for."""

import io
import json
import re
import tomllib
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import wallclock
from app.database import db, transaction
from app.negotiations import starting
from app.negotiations.models import Draft, Proposal
from app.people import grants
from app.people.models import GrantKind, SignatoryGrant
from tests import cast as stage
from tests.cast import NOW, Cast, sign_in


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


@pytest.fixture
def draft(cast: Cast) -> int:
    with transaction():
        made = starting.from_preset(
            "1-managed-workplace", client=cast.fjordbank, by=cast.jens, at=NOW
        )
        return made.id


def values(id: int) -> dict:
    db.session.expire_all()
    return db.session.get_one(Draft, id).values


def typed(page: str, part: str) -> dict[str, list[str]]:
    """What a browser would send of a part's form as it stands on the page."""
    begin = page.index(f'id="{part}" method="post"')
    form = page[page.rindex("<form", 0, begin) : page.index("</form>", begin)]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        got = {key: unescape(value) for key, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if got.get("type") == "checkbox" and " checked" not in tag:
            continue
        found.setdefault(got["name"], []).append(got.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [unescape(chosen[1]) if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [unescape(text)]
    return found


def test_an_agreement_is_begun_from_a_preset_and_written_without_scripts(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.jens)
    sent = {"preset": "2-campus-helpdesk", "client": cast.fjordbank.id}
    begun = client.post("/agreements/drafts/new", data=sent)
    url = begun.location

    page = client.get(url).text
    form = typed(page, "tiers-campus")
    form |= {"targets.1.urgent": ["20m"], "name": ["Whole campus"], "do": ["save"]}
    saved = client.post(f"{url}/parts/tiers.campus", data=form)

    assert saved.status_code == 303
    assert saved.location.endswith("#tiers-campus")
    tier = values(int(url.rsplit("/", 1)[1]))["tiers"][0]
    assert tier["name"] == "Whole campus"
    assert tier["targets"][1]["within"]["urgent"] == "20 min"
    assert tier["targets"][0] == {
        "measure": "first_response",
        "kind": "incident",
        "service": "teaching-rooms",
        "within": "15 min",
        "clause": "3.5",
    }


def test_rows_sections_and_tiers_come_and_go_by_buttons(
    client: FlaskClient, cast: Cast, draft: int
):
    sign_in(client, cast.jens)
    url = f"/agreements/drafts/{draft}"

    form = typed(client.get(url).text, "text-0")
    client.post(f"{url}/parts/text.0", data={**form, "do": "add:clauses"})
    form = typed(client.get(url).text, "text-0")
    form |= {"clauses.2": ["A third clause."]}
    client.post(f"{url}/parts/text.0", data={**form, "do": "up:clauses:2"})
    client.post(f"{url}/parts", data={"group": "tiers", "name": "Bronze"})
    shown = typed(client.get(url).text, "text-1")
    place = {"base": shown["base"], "do": "remove"}
    client.post(f"{url}/parts/text.1/place", data=place)

    now = values(draft)
    assert now["text"][0]["clauses"][1] == "A third clause."
    assert [tier["key"] for tier in now["tiers"]] == ["gold", "silver", "bronze"]
    assert [one["title"] for one in now["text"]][:2] == ["Purpose", "Hours and channels"]
    assert now["agreement"]["exceptions_clause"] == "2.4"


def test_a_clash_shows_both_texts_and_saving_again_keeps_mine(
    client: FlaskClient, cast: Cast, draft: int
):
    sign_in(client, cast.jens)
    url = f"/agreements/drafts/{draft}"
    mine = typed(client.get(url).text, "text-0")
    theirs = {**mine, "clauses.0": ["Somebody was quicker."], "do": ["save"]}
    client.post(f"{url}/parts/text.0", data=theirs)

    mine |= {"clauses.0": ["This is how I say it."], "do": ["save"]}
    clash = client.post(f"{url}/parts/text.0", data=mine).text

    assert "Somebody was quicker." in clash
    assert "This is how I say it." in clash
    assert values(draft)["text"][0]["clauses"][0] == "Somebody was quicker."
    again = typed(clash, "text-0")
    client.post(f"{url}/parts/text.0", data={**again, "do": "save"})
    assert values(draft)["text"][0]["clauses"][0] == "This is how I say it."


def test_the_script_hears_what_is_wrong_and_where(client: FlaskClient, cast: Cast, draft: int):
    sign_in(client, cast.jens)
    url = f"/agreements/drafts/{draft}"
    form = typed(client.get(url).text, "tiers-gold")
    form |= {"targets.1.low": ["later"], "quietly": ["1"], "do": ["save"]}

    said = json.loads(client.post(f"{url}/parts/tiers.gold", data=form).text)

    assert "no duration" in said["faults"]["tiers-gold-targets-1-low"][0]
    assert 'href="#tiers-gold-targets-1-low"' in said["side"]
    assert said["clashes"] == 0
    assert json.loads(said["base"])["targets.1.low"] == "later"


def test_a_single_cell_of_a_row_is_told_at_its_place(client: FlaskClient, cast: Cast, draft: int):
    sign_in(client, cast.jens)
    url = f"/agreements/drafts/{draft}"
    form = typed(client.get(url).text, "tiers-gold")
    form |= {f"targets.1.{cell}": [""] for cell in ("urgent", "normal", "low", "any")}
    form |= {"targets.1.high": ["later"], "quietly": ["1"], "do": ["save"]}

    said = json.loads(client.post(f"{url}/parts/tiers.gold", data=form).text)

    assert "no duration" in said["faults"]["tiers-gold-targets-1-high"][0]


def test_every_link_of_a_finding_leads_to_a_place_on_the_page(
    client: FlaskClient, cast: Cast, draft: int
):
    sign_in(client, cast.jens)

    page = client.get(f"/agreements/drafts/{draft}").text

    side = page[page.index("<aside") : page.index("</aside>")]
    anchors = re.findall(r'href="#([^"]+)"', side)
    assert anchors
    assert [one for one in anchors if f'id="{one}"' not in page] == []


def test_two_who_have_it_open_hear_of_each_other(client: FlaskClient, cast: Cast, draft: int):
    from app.negotiations import editors

    with transaction():
        nora = SignatoryGrant(
            person_id=cast.nora.id, organisation_id=cast.halden.id, kind=GrantKind.AGREEMENT_EDITOR
        )
        db.session.add(nora)
        editors.seen(db.session.get_one(Draft, draft), who=cast.nora, at=NOW)
    sign_in(client, cast.jens)

    said = client.post(f"/agreements/drafts/{draft}/presence", data={"writing": "looking"})

    assert "Nora Falk" in said.text
    assert "Nora Falk" in client.get(f"/agreements/drafts/{draft}").text


def test_a_draft_goes_out_as_toml_and_in_again(client: FlaskClient, cast: Cast, draft: int):
    sign_in(client, cast.jens)
    text = client.get(f"/agreements/drafts/{draft}/file").data.decode()
    assert tomllib.loads(text)["agreement"]["title"] == "Managed workplace"

    revision = typed(client.get(f"/agreements/drafts/{draft}").text, "head")
    assert revision
    changed = text.replace("Managed workplace", "Managed workplaces").encode()
    upload = {"file": (io.BytesIO(changed), "mine.toml"), "revision": "1"}
    answer = client.post(f"/agreements/drafts/{draft}/file/new", data=upload)

    assert answer.status_code == 303
    assert values(draft)["agreement"]["title"] == "Managed workplaces"
    stale = {"text": text, "revision": "1"}
    refused = client.post(f"/agreements/drafts/{draft}/file/new", data=stale).text
    assert "was changed meanwhile" in refused
    assert values(draft)["agreement"]["title"] == "Managed workplaces"


def test_a_client_writes_in_the_portal_and_sees_no_other_draft(
    client: FlaskClient, cast: Cast, draft: int
):
    sign_in(client, cast.martin)

    begun = client.post("/agreements/managed-workplace-brenner-voss/drafts")
    page = client.get(begun.location)

    assert page.status_code == 200
    assert 'class="portal"' in page.text
    assert client.get(f"/agreements/drafts/{draft}").status_code == 404
    assert client.get("/agreements/drafts/987654").status_code == 404


def test_who_is_no_editor_writes_nothing(client: FlaskClient, cast: Cast, draft: int):
    sign_in(client, cast.elke)

    assert client.get("/agreements/drafts").status_code == 403
    assert client.get(f"/agreements/drafts/{draft}").status_code == 404
    assert client.post(f"/agreements/drafts/{draft}/parts/head").status_code == 404
    assert client.post("/agreements/managed-workplace-brenner-voss/drafts").status_code == 404
    with transaction():
        grants.take(cast.jens, cast.halden, GrantKind.AGREEMENT_EDITOR, by=cast.nora, at=NOW)
    sign_in(client, cast.jens)
    refused = client.get("/agreements/drafts/new")
    assert refused.status_code == 403
    assert "nora.falk@halden.example" in refused.text, "who gives the grant, and where"
    assert f"/manage/grants/{cast.halden.id}" in refused.text


def test_a_change_is_proposed_with_its_reason_and_plan(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    url = client.post("/agreements/managed-workplace-brenner-voss/drafts").location
    form = typed(client.get(url).text, "text-0")
    form |= {"clauses.0": ["A better purpose."], "do": ["save"]}
    client.post(f"{url}/parts/text.0", data=form)

    sent = {
        "reason": "The old one said nothing.",
        "check_on": "2027-03-01",
        "plan-0-what": "Tell the desk",
        "plan-0-owner_id": str(cast.petra.id),
        "plan-0-due_on": "2026-12-15",
        "do": "propose",
    }
    answer = client.post(f"{url}/proposal", data=sent)

    assert answer.status_code == 303, answer.text[answer.text.find('class="errors"') :][:600]
    proposal = db.session.scalars(select(Proposal)).one()
    assert proposal.reason == "The old one said nothing."
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
    assert "proposed or dropped" in client.get(url, follow_redirects=True).text


@pytest.mark.parametrize(
    "text",
    [
        "agreement = 3",
        "text = 'x'\ntiers = 7\ncalendars = []\nservices = 'abc'",
        "text = [1, 'x']\ntiers = [1, {key = 5}, {key = 'a', targets = 'x', ladder = [1]}]",
        "[calendars]\na = 1\n[calendars.b]\nweek = 5\nexceptions = 3\nholidays = 'DE'",
        "contacts = ['x']\nobjectives = [1]\ncoverage = 'x'\nterm = 4\nreview = []\ncredits = 'x'",
        "[credits]\nsteps = 'x'\n[[text]]\ntitle = 3\nclauses = 'x'\n[[text]]\nclauses = [1, {}]",
        "[[text]]\ntitle = 3\n[[tiers]]\nkey = 'a'\nname = 5\ncalendar = []\n[[tiers.targets]]\n"
        "within = 4\nkind = []\npriority = 3\n[[tiers.ladder]]\nat = 3\ntell = 5\nmeasure = 3",
        "[calendars.b]\nzone = 3\n[calendars.b.week]\nmon = 'x'\n[calendars.b.exceptions]\nx = 3",
        "[[tiers]]\nname = 'keyless'\n[[coverage]]\ntier = 3\n[[contacts]]\nparty = 3\nrole = 4",
        "[[tiers]]\nkey = 'a'\npauses = 3\nreopen = 'x'\n[[tiers.targets]]\nwithin = 4\nkind = []\n"
        "[[tiers.ladder]]\nat = 3\ntell = 5\nrepeat = 'x'\nactions = ['y']\nmeasure = 3",
    ],
)
def test_a_file_of_any_shape_is_shown_with_its_mistakes(client: FlaskClient, cast: Cast, text: str):
    sign_in(client, cast.jens)

    sent = {"preset": "file", "client": "0", "text": text}
    begun = client.post("/agreements/drafts/new", data=sent)

    if begun.status_code == 200:
        assert " must be a " in begun.text
        return
    page = client.get(begun.location)
    assert page.status_code == 200
    assert "Before it can be proposed" in page.text
    assert client.get(f"{begun.location}/file").status_code == 200
