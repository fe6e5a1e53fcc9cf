"""Whoever comes back with a lease that ran out marks the letter all the same."""

from typing import Any

from sqlalchemy import update

from app.database import db
from app.mail import leasing
from app.mail.leasing import Lease
from app.mail.models import Letter
from tests.faults.planted import swap


def plant() -> None:
    swap(leasing, "_settle", settle)


def settle(lease: Lease, **values: Any) -> bool:
    statement = update(Letter).where(Letter.id == lease.letter_id)
    db.session.execute(statement.values(lease_until=None, **values))
    return True
