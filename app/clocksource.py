"""Where the present instant comes from: the host, the database, or a row that tests move.

One clock per installation (escalation.md): PostgreSQL's own on PostgreSQL, the host's on
SQLite. While testing, web, worker and tests share a row that ``flask testclock`` sets.
"""

from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import wallclock
from app.database import Base, db, is_postgresql


class TestClock(Base):
    """The one row (id 1) that stands in for the clock while testing: an offset or an instant."""

    __tablename__ = "test_clock"
    __test__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def installed() -> datetime:
    """The installation's clock: aware UTC, whole seconds."""
    if not is_postgresql():
        return wallclock.host()
    asked = db.session.connection().exec_driver_sql("SELECT clock_timestamp()")
    at: datetime = asked.scalar_one()
    return at.astimezone(UTC).replace(microsecond=0)


def ticking() -> float:
    """The installation's clock in seconds since 1970, with the fraction of the second."""
    if not is_postgresql():
        return wallclock.host_s()
    return float(
        db.session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
    )


def testing() -> datetime:
    """The test clock's instant, or the installation's while nobody has set one."""
    return test_clock() or installed()


def test_clock() -> datetime | None:
    """The instant at which the test clock stands; None while nobody has set it."""
    return db.session.scalar(select(TestClock.at).where(TestClock.id == 1))


def set_test_clock(at: datetime | None) -> None:
    """Set the test clock to ``at``; None lets time run again."""
    row = db.session.get(TestClock, 1)
    if at is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(TestClock(id=1, at=at))
    else:
        row.at = at
