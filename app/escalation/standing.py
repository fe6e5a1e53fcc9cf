"""Whether escalations run, and since when not: for the banner, and for administrators."""

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect

from app import claims, waking
from app.escalation import queries
from app.notices import telling
from app.people import queries as people

PATIENCE = timedelta(minutes=2)
STOPPED = "worker-stopped"


def standing_still_since(at: datetime) -> datetime | None:
    """The worker's last tick when it is older than two minutes, None while it runs.

    An installation whose worker never ran has nothing to stand still (escalation.md, "Finding
    what is due"); `/healthz` tells that.
    """
    beat = claims.last_beat(waking.FIRING)
    return still_since(beat.at if beat else None, at)


def still_since(last_tick: datetime | None, at: datetime) -> datetime | None:
    """As `standing_still_since`, for whoever has read `last_tick` already."""
    return last_tick if last_tick is not None and at - last_tick > PATIENCE else None


def last_tick() -> ScalarSelect[datetime]:
    """The instant of the worker's last tick, to be asked for beside something else."""
    return claims.beat_at(waking.FIRING)


def is_sending(at: datetime) -> bool:
    """Whether some worker's sending thread has given a sign of life lately."""
    beat = claims.last_beat(waking.SENDING)
    return beat is not None and at - beat.at <= PATIENCE


def tell_administrators(*, since: datetime, at: datetime) -> int:
    """Write to every administrator that nothing fires ``since`` then; how many were told.

    Once per standstill, whoever asks how often: the next one has another last tick, for the
    worker ran in between.
    """
    oldest = queries.oldest_due_at()
    facts = {
        "since": since.isoformat(),
        "oldest_due_at": oldest.isoformat() if oldest and oldest < at else None,
    }
    event = f"{STOPPED}:{since.isoformat()}"
    told = [
        telling.tell(person, STOPPED, event=event, at=at, facts=facts, urgent=True)
        for person in people.admins()
    ]
    return sum(notice is not None for notice in told)
