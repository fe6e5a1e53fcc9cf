"""Faults at random, from a seed: processes, database, wire, mail server, disk.

What it does it writes down (`World.note`), so that the checker knows what may excuse a copy of
a letter or a delay. Left out, because no process may do it alone here: the clock of one host
(the test clock stands in, see `test_invariants`), and a full disk under PostgreSQL.
"""

import os
import random
import resource
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from tests.faults.proxy import Proxy
from tests.faults.world import World
from tests.smtp_sink import DROP, DROP_AFTER, DROP_UNREAD, TARPIT

REFUSED = "nora.falk@halden.example"
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@dataclass
class Nemesis:
    """One that strikes every few seconds until it is told to stop."""

    world: World
    chance: random.Random
    proxy: Proxy | None = None
    struck: dict[str, int] = field(default_factory=dict)
    _frozen: set[int] = field(default_factory=set)
    _freezers: list[threading.Thread] = field(default_factory=list)

    def run(self, stopping: threading.Event) -> None:
        """Strike at random; keep as many workers alive as there were."""
        while not stopping.wait(self.chance.uniform(0.5, 2.0)):
            self.tend()
            strike = self.chance.choice(self._strikes())
            self.struck[strike.__name__] = self.struck.get(strike.__name__, 0) + 1
            strike()
        self.heal()

    def tend(self) -> None:
        """Start again whoever died by itself, as an init system does."""
        for pid in [each for each in self.world.workers if self.world.nursery.has_ended(each)]:
            self.world.note("kill", pid=pid)
            self.world.workers.remove(pid)
            self.world.start_worker()

    def heal(self) -> None:
        """Everything works again."""
        for thread in self._freezers:
            thread.join()
        self.world.sink.behave()
        self.tend()

    def _strikes(self) -> list[Callable[[], None]]:
        mail = [self.mail_down, self.busy, self.unknown_person, self.tarpit]
        mail += [self.reply_lost, self.cut_unread, self.cut_after_reply]
        if self.proxy is None:
            return [self.kill, self.kill, self.freeze, *mail, self.locked, self.full]
        return [self.kill, self.kill, self.freeze, *mail, self.terminate, self.cut, *self._commits]

    @property
    def _commits(self) -> list[Callable[[], None]]:
        return [self.commit_lost] * 3

    # -- processes ----------------------------------------------------------------------------

    def kill(self) -> None:
        """kill -9 one, start another."""
        awake = [pid for pid in self.world.workers if pid not in self._frozen]
        if awake:
            self.world.kill(self.chance.choice(awake))
            self.world.start_worker()

    def freeze(self) -> None:
        """SIGSTOP beyond the lease, then SIGCONT; the rest goes on meanwhile."""
        awake = [pid for pid in self.world.workers if pid not in self._frozen]
        if len(awake) > 1:
            pid = self.chance.choice(awake)
            self._frozen.add(pid)
            thread = threading.Thread(target=self._freeze, args=(pid,))
            thread.start()
            self._freezers.append(thread)

    def _freeze(self, pid: int) -> None:
        self.world.freeze(pid, self.world.lease_s + 1.5)
        self._frozen.discard(pid)

    # -- mail ---------------------------------------------------------------------------------

    def mail_down(self) -> None:
        """The mail server refuses connections."""
        self.world.sink.stop()
        time.sleep(2)
        self.world.sink.start()

    def busy(self) -> None:
        """4xx."""
        self.world.sink.answer("451 later", times=3)

    def unknown_person(self) -> None:
        """5xx for one of three."""
        self.world.sink.answer("550 no such person", to=REFUSED, times=1)

    def tarpit(self) -> None:
        self.world.sink.answer(TARPIT, stage="DATA", times=1)

    def reply_lost(self) -> None:
        self.world.sink.answer(DROP, stage="DATA", times=2)

    def cut_unread(self) -> None:
        self.world.sink.answer(DROP_UNREAD, stage="DATA", times=2)

    def cut_after_reply(self) -> None:
        self.world.sink.answer(DROP_AFTER, stage="DATA", times=2)

    # -- PostgreSQL ---------------------------------------------------------------------------

    def terminate(self) -> None:
        """The server ends every session."""
        query = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        self.world.note("database", until=time.time() + 2)
        try:
            with psycopg.connect(self.world.url, autocommit=True) as connection:
                connection.execute(query + " AND datname = current_database()")
        except psycopg.Error:
            pass

    def cut(self) -> None:
        """The wire breaks."""
        assert self.proxy is not None
        self.world.note("database", until=time.time() + 2)
        self.proxy.order("cut")

    def commit_lost(self) -> None:
        """The answer to COMMIT never comes."""
        assert self.proxy is not None
        self.world.note("database", until=time.time() + 5)
        self.proxy.order(f"drop {self.chance.randint(1, 3)}")

    # -- SQLite -------------------------------------------------------------------------------

    def locked(self) -> None:
        """Another process holds the database."""
        began = time.time()
        path = self.world.url.removeprefix("sqlite:///")
        with sqlite3.connect(path, timeout=30, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(3)
            connection.execute("ROLLBACK")
        connection.close()
        self.world.note("locked", at=began, until=time.time())

    def full(self) -> None:
        """No file of a worker may grow (RLIMIT_FSIZE), as on a full disk."""
        began, pids = time.time(), list(self.world.workers)
        for pid in pids:
            _limit(pid, (1, resource.RLIM_INFINITY))
        time.sleep(2)
        for pid in pids:
            _limit(pid, NO_LIMIT)
        self.world.note("full", at=began, until=time.time() + 1)


def _limit(pid: int, limits: tuple[int, int]) -> None:
    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    except ProcessLookupError:
        os.sched_yield()  # it died meanwhile
