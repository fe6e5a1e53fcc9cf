"""Who is on call in the demo, what is done when a service fails, and what was agreed by hand."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.catalogue import plans
from app.catalogue import queries as catalogue
from app.database import db
from app.demo import cast
from app.people import rostering
from app.people.models import Person, Team
from app.tickets import agreeing, watching
from app.tickets.models import Ticket
from app.tickets.queries import for_change

WORKDAYS, WEEKEND = range(5), (5, 6)
SHIFTS = {
    "Network": (
        ("Tomás Rivera", WORKDAYS, "08:00", "18:00"),
        ("Lars Winkler", WORKDAYS, "18:00", "08:00"),
        ("Lars Winkler", WEEKEND, "10:00", "16:00"),
    ),
    "Clinical": (
        ("Jonas Okafor", WORKDAYS, "07:00", "19:00"),
        ("Ines Vogel", (*WORKDAYS, *WEEKEND), "19:00", "07:00"),
    ),
}
SWAP_REASON = "Family visit"
AGREED_SUBJECT = "Archive access for the auditor until the end of the month"


def add(*, at: datetime) -> None:
    """Rotas with a swap, a contingency plan, and a date agreed on one of the newest requests."""
    jens = cast.staff("Jens Adler")
    for name, shifts in SHIFTS.items():
        team = db.session.scalars(select(Team).where(Team.name == name)).one()
        for who, weekdays, starts, ends in shifts:
            rostering.add_shift(
                team, cast.staff(who), weekdays=weekdays, starts=starts, ends=ends, by=jens
            )
    _swap(jens, at=at)
    plans.add(
        "vpn-outage",
        title="Remote access fails for many",
        service=catalogue.request_type("vpn").service,
        steps=(
            "Check the gateway's status page and its certificate.",
            "Move the name to the second gateway; it is warm and has the same policy.",
            "Tell the clients' contacts: what fails, since when, when the next news comes.",
            "Open a case with the supplier and put its number on the ticket.",
            "An hour after the service is back, ask one person of each client whether it is.",
        ),
    )
    _agree(at=at)


def _swap(by: Person, *, at: datetime) -> None:
    """Tomás takes one of Lars's nights over."""
    team = db.session.scalars(select(Team).where(Team.name == "Network")).one()
    evening = datetime.combine(
        at.astimezone(ZoneInfo(team.zone)).date(), time(18), ZoneInfo(team.zone)
    )
    starts_at = evening + timedelta(days=(1 - evening.weekday()) % 7 + 7)
    rostering.swap(
        team,
        cast.staff("Tomás Rivera"),
        instead_of=cast.staff("Lars Winkler"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=14),
        reason=SWAP_REASON,
        by=by,
        at=at,
    )


def _agree(*, at: datetime) -> None:
    """The auditor's access: a date that the client accepted, and a colleague who watches it."""
    ticket_id = db.session.scalar(select(Ticket.id).where(Ticket.subject == AGREED_SUBJECT))
    if ticket_id is None:  # a demo too small for the requests that are shown first
        return
    ticket, mara = for_change(ticket_id), cast.staff("Mara Lindt")
    agreeing.agree(
        ticket,
        due_at=at.replace(hour=11, minute=0, second=0) + timedelta(days=3),
        reason="The auditor comes on that day and not before",
        accepted_by="Robert Achter, by telephone",
        by=mara,
        at=at,
    )
    watching.watch(
        ticket, who=cast.staff("Petra Weiss"), because="She signs for the archive", by=mara, at=at
    )
