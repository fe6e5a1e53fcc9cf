"""Both parties on the pages of a proposal, from the first look to the second signature."""

import hashlib
import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import wallclock
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.words import Party
from app.database import db, transaction
from app.mail.models import Letter
from app.negotiations import plans, proposing, queries
from app.negotiations.models import Decision, Proposal
from app.notices import gathering
from app.notices.models import Notice
from app.people import grants
from app.people.models import GrantKind
from tests import cast as stage
from tests.cast import NOW, PASSWORD, Cast, sign_in
from tests.negotiations.texts import changed

PROPOSAL = "/agreements/managed-workplace-brenner-voss/proposals/2"


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    version = db.session.get_one(AgreementVersion, cast.workplace.version.id)
    with transaction():
        return proposing.propose(
            changed(version),
            party=Party.CLIENT,
            reason="Finance works on Saturdays now.",
            by=cast.martin,
            at=NOW,
            plan=[{"what": "Extend the rota", "due_on": NOW.date(), "owner_id": cast.jens.id}],
        )


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def sign(client: FlaskClient, **instead: str):
    page = client.get(f"{PROPOSAL}/sign").text
    data = {"digest": digest_on(page), "current": PASSWORD, **instead}
    return client.post(f"{PROPOSAL}/sign", data=data), page


def signatures() -> int | None:
    return db.session.scalar(
        select(func.count(Signature.id)).where(Signature.person_id.is_not(None))
    )


