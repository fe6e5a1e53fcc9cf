"""What a requester thought of how a ticket went: said once, after it was resolved."""

from datetime import datetime, timedelta

from app import signatures
from app.database import db
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import Rating, Ticket
from app.tickets.words import DONE

PURPOSE = "rating"
WITHIN = timedelta(days=60)
"""How long after the solution it can be rated."""

LONGEST_COMMENT = 2000
POOR = 2
SCORES = {
    5: lazy_gettext("Very good"),
    4: lazy_gettext("Good"),
    3: lazy_gettext("Fair"),
    2: lazy_gettext("Poor"),
    1: lazy_gettext("Very poor"),
}
"""What each score is called, the best first."""


def is_open_to(ticket: Ticket, person: Person) -> bool:
    """Whether ``person`` is the one to ask, and has not said it before."""
    return ticket.requester_id == person.id and find_rating(ticket) is None


def may_rate(ticket: Ticket, person: Person, *, at: datetime) -> bool:
    """Whether ``person`` may say now how it went: the requester, once, after the solution."""
    return _why_not(ticket, person, at=at) is None


def rate(ticket: Ticket, *, score: int, comment: str, by: Person, at: datetime) -> Rating:
    """Keep what the requester thinks; no clock moves, and a poor score marks it unread.

    Raises `Refusal` for anybody else, before the solution, long after it, and a second time.
    """
    refusal = _why_not(ticket, by, at=at)
    if refusal is not None:
        raise Refusal(refusal)
    if score not in SCORES:
        raise Refusal(_("Choose one of the five."), field="score")
    if len(comment) > LONGEST_COMMENT:
        raise Refusal(
            _("Keep this under %(number)s characters.", number=LONGEST_COMMENT), field="comment"
        )
    rating = Rating(
        ticket_id=ticket.id, person_id=by.id, score=score, comment=comment.strip(), at=at
    )
    db.session.add(rating)
    db.session.flush()
    words = f"{by.name} rated it {score} of 5"
    note_down(ticket, "rated", by=by, at=at, words=words, score=score, reason=rating.comment)
    if score <= POOR:
        ticket.agent_unread = True
    return rating


def find_rating(ticket: Ticket) -> Rating | None:
    """What was said of the ticket."""
    return db.session.get(Rating, ticket.id)


def text_of(ticket_id: int, person_id: int) -> str:
    """What is signed in a letter's link: good for this rating alone, and it shows no more."""
    return f"{ticket_id}-{person_id}"


def meant_by(token: str) -> tuple[int, int]:
    """The ids of ticket and person in a letter's link; `NotFound` for none of ours."""
    ticket_id, _dash, person_id = (signatures.find_signed(token, purpose=PURPOSE) or "").partition(
        "-"
    )
    if not (ticket_id.isdecimal() and person_id.isdecimal()):
        raise NotFound("There is no such link.")
    return int(ticket_id), int(person_id)


def _why_not(ticket: Ticket, person: Person, *, at: datetime) -> str | None:
    if ticket.requester_id != person.id:
        return _("Only who asked for it says how it went.")
    if ticket.status not in DONE or ticket.resolved_at is None:
        return _("You can say how it went once it is solved.")
    if at > ticket.resolved_at + WITHIN:
        return _("It is long over: write a new request instead.")
    if find_rating(ticket) is not None:
        return _("You have told us already. Thank you.")
    return None
