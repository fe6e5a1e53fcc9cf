"""How people want to be told: by letter, at the bell, both or neither, for each kind of event.

What keeps a promise, or asks somebody something, always comes by letter. Source: product.md,
"For everyone" (`/account`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, select

from app.database import db
from app.languages import lazy_gettext as _
from app.notices.models import NoticeChoice
from app.people.models import Person
from app.statements import built_once, is_numbered, rows


class Ways(NamedTuple):
    """The ways one event is told by."""

    by_letter: bool
    rings: bool


BOTH = Ways(by_letter=True, rings=True)
LETTER = Ways(by_letter=True, rings=False)
BELL = Ways(by_letter=False, rings=True)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A kind of notice one can choose about; ``ways`` is how it is told to who chose nothing."""

    kind: str
    label: Any
    ways: Ways = BOTH
    letter_is_fixed: bool = False


STAFF = (
    Event(kind="assigned", label=_("A ticket is given to me")),
    Event(
        kind="requester-answered",
        label=_("A requester writes on a ticket that I have or watch"),
        ways=BELL,
    ),
    Event(kind="escalation", label=_("A promise is at risk or broken"), letter_is_fixed=True),
    Event(kind="answer-came-back", label=_("An answer of mine did not arrive")),
    Event(kind="waiting-in-vain", label=_("A requester has not answered for days")),
    Event(kind="agreed-date", label=_("An agreed date is near")),
    Event(kind="plan-started", label=_("A contingency plan was started")),
    Event(kind="qualification-ends", label=_("A qualification ends, mine or of my team")),
)
"""What happens on tickets that one works on."""

REQUESTERS = (
    Event(
        kind="ticket-opened",
        label=_("My request has arrived"),
        ways=LETTER,
    ),
    Event(kind="ticket-acknowledged", label=_("Somebody has my request in hand"), ways=LETTER),
    Event(kind="ticket-replied", label=_("My request is answered")),
    Event(kind="ticket-resolved", label=_("My request is resolved")),
    Event(kind="still-waiting", label=_("You wait for my answer"), letter_is_fixed=True),
    Event(
        kind="resolved-unanswered",
        label=_("My request was resolved for want of an answer"),
        letter_is_fixed=True,
    ),
    Event(kind="client-promise", label=_("A promise to me is at risk"), letter_is_fixed=True),
    Event(kind="ticket-merged", label=_("My request goes on in another one")),
    Event(kind="ticket-unmerged", label=_("My request goes on by itself again")),
    Event(kind="put-in-copy", label=_("I am put in copy of a request")),
    Event(kind="requester-wrote", label=_("Somebody else writes on a request of mine")),
    Event(kind="hours-exception", label=_("Your hours change on a day")),
    Event(
        kind="agreement-proposed",
        label=_("A version of an agreement for which I write or sign is proposed"),
        letter_is_fixed=True,
    ),
    Event(
        kind="agreement-signed",
        label=_("A version of an agreement for which I write or sign is signed"),
        letter_is_fixed=True,
    ),
    Event(
        kind="dispute",
        label=_("A dispute in which I decide or that I raised"),
        letter_is_fixed=True,
    ),
)
"""What happens on requests that one made or is in copy of."""

EVENTS = {event.kind: event for event in (*STAFF, *REQUESTERS)}


def events_for(person: Person) -> tuple[Event, ...]:
    """What this person can choose about."""
    return (*STAFF, *REQUESTERS) if person.is_agent else REQUESTERS


def ways_of(person_ids: Collection[int], kind: str) -> dict[int, Ways]:
    """How each of these people is told of an event of ``kind``; one statement for all."""
    event = EVENTS.get(kind)
    if event is None:
        return dict.fromkeys(person_ids, LETTER)
    chosen = rows(_chosen(), {"people": person_ids, "kind": kind})
    return dict.fromkeys(person_ids, event.ways) | {
        person_id: _within(event, Ways(by_letter, rings)) for person_id, by_letter, rings in chosen
    }


@built_once
def _chosen() -> Select[int, bool, bool]:
    """What some ``people`` chose about a ``kind``."""
    columns = select(NoticeChoice.person_id, NoticeChoice.by_letter, NoticeChoice.rings)
    people = is_numbered(NoticeChoice.person_id, "people")
    return columns.where(people, NoticeChoice.kind == bindparam("kind"))


def choices_of(person: Person) -> dict[str, Ways]:
    """How this person is told of each event, by its kind."""
    chosen = {
        choice.kind: Ways(choice.by_letter, choice.rings)
        for choice in db.session.scalars(
            select(NoticeChoice).where(NoticeChoice.person_id == person.id)
        )
    }
    return {
        event.kind: _within(event, chosen.get(event.kind, event.ways))
        for event in events_for(person)
    }


def choose(person: Person, wanted: Mapping[str, Ways]) -> None:
    """Let the person be told as ``wanted`` from now on; what is not in it stays as it is made.

    A letter that is fixed comes whatever is wanted; unknown kinds raise `ValueError`.
    """
    unknown = wanted.keys() - {event.kind for event in events_for(person)}
    if unknown:
        raise ValueError(f"Nobody can choose about {', '.join(sorted(unknown))}.")
    db.session.execute(delete(NoticeChoice).where(NoticeChoice.person_id == person.id))
    for kind, ways in wanted.items():
        event = EVENTS[kind]
        chosen = _within(event, ways)
        if chosen != event.ways:
            db.session.add(NoticeChoice(person_id=person.id, kind=kind, **chosen._asdict()))
    db.session.flush()


def _within(event: Event, ways: Ways) -> Ways:
    return ways._replace(by_letter=True) if event.letter_is_fixed else ways
