"""What was signed is changed by no route, and what a client signed is seen by no other."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import loading
from app.agreements.models import AgreementVersion, Coverage, Rung, Signature, Target, Tier
from app.database import db, transaction
from app.negotiations import queries, signing
from app.people.models import GrantKind, SignatoryGrant
from tests.cast import NOW, PASSWORD
from tests.place import Place, agreement_of, is_of_parties, rules, verbs
from tests.security.conftest import Visits

TYPED = {
    "reason": "Because.",
    "title": "Everything for nothing",
    "name": "Everything",
    "text": "[agreement]",
    "clause": "4.2",
    "body": "Free of charge.",
    "clauses": "Free of charge.",
    "result": "Good.",
    "seconds": "1",
    "within": "1 s",
    "effective_from": "2026-11-19",
    "effective_on": "2026-12-31",
    "amount": "10",
    "current": PASSWORD,
    "confirmed": "1",
    "done": "1",
    "do": "propose",
    "how": "notice",
    "source": "{}",
    "digest": "0" * 64,
}
"""What somebody types into whatever form there is."""


def signed_rows(version_ids: set[int]) -> dict[str, list[Any]]:
    """Every row of what is in these versions, with their signatures."""
    db.session.rollback()
    tiers = select(Tier.id).where(Tier.version_id.in_(version_ids))
    wanted = {
        "versions": select(AgreementVersion.__table__).where(AgreementVersion.id.in_(version_ids)),
        "tiers": select(Tier.__table__).where(Tier.version_id.in_(version_ids)),
        "targets": select(Target.__table__).where(Target.tier_id.in_(tiers)),
        "rungs": select(Rung.__table__).where(Rung.tier_id.in_(tiers)),
        "coverage": select(Coverage.__table__).where(Coverage.version_id.in_(version_ids)),
        "signatures": select(Signature.__table__).where(Signature.version_id.in_(version_ids)),
    }
    return {name: sorted(map(repr, db.session.execute(query))) for name, query in wanted.items()}


def bound_by_both(place: Place) -> set[int]:
    """The version in force, and the one that both have signed for the new year."""
    cast = place.cast
    found = queries.open_proposal(agreement_of(cast))
    assert found is not None
    with transaction():
        digest = queries.offer_of(found).version.digest
        signing.sign(found, digest=digest, by=cast.martin, at=NOW)
        signing.sign(found, digest=digest, by=cast.jens, at=NOW)
    return {cast.workplace.version.id, cast.house.version.id, found.version_id}


@pytest.mark.parametrize("who", ["jens", "martin", "nora"])
def test_what_is_signed_is_changed_through_no_route(
    app: Flask, visit: Visits, place: Place, who: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    ids = bound_by_both(place)
    before = signed_rows(ids)
    client = visit(getattr(place.cast, who))

    posted = 0
    for rule in rules(app):
        if "POST" not in verbs(rule) or rule.endpoint in {"portal.sign_out", "portal.sign_in"}:
            continue
        for number in (1, 2) if "number" in rule.arguments else (None,):
            instead = {"number": number} if number else {}
            answer = client.post(place.url(app, rule, **instead), data=TYPED)
            assert answer.status_code < 500, rule.endpoint
            posted += 1

    assert posted > 100
    assert signed_rows(ids) == before
    for version in db.session.scalars(select(AgreementVersion).where(AgreementVersion.id.in_(ids))):
        assert loading.digest_of(version.source) == version.digest


def test_a_client_with_every_grant_sees_nothing_of_anothers_agreement(
    app: Flask, visit: Visits, place: Place
):
    cast = place.cast
    with transaction():
        for kind in GrantKind:
            db.session.add(
                SignatoryGrant(
                    person_id=cast.sigrid.id, organisation_id=cast.fjordbank.id, kind=kind
                )
            )
    sigrid = visit(cast.sigrid)

    asked = 0
    for rule in rules(app):
        if not is_of_parties(rule) or "key" not in rule.arguments:
            continue
        for verb in verbs(rule):
            seen = sigrid.open(place.url(app, rule), method=verb)
            never = sigrid.open(place.url(app, rule, key="there-is-none"), method=verb)
            assert (seen.status_code, seen.text) == (never.status_code, never.text), rule.endpoint
            assert seen.status_code in {400, 404}, rule.endpoint
            assert "Brenner" not in seen.text
            asked += 1
    assert asked > 10
