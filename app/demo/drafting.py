"""What is being written in the demo: an agreement for a client that has none of its own yet."""

from datetime import datetime, timedelta

from app.demo import cast
from app.negotiations import starting
from app.people import queries as people

WRITER = "Jens Adler"
CLIENT = "Fjordbank"
PRESET = "5-shops-and-branches"


def add(*, at: datetime) -> None:
    """Jens began a draft for the branches of Fjordbank yesterday; some contacts are missing."""
    client = people.find_organisation_by_name(CLIENT)
    draft = starting.from_preset(
        PRESET, client=client, by=cast.staff(WRITER), at=at - timedelta(days=1)
    )
    draft.values = {
        **draft.values,
        "agreement": {**draft.values["agreement"], "title": "Branches of Fjordbank"},
    }
