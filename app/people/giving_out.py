"""How a team gives its tickets out, and how many tickets a person is given at most.

Managers settle it for every team, a lead for their own. Who gets a ticket then:
`app.tickets.distribution`.
"""

from collections.abc import Mapping

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people import queries, rostering
from app.people.models import Assigning, Person, Team

MOST = 999


def settle(
    team: Team, *, rule: Assigning, capacities: Mapping[int, int | None], by: Person
) -> None:
    """Give the team's tickets out by ``rule``; ``capacities`` are of its members, by id.

    None is no limit. Raises `Forbidden` for who neither manages nor leads the team, `NotFound`
    for somebody who is no member, `Refusal` for a number that is none.
    """
    check_may_settle(team, by)
    members = {member.id: member for member in queries.team_members(team.id)}
    for id, most in capacities.items():
        if id not in members:
            raise NotFound("There is no such member.")
        if most is not None and not 1 <= most <= MOST:
            raise Refusal(_("Write a number from 1 to %(most)s.", most=MOST), field=f"most_{id}")
        members[id].capacity = most
    team.assigning = rule
    db.session.flush()


def check_may_settle(team: Team, by: Person) -> None:
    """Raise `Forbidden` for whoever may not settle how this team gives its tickets out."""
    if not rostering.may_change(team, by):
        raise Forbidden(
            _("Only managers and the lead of %(team)s settle who gets its tickets.", team=team.name)
        )
