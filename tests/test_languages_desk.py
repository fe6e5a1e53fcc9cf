"""Pages of the desk and of agreements go through the catalogues whole, though they are English.

They are told to speak every language (`COMPLETE`), and do so in that of `tests.pseudo`: whatever
stays in plain letters was never given to the catalogues. As `tests.test_languages_whole`.
"""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import drawing, languages, wallclock
from app.agreements.models import AgreementVersion, ContactTurn
from app.catalogue import plans
from app.catalogue.models import ContingencyPlan
from app.catalogue.words import Kind, Priority
from app.clocks.models import Clock
from app.database import db, transaction
from app.disputes.models import Dispute
from app.escalation import acknowledging, firing
from app.http import visitors
from app.negotiations import starting
from app.negotiations.models import Draft, PlanStep, Proposal
from app.obligations.models import ReviewAction
from app.tickets import (
    agreeing,
    assignment,
    calls,
    classification,
    conversation,
    copying,
    kept,
    lifecycle,
    linking,
    merging,
    planning,
    queries,
    rating,
    spam,
    tagging,
    unmerging,
    watching,
)
from app.tickets.conversation import Then
from app.tickets.desk_models import Macro
from app.tickets.models import Tag, Ticket
from app.tickets.search.fields import FIELDS
from app.tickets.words import CallOutcome
from tests import factories, pseudo
from tests.cast import NOW, Cast, sign_in
from tests.place import Place, rules, verbs
from tests.test_languages_whole import NAMES, OWN, texts_of
from tests.test_languages_whole import _wide as _wide
from tests.test_languages_whole import cast as cast
from tests.test_languages_whole import place as place

pytestmark = pytest.mark.any_database

SPOKEN = ("desk", "editor", "agenda", "hearings", "proposals")
ROOT = Path(__file__).parents[1]
WRITTEN = (
    *OWN,
    Macro.name,
    Macro.body,
    Tag.name,
    ContingencyPlan.title,
    ReviewAction.what,
    PlanStep.what,
    Dispute.claim,
    Proposal.reason,
    AgreementVersion.digest,
    ContactTurn.role,
)
"""What people wrote, and what was signed."""
NAMED = {"title", "name", "zone"}
"""The single words of an agreement that its pages quote; of its other texts only sentences."""
TYPED = {
    "desk.search": {word for field in FIELDS for word in (*field.values, field.example)},
    "editor.draft": {"managed-workplace-brenner-voss", "kept", "urgent"},
}
"""What is typed there is the same in every language: fields of a search, keys of a draft."""
THE_SAME = {"Berlin", "Germanujo", "name@company.example", "EUR", "GB"}
"""Places, units and what only shows how something is written."""


@pytest.fixture(autouse=True)
def _everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "COMPLETE", (*visitors.COMPLETE, *SPOKEN))


def known() -> set[str]:
    """What the database and the presets of agreements hold, and the names of things."""
    said = {str(text) for column in WRITTEN for text in db.session.scalars(select(column)) if text}
    said |= {step for steps in db.session.scalars(select(ContingencyPlan.steps)) for step in steps}
    for preset in starting.presets():
        said |= {preset.title, preset.about, *preset.tiers}
    for column in (AgreementVersion.source, Draft.values):
        for values in db.session.scalars(select(column)):
            said |= {text for text in texts_of(values) if " " in text} | set(named_in(values))
    said |= {line.strip() for text in said for line in text.splitlines()}
    said |= {text.replace(" %", "\N{NARROW NO-BREAK SPACE}%") for text in said}
    said |= {f"{text[:68]} …" for text in said if len(text) >= 70}
    return said | NAMES | THE_SAME | {drawing.initials(name) for name in said}


def named_in(values: object) -> Iterator[str]:
    if isinstance(values, dict):
        yield from (v for k, v in values.items() if k in NAMED and isinstance(v, str))
    if isinstance(values, dict | list):
        for each in values.values() if isinstance(values, dict) else values:
            yield from named_in(each)


