"""Pages of management give every sentence to the catalogues, though only English is kept of them.

As `tests.test_languages_whole`: they speak a language in which only what was translated looks
translated, and whatever stays in plain letters the database holds, or `NAMES` lists.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import claims, drawing, waking, wallclock
from app.agreements.models import AgreementEvent, AgreementVersion
from app.calendars.models import CalendarVersion
from app.catalogue.models import ContingencyPlan
from app.clocks import checking
from app.clocks.checking import Difference, Drift, Report
from app.clocks.state import Phase
from app.database import db, transaction
from app.escalation import parking
from app.escalation.models import EscalationTrouble
from app.http import visitors
from app.mail.kinds import KINDS
from app.mail.models import Letter, LetterState
from app.manage import letter_words, pdf
from app.measures.backlog import Flow
from app.measures.cohort import State
from app.people import joining, signing_in
from app.people.models import Absence, Person, Role, RotaSwap, Team
from app.qualifications.models import HeldQualification, Qualification
from app.tickets.models import HistoryEntry
from tests import place as stage
from tests import pseudo
from tests import test_languages_whole as whole
from tests.cast import NOW, PASSWORD, sign_in
from tests.manage.test_ladders import typed
from tests.measures import rows as promises
from tests.place import Place, rules, verbs

pytestmark = pytest.mark.any_database

OWN = (
    Absence.reason,
    AgreementEvent.facts,
    AgreementVersion.digest,
    AgreementVersion.source,
    CalendarVersion.definition,
    ContingencyPlan.key,
    ContingencyPlan.steps,
    ContingencyPlan.title,
    EscalationTrouble.error,
    HeldQualification.proof,
    Letter.to_address,
    Qualification.name,
    RotaSwap.reason,
)
"""What management wrote and signed, besides what `tests.test_languages_whole` names."""

NAMES = {
    "Pledge",
    "Berlin",
    "CSV",
    "EUR",
    "Germanujo",
    "JST",
    "OSError",
    "PDF",
    "PLEDGE_MAIL_SERVER",
    "SHA-256",
    "min",
}
"""Words that are the same in every language; "Germanujo" is Germany in Babel's Esperanto."""
TYPED = {"a wedding", "noon"}
"""What the tests write into forms."""

CODE = re.compile("[a-z_]+")
"""What stands for a word in the database, as "urgent" does: the page has to say its own."""
DUE = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo.teach(monkeypatch)
    monkeypatch.setattr(visitors, "COMPLETE", (*visitors.COMPLETE, "manage"))
    monkeypatch.setattr(pdf, "is_possible", lambda: False)


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    with stage.set_up() as place:
        whole.everybody_reads_it()
        with transaction():
            db.session.execute(update(Letter).values(language=pseudo.TAG))
        yield place


def known() -> set[str]:
    """What the database holds: whole sentences and names, no codes of ours."""
    rows = [row for column in (*whole.OWN, *OWN) for row in db.session.scalars(select(column))]
    said = {line.strip() for text in whole.texts_of(rows) for line in text.splitlines()}
    people = set(db.session.scalars(select(Person.name)))
    names = {name.split()[0] for name in people} | {drawing.initials(name) for name in people}
    said = {text for text in said if not CODE.fullmatch(text)}
    return NAMES | TYPED | names | said | {text.replace(" %", "\u202f%") for text in said}


def english_of(answers: dict[str, TestResponse]) -> dict[str, list[str]]:
    """What is English on the pages that answered, by page; nothing of those without any."""
    names = known()
    found = {page: pseudo.english_on(answer, known=names) for page, answer in answers.items()}
    return {page: said for page, said in found.items() if said}


@pytest.mark.parametrize("who", ["jens", "nora"])
def test_no_page_of_management_is_english(app: Flask, client: FlaskClient, place: Place, who: str):
    sign_in(client, getattr(place.cast, who))
    managed = [rule for rule in rules(app) if rule.endpoint.startswith("manage.")]
    answers = {
        f"{verb} {rule.endpoint}": client.open(
            place.url(app, rule), method=verb, data={} if verb == "POST" else None
        )
        for verb in ("GET", "POST")
        for rule in managed
        if verb in verbs(rule)
    }

    assert english_of(answers) == {}