def test_what_is_signed_is_shown_letter_by_letter_and_asks_for_the_password(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    sign_in(client, cast.jens)

    answer, page = sign(client, current="a guess")

    assert (answer.status_code, signatures()) == (200, 0)
    assert "This is not your present password." in answer.text
    shown = re.search(r'<pre class="prop-canonical"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert shown is not None
    text = html.unescape(shown[1])
    assert hashlib.sha256(text.encode()).hexdigest() == digest_on(page)

    assert sign(client)[0].status_code == 303
    assert signatures() == 1


def test_the_second_signature_binds_and_both_letters_carry_digest_and_copy(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    for person in (cast.jens, cast.martin):
        sign_in(client, person)
        assert sign(client)[0].status_code == 303

    assert db.session.get_one(Proposal, proposal.id).decision is Decision.ACCEPTED
    assert "Signed by both" in client.get(PROPOSAL).text
    with transaction():
        gathering.gather(NOW)
    letters = db.session.scalars(select(Letter).where(Letter.kind == "agreement-signed")).all()
    bound = [letter for letter in letters if letter.facts["is_bound"]]
    assert sorted(letter.to_name for letter in bound) == ["Jens Adler", "Martin Voss"]
    for letter in bound:
        copy = letter.facts["enclosed"]["text"].encode()
        assert hashlib.sha256(copy).hexdigest() == letter.facts["digest"]


def test_who_may_not_sign_is_told_so_and_signs_nothing(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    digest = queries.offer_of(proposal).version.digest
    for person in (cast.nora, cast.jens):
        sign_in(client, person)
        page = client.get(f"{PROPOSAL}/sign").text
        assert ('name="digest"' in page) is (person == cast.jens)
    sign_in(client, cast.nora)
    data = {"digest": digest, "current": PASSWORD}
    assert client.post(f"{PROPOSAL}/sign", data=data).status_code == 403
    assert signatures() == 0


def test_a_version_that_was_changed_while_one_read_it_is_not_signed(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    sign_in(client, cast.jens)

    answer, _page = sign(client, digest="0" * 64)

    assert "This is not the version that you were shown" in answer.text
    assert signatures() == 0


def test_a_comment_stands_beside_its_clause_for_both(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    sign_in(client, cast.jens)
    said = {"clause": "4.2", "body": "At night, <b>too</b>?"}
    answer = client.post(f"{PROPOSAL}/comments", data=said)
    assert answer.location.endswith("#clause-4.2")
    assert (
        "There is no clause"
        in client.post(f"{PROPOSAL}/comments", data={**said, "clause": "99"}).text
    )

    sign_in(client, cast.martin)
    assert "At night, &lt;b&gt;too&lt;/b&gt;?" in client.get(PROPOSAL).text


def test_one_party_rejects_and_the_other_withdraws_each_with_a_reason(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    sign_in(client, cast.jens)
    assert "Say why." in client.post(f"{PROPOSAL}/rejection", data={}).text
    refused = client.post(f"{PROPOSAL}/withdrawal", data={"reason": "No."}).text
    assert "your own party proposed is withdrawn" in refused

    client.post(f"{PROPOSAL}/rejection", data={"reason": "Nobody works on Saturdays."})

    assert "Nobody works on Saturdays." in client.get(PROPOSAL).text
    assert db.session.get_one(Proposal, proposal.id).decision is Decision.REJECTED


def test_an_owner_finishes_a_step(client: FlaskClient, cast: Cast, proposal: Proposal):
    sign_in(client, cast.jens)

    client.post(f"{PROPOSAL}/plan/1", data={"done": "1"})

    assert "Not done after all" in client.get(PROPOSAL).text


def test_who_has_a_step_finishes_it_without_reading_the_agreement(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    step = f"{PROPOSAL}/plan/1"
    sign_in(client, cast.petra)
    assert client.get(step).status_code == client.post(step).status_code == 404
    with transaction():
        plans.steps_of(proposal)[0].owner_id = cast.petra.id

    assert "Extend the rota" in client.get(step).text
    done = client.post(step, data={"done": "1"}, follow_redirects=True).text

    assert "It was done" in done
    assert client.get(PROPOSAL).status_code == 404


def test_administrators_give_grants_and_managers_read_them(client: FlaskClient, cast: Cast):
    page = f"/manage/grants/{cast.brenner.id}"
    given = {"address": cast.elke.address, "kind": "contact"}
    sign_in(client, cast.jens)
    assert client.get(page).status_code == 200
    assert client.post(f"{page}/new", data=given).status_code == 403

    sign_in(client, cast.nora)
    assert client.post(f"{page}/new", data=given).status_code == 303
    assert grants.holds(cast.elke, cast.brenner.id, GrantKind.CONTACT)
    strange = client.post(f"{page}/new", data={**given, "address": cast.sigrid.address}).text
    assert "Sigrid Moe does not belong to Brenner &amp; Voss." in strange
    assert client.post(f"{page}/{cast.elke.id}/contact/taken").status_code == 303
    assert "took “Contact" in client.get(page).text


def test_a_counter_proposal_leads_to_what_differs_from_what_it_answers(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    version = db.session.get_one(AgreementVersion, cast.workplace.version.id)
    with transaction():
        proposing.propose(
            changed(version, clause="Both parties meet each month."),
            party=Party.PROVIDER,
            reason="Rather so.",
            by=cast.jens,
            at=NOW,
            counters_id=proposal.id,
        )
    sign_in(client, cast.martin)

    answer = client.get(PROPOSAL.replace("/2", "/3")).text

    assert "It answers version 2." in answer
    compared = client.get("/agreements/managed-workplace-brenner-voss/differences?from=2&to=3").text
    assert "each month" in compared
    assert "Version 3 answers it." in client.get(PROPOSAL).text


def test_the_agreement_says_what_waits(client: FlaskClient, cast: Cast, proposal: Proposal):
    sign_in(client, cast.martin)
    agreement = db.session.get_one(Agreement, proposal.agreement_id)

    listed = client.get(f"/agreements/{agreement.key}/proposals").text

    assert "Version 2" in listed
    assert "Propose a change" not in listed, "one at a time"


def test_the_bell_rings_for_a_proposal_and_leads_to_it(
    client: FlaskClient, cast: Cast, proposal: Proposal
):
    notice = db.session.scalars(select(Notice).where(Notice.kind == "agreement-proposed")).one()
    sign_in(client, cast.jens)

    assert "Martin Voss proposes version 2 of Managed workplace" in client.get("/notices").text
    answer = client.post(f"/notices/{notice.id}/reading")
    assert answer.location == PROPOSAL
