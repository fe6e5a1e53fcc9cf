"""The links of letters that open a page without a session: one of each."""

from typing import Any

from sqlalchemy import select

from app import signatures
from app.database import db
from app.mail import rendering
from app.mail.models import Letter
from app.people import joining, tokens
from app.people.models import Person, Purpose
from app.tickets import guests, opening, rating, unproven
from app.tickets.models import Ticket
from tests.cast import NOW, Cast


def made(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """The links of letters: a guest's, and those that a mailbox is proven with."""
    ruth = joining.add_person(
        "Ruth Becker", organisation=cast.fjordbank, address="ruth@fjordbank.example", at=NOW
    )
    asked = opening.open_ticket(
        requester=ruth,
        subject="A new telephone",
        body="Mine fell into the fjord.",
        priority=ticket.priority,
        kind=ticket.kind,
        by=ruth,
        channel=ticket.channel,
        at=NOW,
        request_type=cast.vpn_problem,
    )
    return {
        "token": guests.token_of(guests.link_for(asked, ruth, at=NOW)),
        "signed": signatures.sign(rating.text_of(asked.id, ruth.id), purpose=rating.PURPOSE),
        "join_token": _proven(Purpose.JOIN, facts={"name": "Ida Holm", "language": "en"}),
        "reset_token": _proven(Purpose.RESET, person=cast.sigrid),
        "proof_token": _proof(cast, ticket),
        "address_token": _proven(
            Purpose.CHANGE_ADDRESS, person=cast.elke, address="elke@new.example"
        ),
    }


def _proven(
    purpose: Purpose,
    *,
    person: Person | None = None,
    address: str | None = None,
    facts: dict[str, Any] | None = None,
) -> str:
    address = address or (str(person.address) if person else "ida@fjordbank.example")
    issued = tokens.issue(
        purpose, address=address, network="127.0.0.1", person=person, facts=facts, at=NOW
    )
    return rendering.secret_of(issued.seed)


def _proof(cast: Cast, ticket: Ticket) -> str:
    """The link that proves the mailbox of a request without an account."""
    request = unproven.file(
        once="asked by the tests",
        name="Ida Holm",
        address="ida@fjordbank.example",
        kind=cast.vpn_problem,
        subject="No tunnel",
        body="Since this morning.",
        priority=ticket.priority,
        language="en",
        network="127.0.0.1",
        known_only=False,
        at=NOW,
    )
    letter = db.session.scalars(
        select(Letter).where(Letter.to_address == request.address).order_by(Letter.id.desc())
    ).first()
    assert letter is not None
    return rendering.secret_of(letter.facts["seed"])