@pytest.mark.parametrize("who", ["mara", "jens", "martin"])
def test_no_page_of_the_desk_and_of_agreements_is_english(
    app: Flask, client: FlaskClient, place: Place, who: str
):
    sign_in(client, getattr(place.cast, who))
    said = known()
    found = {}
    for rule in rules(app):
        if rule.endpoint.partition(".")[0] not in SPOKEN:
            continue
        for verb in verbs(rule):
            answer = client.open(
                place.url(app, rule), method=verb, data={} if verb == "POST" else None
            )
            typed = next((words for page, words in TYPED.items() if page in rule.endpoint), set())
            found[f"{verb} {rule.endpoint}"] = pseudo.english_on(answer, known=said | typed)

    assert {page: texts for page, texts in found.items() if texts} == {}


def test_the_end_of_what_is_coming_is_told_in_the_readers_language(
    client: FlaskClient, place: Place
):
    sign_in(client, place.cast.jens)

    page = client.get("/manage/reviews?from=2040-01-01")

    assert pseudo.wide("End of the list.") in page.text
    assert pseudo.english_on(page, known=known()) == []


BROKEN = """
[agreement]
title = "Brenner"
effective_from = 2020-01-01
colour = "red"
[calendars.b.week]
mon = "x"
[[tiers]]
key = "a"
calendar = "b"
[[tiers.targets]]
measure = "resolution"
within = "4 hourz"
clause = "9.9"
"""


def test_no_mistake_in_a_draft_is_told_in_english(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    begun = client.post(
        "/agreements/drafts/new", data={"preset": "file", "client": "0", "text": BROKEN}
    )

    page = client.get(begun.location)

    assert pseudo.wide("Fill this in.") in page.text
    assert pseudo.wide(" is no duration; write ") in page.text
    assert pseudo.wide("Is no key here; these are: ") in page.text
    assert not re.search(r"is no duration|is no key|is missing|is not a list", page.text)


def much_happens(ticket: Ticket, cast: Cast) -> None:
    """Nearly everything that a ticket's history can tell of."""
    of_mara = {"by": cast.mara, "at": NOW}
    other = factories.open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Which gateway?")
    plan = plans.add("gateway", title="VPN outage", service=None, steps=["Call the line"])
    deeds = [
        partial(tagging.tag, typed="vpn", **of_mara),
        partial(tagging.untag, typed="vpn", **of_mara),
        partial(assignment.assign, assignee=cast.tomas, team=cast.network, **of_mara),
        partial(assignment.assign, assignee=None, team=None, **of_mara),
        partial(assignment.take, **of_mara),
        partial(watching.watch, who=cast.petra, because="a reason", **of_mara),
        partial(watching.unwatch, who=cast.petra, **of_mara),
        partial(copying.put_in_copy, who=cast.martin, **of_mara),
        partial(copying.take_out, who=cast.martin, **of_mara),
        partial(classification.prioritise, priority=Priority.URGENT, reason="a reason", **of_mara),
        partial(
            classification.correct,
            kind=Kind.QUESTION,
            service_id=None,
            request_type=None,
            reason="a reason",
            **of_mara,
        ),
        partial(
            classification.correct_requester, requester=cast.martin, reason="a reason", **of_mara
        ),
        partial(
            agreeing.agree,
            due_at=NOW + timedelta(days=3),
            reason="a reason",
            accepted_by="Martin Voss",
            **of_mara,
        ),
        partial(agreeing.remove, reason="a reason", **of_mara),
        partial(planning.start, plan=plan, because="a reason", **of_mara),
        partial(conversation.note, body="Which gateway?", **of_mara),
        partial(
            calls.log_call,
            body="Which gateway?",
            outcome=CallOutcome.NOT_REACHED,
            happened_at=NOW,
            **of_mara,
        ),
        partial(conversation.reply, body="Which gateway?", then=Then.WAIT, **of_mara),
        partial(lifecycle.wait_for_vendor, reason="a reason", **of_mara),
        partial(lifecycle.resume, **of_mara),
        partial(spam.set_aside, reason="a reason", **of_mara),
        partial(spam.restore, reason="a reason", **of_mara),
        partial(lifecycle.resolve, solution="Which gateway?", **of_mara),
        partial(rating.rate, score=2, comment="a reason", by=cast.martin, at=NOW),
        partial(lifecycle.reopen, reason="a reason", **of_mara),
    ]
    for deed in deeds:
        with transaction():
            deed(queries.for_change(ticket.id))
    with transaction():
        pair = merging.for_both(other.id, ticket.id)
        merging.merge(*pair, reason="a reason", **of_mara)
    with transaction():
        pair = merging.for_both(other.id, ticket.id)
        unmerging.unmerge(*pair, reason="a reason", **of_mara)
        linking.link(*pair, linking.Relation.RELATED, **of_mara)
        linking.unlink(*pair, **of_mara)


def test_no_history_of_a_ticket_is_english(client: FlaskClient, cast: Cast):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    much_happens(ticket, cast)
    late = NOW + timedelta(days=2)
    with wallclock.frozen(late):
        firing.fire_due(lambda: late, budget_s=60)
        with transaction():
            acknowledging.acknowledge_all(queries.for_change(ticket.id), by=cast.mara, at=late)
        sign_in(client, cast.mara)
        pages = ["history", "ladder", "", *(f"why/{clock.id}" for clock in clocks_of(ticket))]
        said = known() | {"a reason"}
        found = {
            page: pseudo.english_on(
                client.get(f"/desk/tickets/{ticket.id}/{page}".rstrip("/")), known=said
            )
            for page in pages
        }
        found["queue"] = pseudo.english_on(client.get("/desk/views/all-open"), known=said)

    assert {page: texts for page, texts in found.items() if texts} == {}


def clocks_of(ticket: Ticket) -> list[Clock]:
    return list(db.session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)))


