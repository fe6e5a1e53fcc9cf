"""``flask people``: add people, teams and absences by hand, until there are pages for it."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import wallclock
from app.database import db, transaction
from app.errors import Refusal
from app.people import absences, joining, queries, signing_in
from app.people.models import Person, Role, Team, TeamMember


@click.group()
def people() -> None:
    """People, teams and absences."""


@people.command()
@click.argument("name")
@click.argument("address")
@click.option("--organisation", required=True, help="Its name; agreements bring theirs along.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default="requester",
    show_default=True,
)
@click.option("--team", default=None, help="A team to belong to; it is made when missing.")
@click.option("--lead", is_flag=True, help="Lead that team.")
@click.password_option(help="At least 12 characters; asked for when not given.")
@with_appcontext
def add(
    name: str,
    address: str,
    organisation: str,
    role: str,
    team: str | None,
    lead: bool,
    password: str,
) -> None:
    """Add NAME with the mail ADDRESS."""
    try:
        with transaction():
            found = queries.find_organisation_by_name(organisation)
            if found is None:
                raise Refusal(f"There is no organisation {organisation!r}.")
            person = joining.add_person(
                name, organisation=found, at=wallclock.now(), address=address, role=Role(role)
            )
            signing_in.set_password(person, password)
            if team:
                _join(person, team, lead=lead, zone=found.zone)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{name} may sign in as {address.lower()} ({role}).")


@people.command()
@click.argument("address")
@click.argument("first", metavar="FROM", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("until", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--substitute", default=None, help="The mail address of who stands in.")
@with_appcontext
def absent(address: str, first: datetime, until: datetime, substitute: str | None) -> None:
    """Note that ADDRESS is away from FROM to UNTIL (dates, UTC; UNTIL is the first day back)."""
    try:
        with transaction():
            away, stand_in = _person(address), _person(substitute) if substitute else None
            absences.note(
                away,
                starts_at=first.replace(tzinfo=UTC),
                ends_at=until.replace(tzinfo=UTC),
                substitute=stand_in,
                reason="",
                by=None,
                at=wallclock.now(),
            )
            instead = f"; {stand_in.name} stands in" if stand_in else ""
            said = f"{away.name} is away until {until:%Y-%m-%d}{instead}."
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(said)


def _person(address: str) -> Person:
    found = queries.find_person_by_address(address)
    if found is None:
        raise click.ClickException(f"Nobody here has the address {address}.")
    return found


def _join(person: Person, name: str, *, lead: bool, zone: str) -> None:
    team = db.session.scalar(select(Team).where(Team.name == name))
    team = team or joining.add_team(name, zone=zone)
    db.session.add(TeamMember(team_id=team.id, person_id=person.id))
    if lead:
        team.lead_id = person.id
