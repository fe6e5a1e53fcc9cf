"""The demo's saved views: one for everybody at the desk, one of Mara's own."""

from datetime import datetime

from app.demo.cast import DOMAIN, address_of
from app.people import queries
from app.people.models import Person
from app.tickets import views

SHARED = ("Petra Weiss", "Urgent, nobody has it", "scope=unassigned&priority=urgent&priority=high")
OWN = ("Mara Lindt", "Mine, without the waiting", "scope=needs-agent&assignee=me")


def add(*, at: datetime) -> None:
    """Save the views, as of ``at``."""
    for (name, title, query), is_shared in ((SHARED, True), (OWN, False)):
        by = _person(name)
        views.save(name=title, query=query, is_shared=is_shared, team=None, by=by, at=at)


def _person(name: str) -> Person:
    found = queries.find_person_by_address(address_of(name, DOMAIN))
    assert found is not None, name
    return found