EMPTY = (
    "/manage/absences",
    "/manage/agreements",
    "/manage/calendars",
    "/manage/ladders",
    "/manage/mail",
    "/manage/plans",
    "/manage/qualifications",
    "/manage/sight",
    "/manage/system",
    "/manage/teams",
    "/reports/weekly/2026-W46",
)


def test_no_page_with_nothing_on_it_is_english(app: Flask, client: FlaskClient):
    with wallclock.frozen(NOW):
        with transaction():
            halden = joining.add_organisation("Halden", zone="UTC", at=NOW, is_provider=True)
            jens = joining.add_person(
                "Jens Adler",
                organisation=halden,
                at=NOW,
                address="jens.adler@halden.example",
                role=Role.MANAGER,
            )
            jens.language = pseudo.TAG
            signing_in.set_password(jens, PASSWORD)
        sign_in(client, jens)
        pages = {address: client.get(address) for address in EMPTY}

    assert {page.status_code for page in pages.values()} == {200}
    assert english_of(pages) == {}


@pytest.fixture
def reader(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """Mara's browser; week 46 of 2026 has promises of every state."""
    with wallclock.frozen(NOW):
        house = promises.house()
        house.mara.language = pseudo.TAG
        signing_in.set_password(house.mara, PASSWORD)
        for _ in range(21):
            house.promise(DUE, breached=True, used_s=7200)
        house.promise(DUE)
        house.promise(DUE, Phase.RUNNING, breached=True, ticket=house.ticket(team_id=None))
        house.promise(DUE, Phase.CANCELLED, breached=True)
        house.promise(DUE, breached=True, excluded="known late")
        house.promise(None, Phase.PAUSED, ticket=house.ticket(assignee_id=None, team_id=None))
        house.promise(DUE - timedelta(days=7))
        house.promise(NOW + timedelta(minutes=5), Phase.RUNNING)
        db.session.commit()
        sign_in(client, house.mara)
        yield client


WEEKS = {
    "missed, and worse than before": "2026-W46",
    "kept": "2026-W45",
    "running": "2026-W47",
    "empty": "2026-W30",
    "empty, of two months": "2026-W27",
    "empty, of two years": "2026-W01",
    "empty, with a change of the clock": "2026-W43",
}
OF_A_FIGURE = "measure=resolution&service=0&in-team=0&priority=normal"


def test_no_week_is_told_in_english(reader: FlaskClient):
    weeks = {week: reader.get(f"/reports/weekly/{name}") for week, name in WEEKS.items()}
    team = {"of a team": reader.get("/reports/weekly/2026-W46?team=network")}

    assert english_of(weeks | team) == {}
    assert pseudo.wide("still open") in weeks["missed, and worse than before"].text
    assert pseudo.wide("No promise fell due in this week.") in weeks["empty"].text


def test_no_list_behind_a_week_is_english(reader: FlaskClient):
    week = "/reports/weekly/2026-W46"
    lists = [f"{week}/promises?state={state.value}" for state in State]
    lists += [f"{week}/tickets?flow={flow.value}" for flow in Flow]
    lists += [f"{week}/promises?{OF_A_FIGURE}", "/reports/weekly/2026-W30/promises"]

    assert english_of({address: reader.get(address) for address in lists}) == {}


def test_no_word_of_the_table_of_a_week_is_english_but_its_head(reader: FlaskClient):
    table = reader.get("/reports/weekly/2026-W46.csv").text.splitlines()[1:]

    assert table != []
    assert pseudo.english("\n".join(table), known=known() | {"2026-W46"}) == []


def test_no_absence_is_told_in_english(client: FlaskClient, place: Place):
    cast = place.cast
    sign_in(client, cast.jens)
    form = {
        "person": cast.tomas.id,
        "starts": "2026-11-18T08:00",
        "ends": "2026-11-20T08:00",
        "substitute": cast.mara.id,
    }
    client.post("/manage/absences/new", data=form)
    client.post("/manage/absences/new", data={**form, "person": cast.petra.id, "substitute": 0})
    client.post("/manage/absences/new", data={**form, "person": cast.mara.id, "substitute": 3})
    for person in (cast.mara, cast.petra):
        client.post("/manage/absences/new", data={**form, "substitute": person.id})
    pages = {
        "everybody's": client.get("/manage/absences"),
        "too late": client.post("/manage/absences/new", data={**form, "ends": "2026-11-18T09:00"}),
        "a year far off": client.post(
            "/manage/absences/new", data={**form, "ends": "9026-11-18T09:00"}
        ),
        "of nobody": client.post("/manage/absences/1/substitute", data={"substitute": 0}),
    }
    with transaction():
        db.session.execute(
            update(Absence).values(starts_at=NOW - timedelta(days=1), substitute_id=None)
        )
    pages["nobody is there"] = client.get("/manage/absences")
    pages["her own"] = client.get("/desk/absence")

    assert english_of(pages) == {}


def test_no_rota_is_told_in_english(client: FlaskClient, place: Place):
    sign_in(client, place.cast.jens)
    rota = "/manage/teams/network/rota"
    shift = {"person": place.cast.mara.id, "starts": "08:00", "ends": "18:00"}
    pages = {
        "without a rota": client.get("/manage/teams/service-desk/rota"),
        "a gap": client.get(rota),
        "the clock changes": client.get(f"{rota}?week=2026-W43"),
        "empty in time": client.post(f"{rota}/shift", data={**shift, "ends": "08:00"}),
        "no time": client.post(f"{rota}/shift", data={**shift, "ends": "noon"}),
        "twice": client.post(f"{rota}/shift", data={**shift, "weekdays": ["0"]}),
    }
    for weekdays in (["1"], ["2", "3", "4"]):
        client.post(f"{rota}/shift", data={**shift, "ends": "06:00", "weekdays": weekdays})
    pages["shifts"] = client.get(rota)
    swap = {"person": place.cast.mara.id, "starts": "2026-11-18T15:00", "ends": "2026-11-19T08:00"}
    pages["another swap"] = client.post(f"{rota}/swap", data={**swap, "reason": "a wedding"})
    with transaction():
        db.session.execute(update(Team).values(lead_id=place.cast.petra.id))
    pages["with a lead"] = client.get(f"{rota}?week=2026-W49")
    with wallclock.frozen(NOW + timedelta(days=3)):
        sign_in(client, place.cast.jens)
        pages["nobody on call"] = client.get(rota)
        with transaction():
            db.session.execute(update(Team).values(lead_id=None))
        pages["nobody at all"] = client.get(rota)

    assert english_of(pages) == {}


def test_no_hours_of_a_day_are_told_in_english(client: FlaskClient, place: Place):
    sign_in(client, place.cast.jens)
    calendar, version = place.made["calendar_id"], place.ticket.version_id
    url = f"/manage/calendars/{calendar}/versions/{version}/exceptions/new"
    form = {"on": "2026-11-18", "windows": "", "name": "a wedding", "reason": "a wedding"}
    pages = {
        "closed": client.post(url, data=form),
        "later": client.post(url, data={**form, "windows": "16:00–18:00"}),
        "the same": client.post(url, data={**form, "on": "2026-12-18"}),
        "sooner": client.post(url, data={**form, "windows": "08:00–20:00"}),
        "no hours": client.post(url, data={**form, "windows": "a wedding"}),
        "past": client.post(url, data={**form, "on": "2026-11-17"}),
        "set": client.post(url, data={**form, "confirmed": "2026-11-18 []"}, follow_redirects=True),
    }

    assert english_of(pages) == {}


def test_no_ladder_is_changed_in_english(client: FlaskClient, place: Place):
    sign_in(client, place.cast.jens)
    url = f"/manage/ladders/{place.made['tier_id']}/change"
    form = typed(client.get(url).text)
    form |= {
        "rungs-0-every": ["30 min"],
        "rungs-0-times": ["2"],
        "rungs-0-acknowledge": ["15 min"],
        "rungs-0-assign": ["team_lead"],
        "rungs-0-move": ["Network"],
        "rungs-0-raise_to": ["urgent"],
        "rungs-0-watch": ["manager"],
        "rungs-0-plan": ["vpn-outage"],
    }
    pages = {
        "preview": client.post(url, data={**form, "do": "preview"}),
        "one more": client.post(url, data={**form, "do": "add"}),
        "none": client.post(url, data={"do": "preview"}),
        "yesterday": client.post(url, data={**form, "effective_from": "2026-11-17", "do": "save"}),
        "saved": client.post(url, data={**form, "do": "save"}, follow_redirects=True),
        "saved meanwhile": client.post(url, data={**form, "do": "save"}),
        "all": client.get("/manage/ladders"),
    }

    assert english_of(pages) == {}


def test_no_letter_is_looked_at_in_english(client: FlaskClient, place: Place):
    sign_in(client, place.cast.jens)
    url = f"/manage/mail/{place.made['letter_id']}"
    pages = {"all": client.get("/manage/mail")}
    for state in LetterState:
        with transaction():
            sent_at = NOW if state is LetterState.SENT else None
            db.session.execute(update(Letter).values(state=state, sent_at=sent_at))
        pages[state] = client.get(url)
        pages[f"{state} again"] = client.post(f"{url}/sending", follow_redirects=True)
        pages[f"{state} back"] = client.post(f"{url}/return", data={"reason": "a wedding"})
        pages[f"all {state}"] = client.get(f"/manage/mail?state={state}")
    with transaction():
        db.session.execute(update(Letter).values(ticket_id=place.ticket.id))
    pages["of a ticket"] = client.get("/manage/mail")

    assert english_of(pages) == {}


def test_every_kind_of_letter_has_a_name_that_can_be_translated():
    assert {key: str(name) for key, name in letter_words.KINDS.items()} == {
        key: key.replace("-", " ").capitalize() for key in KINDS
    }


def test_nothing_that_stands_still_is_told_in_english(
    app: Flask, client: FlaskClient, place: Place
):
    sign_in(client, place.cast.nora)
    differences = (Difference("due_at", "10:00", "11:00"),)
    drift = Drift(place.ticket.id, place.made["clock_id"], "resolution", 1, differences)
    of_the_queue = Drift(place.ticket.id, None, "", 0, differences)
    with transaction():
        claims.beat(waking.FIRING, at=NOW - timedelta(hours=1))
        claims.beat(waking.SENDING, at=NOW - timedelta(hours=1))
        claims.beat(f"{claims.WORKER}a", at=NOW, detail={"step_s": 90, "is_held": True})
        claims.beat(f"{claims.JOB}sweep", at=NOW, detail={"error": "OSError", "tries": 2})
        checking.keep(Report(NOW, 3, 5, 0, ()))
    pages = {"trouble": client.get("/manage/system")}
    with transaction():
        claims.beat(f"{claims.WORKER}a", at=NOW, detail={"step_s": -90})
        checking.keep(Report(NOW, 3, 5, 2, (drift, of_the_queue)))
        parking.try_again(place.ticket.id, at=NOW)
    with wallclock.frozen(NOW + timedelta(days=2)):
        sign_in(client, place.cast.nora)
        pages["more trouble"] = client.get("/manage/system")

    assert english_of(pages) == {}


def test_what_machines_are_told_stays_english(client: FlaskClient, place: Place):
    answer = client.get("/healthz", headers={"Accept-Language": pseudo.TAG})

    assert answer.get_json()["reasons"] == ["The worker has never run: start flask worker."]


def test_what_the_history_keeps_stays_english(client: FlaskClient, place: Place):
    with wallclock.frozen(NOW + timedelta(days=1)):
        sign_in(client, place.cast.nora)
        url = f"/manage/system/tickets/{place.ticket.id}/dropping"
        assert english_of({"what is due": client.get(url)}) == {}
        client.post(url, data={"reason": "a wedding"})

    entry = db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.verb == "escalation-dropped")
    ).one()
    assert "75 % of resolution" in entry.facts["points"]