KEEPING = ("app/tickets", "app/escalation")
"""The packages whose rows keep sentences."""
KEPT_AS = {"words", "why"}
TOLD_TOGETHER = "4 of 4 not told: 4 came first"
"""What `story.told` puts together itself."""


def kept_sentences() -> set[str]:
    """What their code keeps as ``words`` or ``why``, with "4" for what is filled in."""
    files = [file for place in KEEPING for file in sorted((ROOT / place).rglob("*.py"))]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    given = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg in KEPT_AS]
    set_to = [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and KEPT_AS & {*map(name_of, node.targets)}
    ]
    return {said for value in (*given, *set_to) for said in sentences_in(value)} - {TOLD_TOGETHER}


def name_of(target: ast.AST) -> str:
    return str(getattr(target, "attr", getattr(target, "id", "")))


def sentences_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "4" for one in node.values)
        yield "".join(map(str, parts)).removeprefix("; ")
    elif isinstance(node, ast.Constant) and str(node.value)[:1].isupper():
        yield str(node.value)
    elif isinstance(node, ast.IfExp | ast.BinOp):
        for each in ast.iter_child_nodes(node):
            yield from sentences_in(each)


def test_every_sentence_that_a_row_keeps_has_its_words(app: Flask):
    sentences = kept_sentences()
    with app.app_context(), languages.speaking(pseudo.TAG):
        bare = {said for said in sentences if re.search("[A-Za-z]{2}", kept.part(kept.said(said)))}

    assert len(sentences) > 30
    assert bare == set()
    assert kept.said("Taken by Mara Lindt") == "Taken by Mara Lindt"


@pytest.mark.parametrize(
    "because",
    [
        "there is nothing of that left to take back",
        "too much has happened to the ticket since",
    ],
)
def test_why_an_answer_that_came_back_counts_has_its_words(app: Flask, because: str):
    with app.app_context(), languages.speaking(pseudo.TAG):
        told = kept.said(f"The answer came back, but counts: {because}")

    assert pseudo.english(told, known=()) == []


def test_what_people_wrote_is_told_as_they_wrote_it(app: Flask):
    with app.app_context(), languages.speaking(pseudo.TAG):
        told = kept.said("We wait for a part; it comes on Monday")

    assert told == "We wait for a part; it comes on Monday"
