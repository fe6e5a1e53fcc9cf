"""A change of the demo's agreement that is under way: proposed, talked about, signed by one."""

import copy
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.agreements import stored
from app.agreements.models import Agreement
from app.agreements.words import Party
from app.database import db
from app.demo import cast
from app.negotiations import commenting, proposing, queries, signing
from app.people import queries as people
from app.people.models import Person

REASON = (
    "Finance closes its books on the first Saturday of a month. Incidents of high priority cost us"
    " half a day of payments each time: we ask for three hours instead of four."
)
CLAUSE = "Both parties look at the first three months of this version together, ticket by ticket."
AT_NIGHT = "Three hours are possible in service hours. Outside of them we would need another shift."
THANKS = "We read it until Friday and come back to you."


def add(*, at: datetime) -> None:
    """Martin Voss proposes and signs; Jens Adler says what he thinks of it and signs nothing."""
    with_client = select(Agreement).where(Agreement.client_id.is_not(None))
    agreement = db.session.scalars(with_client.order_by(Agreement.id)).first()
    martin = people.find_person_by_address(cast.address_of("Martin Voss", "brenner-voss.example"))
    assert agreement is not None
    assert martin is not None
    version = queries.newest_bound(agreement)
    assert version is not None
    begins_on = at.date() + timedelta(days=40)
    if version.effective_until is not None and begins_on > version.effective_until:
        return
    values = copy.deepcopy(stored.values_of(version))
    values["agreement"]["effective_from"] = begins_on
    values["text"][6]["clauses"].append(CLAUSE)
    for row in values["tiers"][0]["targets"]:
        if (row["measure"], row.get("priority")) == ("resolution", "high"):
            row["within"] = "3 h"
            row.pop("sentence", None)
    proposal = proposing.propose(
        values,
        party=Party.CLIENT,
        reason=REASON,
        by=martin,
        at=at - timedelta(days=2),
        plan=_plan(begins_on, martin),
        check_on=begins_on + timedelta(days=90),
    )
    offer = queries.offer_of(proposal)
    jens = cast.staff("Jens Adler")
    signing.sign(
        proposal, digest=offer.version.digest, by=martin, at=at - timedelta(days=2, minutes=-9)
    )
    commenting.comment(offer, clause="4.2", body=AT_NIGHT, by=jens, at=at - timedelta(hours=21))
    commenting.comment(
        offer, clause=commenting.WHOLE, body=THANKS, by=jens, at=at - timedelta(hours=20)
    )


def _plan(begins_on: date, martin: Person) -> list[dict[str, object]]:
    return [
        {
            "what": "Extend the rota of the service desk by a shift on Saturdays",
            "owner_id": cast.staff("Petra Weiss").id,
            "due_on": begins_on - timedelta(days=10),
        },
        {
            "what": "Tell finance what holds from then on",
            "owner_id": martin.id,
            "due_on": begins_on - timedelta(days=3),
        },
    ]
