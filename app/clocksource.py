"""Where the present instant comes from: the host, the database, or a row that tests move.

One clock per installation (escalation.md): PostgreSQL's own on PostgreSQL, the host's on
SQLite. While testing, web, worker and tests share a row that ``flask testclock`` sets.
"""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app import driver, wallclock
from app.database import Base, db, is_postgresql


class TestClock(Base):
    """The one row (id 1) that stands in for the clock while testing: an offset or an instant."""

    __tablename__ = "test_clock"
    __test__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def installed() -> datetime:
    """The installation's clock: aware UTC, whole seconds."""
    return datetime.fromtimestamp(int(ticking()), UTC)


def ticking() -> float:
    """The installation's clock in seconds since 1970, with the fraction of the second."""
    if not is_postgresql():
        return wallclock.host_s()
    began_s = _just_began_s()
    if began_s is not None:
        return began_s
    asked = db.session.connection().exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())")
    return float(asked.scalar_one())


def _just_began_s() -> float | None:
    """What PostgreSQL's clock said as a transaction began that begins here; None in an older one.

    One that waited for something meanwhile must ask what time it is.
    """
    if db.session().in_transaction():
        return None
    return driver.began_s(db.session.connection())


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
