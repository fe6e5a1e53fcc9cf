"""Long: requests keep coming while three workers are killed at random (``make soak``).

``SEED`` and ``MINUTES`` come from the environment and are printed, so that a run can be had again.
"""

import os
import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from app.clocks.models import Escalation
from app.database import db
from app.mail.models import Letter
from tests.escalation.processes import Workers, wait_until
from tests.escalation.test_worker import cast as cast
from tests.escalation.test_worker import count, file_request, is_all_told
from tests.escalation.test_worker import crew as crew
from tests.smtp_sink import smtp_sink as smtp_sink

RUNGS = 3


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_workers_killed_at_random_lose_nothing_and_tell_nothing_twice(
    cast, crew: Workers, smtp_sink
):
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    minutes = float(os.environ.get("MINUTES", "2"))
    chance, requests, kills = random.Random(seed), 0, 0
    for _ in range(3):
        crew.start()
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        for _ in range(chance.randint(1, 6)):
            requests += 1
            file_request(cast, subject=f"Number {requests}")
        time.sleep(chance.uniform(0.5, 2.5))
        crew.kill(chance.choice(crew.running))
        crew.start()
        kills += 1
    wait_until(
        lambda: count(Escalation.id) >= requests * RUNGS and is_all_told(),
        within_s=120,
        saying="everything fired and sent",
    )

    keys = db.session.execute(select(Escalation.clock_id, Escalation.rung_id)).all()
    came = Counter(str(each.message["Message-ID"]) for each in smtp_sink.received)
    written = set(db.session.scalars(select(Letter.message_id)))
    lost, ghost = len(written - set(came)), len(set(came) - written)
    twice = len(keys) - len(set(keys))
    copies = sum(came.values()) - len(came)
    print(
        f"\nsoak: seed={seed} minutes={minutes} requests={requests} kills={kills} "
        f"expected={requests * RUNGS} fired={len(keys)} lost={lost} ghost={ghost} "
        f"twice={twice} copies={copies}"
    )
    assert (len(keys), lost, ghost, twice) == (requests * RUNGS, 0, 0, 0)
    assert copies <= kills, "a copy only for a death before the mark"
