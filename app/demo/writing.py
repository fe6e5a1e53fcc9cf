"""What the demo's agents write with: macros of everybody and of a team, and signatures."""

from datetime import datetime

from sqlalchemy import select

from app.catalogue.words import Priority
from app.database import db
from app.demo import cast
from app.people.models import Person, Team
from app.tickets import macros
from app.tickets.macro_changes import Changes
from app.tickets.macros import Content

SIGNED = ("Mara Lindt", "Petra Weiss", "Tomás Rivera")
SHARED = (
    (
        "Ask for the client log",
        "Good afternoon {{requester.first_name}},\n\n"
        "could you send us the **client log** of one machine for {{ticket.ref}}?\n\n"
        "1. In the VPN window choose *Help*, then *Save log*.\n"
        "2. Answer this message with the file.\n",
        Changes(status="wait"),
    ),
    (
        "Solved: is it better now?",
        "Good afternoon {{requester.first_name}},\n\n"
        "this should work again. If it does not, answer and it goes on at once.\n",
        Changes(status="resolve"),
    ),
    (
        "Many are affected",
        "Good afternoon {{requester.first_name}},\n\n"
        "you are not alone: several people report the same. We are on it together.\n",
        Changes(priority=Priority.URGENT, tags=("major",)),
    ),
)


def add(*, at: datetime) -> None:
    """Macros to choose from, and signatures beneath the letters of three agents."""
    jens, petra = cast.staff("Jens Adler"), cast.staff("Petra Weiss")
    for name, body, changes in SHARED:
        _macro(name, body, changes, by=jens, at=at)
    _macro(
        "Handed to the vendor",
        "Case opened with the vendor; its number follows here.",
        Changes(status="waiting_vendor", tags=("vendor",)),
        by=jens,
        at=at,
        is_note=True,
    )
    desk = db.session.scalars(select(Team).where(Team.lead_id == petra.id)).first()
    if desk is not None:
        body = "Good afternoon {{requester.first_name}}, I take care of this myself."
        _macro("I take it", body, Changes(assignee="me"), by=petra, at=at, team=desk)
    for name in SIGNED:
        cast.staff(name).signature = f"{name}\nHalden service desk"


def _macro(
    name: str,
    body: str,
    changes: Changes,
    *,
    by: Person,
    at: datetime,
    is_note: bool = False,
    team: Team | None = None,
) -> None:
    content = Content(
        name=name, body=body, is_note=is_note, changes=changes, is_own=False, team=team
    )
    macros.add(content, by=by, at=at)
