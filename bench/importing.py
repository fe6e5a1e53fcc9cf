"""Import: rows of a made-up log per second, beside one bare INSERT … COMMIT in the same run.

CPU time of both: the machine may have other things to do.
"""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from sqlalchemy import text

from app.agreements import loading
from app.database import db, transaction
from app.importing import replaying
from app.importing.events import COLUMNS
from app.importing.rows import Source
from bench import Figure, places

ROWS = 20_000
BUDGET = 1_500
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """Rows per CPU second, staged, folded and stored, in an empty SQLite database."""
    with places.installation("sqlite") as (_, folder):
        path = log(folder / "log.csv")
        with transaction():
            loading.load_file(loading.PRESETS / "house.toml", at=START)
        bare = bare_inserts()
        began = process_time()
        with transaction():
            at = START + timedelta(days=400)
            account = replaying.replay(path, Source("log", "UTC"), at=at, as_of=None)
        rate = account.read / (process_time() - began)
    ratio, ok = rate / bare, rate >= BUDGET and account.reported == 0
    yield Figure("import", rate, "rows/s", bare, ratio, f">={BUDGET}", ok)


def bare_inserts(times: int = 1000) -> float:
    """Rows per CPU second, each in a transaction of its own."""
    with transaction():
        db.session.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))
    began = process_time()
    for _ in range(times):
        with transaction():
            db.session.connection().exec_driver_sql("INSERT INTO bare (words) VALUES ('x')")
    return times / (process_time() - began)


def log(path: Path) -> Path:
    """A canonical log: tickets of six rows, opened, answered, asked back, answered, resolved."""
    chance = random.Random(5)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for number in range(ROWS // 6):
            at = START + timedelta(minutes=chance.randrange(300 * 24 * 60))
            for event, value in (
                ("opened", f"priority=normal;kind=incident;subject=Case {number}"),
                ("agent_reply", "We look at it."),
                ("status", "waiting_requester"),
                ("requester_message", "It is the printer."),
                ("resolved", "It has paper again."),
                ("closed", ""),
            ):
                writer.writerow((f"B-{number}", at.isoformat(), event, value, "somebody"))
                at += timedelta(minutes=chance.randrange(1, 600))
    return path
