"""What the demo's clinical service requires, who holds it, and whose ends soon."""

from datetime import date, datetime, timedelta

from app.catalogue import queries as catalogue
from app.demo import cast
from app.qualifications import holding, offering

NAME = "Medical software"
HOLDERS = (
    ("Ines Vogel", "Certificate MS-2291, TÜV", None),
    ("Jonas Okafor", "Certificate MS-3107, TÜV", 21),
)
"""Who holds it, by which proof, and for how many days more; None: without end."""


def add(*, at: datetime) -> None:
    """The clinical team is qualified; one of them for three weeks more."""
    jens = cast.staff("Jens Adler")
    made = offering.add(
        NAME,
        description="Two days of training on software that counts as a medical device.",
        by=jens,
    )
    service = catalogue.find_service("clinical")
    assert service is not None, "the house agreement brings the service along"
    offering.require(service, [made], by=jens)
    for name, proof, days in HOLDERS:
        holding.record(
            cast.staff(name),
            made,
            since_on=date(at.year - 2, 3, 1),
            expires_on=at.date() + timedelta(days=days) if days else None,
            proof=proof,
            by=jens,
            at=at,
        )
