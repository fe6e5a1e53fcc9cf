"""The demo's saved views: one for everybody at the desk, one of Mara's own."""

from datetime import datetime

from app.demo import cast
from app.tickets import views

SHARED = ("Petra Weiss", "Urgent, nobody has it", "scope=unassigned&priority=urgent&priority=high")
OWN = ("Mara Lindt", "Mine, without the waiting", "scope=needs-agent&assignee=me")


def add(*, at: datetime) -> None:
    """Save the views, as of ``at``."""
    for (name, title, query), is_shared in ((SHARED, True), (OWN, False)):
        by = cast.staff(name)
        views.save(name=title, query=query, is_shared=is_shared, team=None, by=by, at=at)
