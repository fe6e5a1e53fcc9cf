"""Telling of qualifications that end: 30 and 7 days before, the holder and their teams' leads.

Run twice or missed for days it does no harm: a notice of one event goes to a person once, and
what was missed is told late, unless it was renewed meanwhile. Source: issue "The agreement,
signed and alive", Qualifications.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.notices import telling
from app.people.models import Person, Team, TeamMember
from app.qualifications import holding
from app.qualifications.holding import Held

DAYS_BEFORE = (7, 30)


def to_announce(at: datetime) -> list[Held]:
    """What ends within the next 30 days and was not renewed beyond."""
    furthest = (at + timedelta(days=max(DAYS_BEFORE) + 1)).date()
    ending = [
        held
        for held in holding.held_now(at=at, last_on=furthest)
        if held.days_left is not None and 0 <= held.days_left <= max(DAYS_BEFORE)
    ]
    if not ending:
        return []
    all_held = holding.held_now(at=at, person_ids={held.person.id for held in ending})
    return [held for held in ending if not any(_outlasts(other, held) for other in all_held)]


def announce(at: datetime) -> int:
    """Tell of what ends; how many people were told now."""
    return sum(_announce(held, at=at) for held in to_announce(at))


def _announce(held: Held, *, at: datetime) -> int:
    """Of several days that have come only the last is told of."""
    days = next(
        days for days in DAYS_BEFORE if held.days_left is not None and held.days_left <= days
    )
    facts = {
        "name": held.qualification.name,
        "holder": held.person.name,
        "expires_on": held.expires_on.isoformat() if held.expires_on else "",
        "days": held.days_left,
    }
    told = [
        telling.tell(
            person,
            "qualification-ends",
            event=f"qualification-ends:{held.id}:{days}",
            at=at,
            facts=facts | {"is_own": person.id == held.person.id},
        )
        for person in (held.person, *_leads_of(held.person))
    ]
    return sum(notice is not None for notice in told)


def _leads_of(person: Person) -> list[Person]:
    query = (
        select(Person)
        .join(Team, Team.lead_id == Person.id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.person_id == person.id, Person.is_active, Person.id != person.id)
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def _outlasts(other: Held, held: Held) -> bool:
    """Whether ``other`` is the same qualification of the same person for longer."""
    is_same = (other.person.id, other.qualification.id) == (held.person.id, held.qualification.id)
    if not is_same or other.id == held.id or held.expires_on is None:
        return False
    return other.expires_on is None or other.expires_on > held.expires_on
