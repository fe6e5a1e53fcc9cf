"""Whether escalations run, and since when not: for the banner on every staff page."""

from datetime import datetime, timedelta

from app import claims

FIRING = "firing"
PATIENCE = timedelta(minutes=2)


def standing_still_since(at: datetime) -> datetime | None:
    """The worker's last tick when it is older than two minutes, None while it runs.

    An installation whose worker never ran has nothing to stand still (escalation.md, "Finding
    what is due"); `/healthz` tells that.
    """
    beat = claims.last_beat(FIRING)
    if beat is None or at - beat.at <= PATIENCE:
        return None
    return beat.at
