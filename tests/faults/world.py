"""One installation under test: its database, its people, its workers, its mail server, its logs."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app import clocksource, jobs, wallclock
from app.database import db, transaction
from tests.faults import checker, tables
from tests.faults.checker import Verdict
from tests.faults.driver import Driver, DriverLog
from tests.faults.house import House
from tests.nursery import Nursery
from tests.smtp_sink import SmtpSink


@dataclass
class World:
    """Everything of one run; its logs lie in ``folder``."""

    url: str
    folder: Path
    app: Flask
    sink: SmtpSink
    nursery: Nursery
    driver: Driver
    workers: list[int] = field(default_factory=list)
    worker_url: str = ""
    is_innocent: bool = False
    lease_s: int = 2
    patience_s: int = 2

    def start_worker(self, *, failpoint: str = "", plant: str = "", **env: str) -> int:
        """One more worker; returns its process id at once."""
        settings = {
            "DATABASE_URL": self.worker_url or self.url,
            "SECRET_KEY": "a-key-for-workers-that-is-long-enough",
            "PUBLIC_URL": "http://localhost",
            "PLEDGE_TESTING": "1",
            "PLEDGE_FAILPOINT": failpoint,
            "PLEDGE_MAIL_SERVER": "127.0.0.1",
            "PLEDGE_MAIL_PORT": str(self.sink.port),
            "PLEDGE_MAIL_USE_TLS": "none",
            "PLEDGE_MAIL_TIMEOUT_S": str(self.patience_s),
            "PLEDGE_MAIL_FINAL_TIMEOUT_S": str(self.patience_s),
            "PLEDGE_LEASE_S": str(self.lease_s),
            "PLEDGE_RETRY_BASE_S": "1",
            "PLEDGE_PROBE_S": "1",
            "PATH": os.environ["PATH"],
        }
        plant = "" if self.is_innocent else plant
        pid = self.nursery.start(settings | env, self.folder / "workers.log", plant=plant)
        self.workers.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        """SIGKILL, written down."""
        self.note("kill", pid=pid)
        self.nursery.kill(pid)
        self.workers.remove(pid)

    def fell(self, pid: int, within_s: float = 30) -> int:
        """Wait for a worker that dies by itself at a failpoint; its exit code."""
        code = self.nursery.wait(pid, within_s)
        self.note("kill", pid=pid)
        self.workers.remove(pid)
        return code

    def freeze(self, pid: int, seconds: float) -> None:
        """SIGSTOP for ``seconds``, then SIGCONT."""
        began = time.time()
        with suppress(ProcessLookupError):  # it may have died by itself
            os.kill(pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(pid, signal.SIGCONT)
        self.note("stop", at=began, until=time.time() + 5, pid=pid)

    def note(self, kind: str, *, at: float | None = None, **facts: Any) -> None:
        """Write down what the nemesis did."""
        with (self.folder / "nemesis.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"at": at or time.time(), "kind": kind, **facts}) + "\n")

    def work(self, *names: str) -> None:
        """One worker's look at what there is to fire and to send, in this process."""
        config = replace(
            self.app.extensions["pledge.config"],
            mail_server="127.0.0.1",
            mail_port=self.sink.port,
            lease_s=self.lease_s,
            retry_base_s=1,
        )
        for name in names or ("fire", "send"):
            job = next(job for job in jobs.SCHEDULE if job.name == name)
            with self.app.app_context():
                try:
                    job.run(wallclock.now, config, lambda: False)
                finally:
                    db.session.remove()

    def set_clock(self, at: datetime | None) -> None:
        """Let the installation's clock stand at ``at``; None lets it run."""
        with self.app.app_context():
            with transaction():
                clocksource.set_test_clock(at)
            db.session.remove()

    def settled(self, within_s: float = 60) -> "World":
        """Wait until nothing is left to fire, to tell or to send."""
        until = time.monotonic() + within_s
        left = tables.unfinished(self.url)
        while left and time.monotonic() < until:
            time.sleep(0.05)
            left = tables.unfinished(self.url)
        return self

    def verdict(self) -> Verdict:
        """What the checker says of it now."""
        return checker.check(self.url, self.folder)

    def said(self) -> str:
        """What the workers wrote."""
        log = self.folder / "workers.log"
        return log.read_text("utf-8") if log.exists() else ""

    def close(self) -> None:
        """End the workers that still run."""
        for pid in list(self.workers):
            self.nursery.kill(pid)
        self.workers.clear()
        self.sink.stop()


@contextmanager
def world(app: Flask, url: str, folder: Path, nursery: Nursery, house: House) -> Iterator[World]:
    """A world on the furnished database of ``app``; gone with its workers after the block."""
    sink = SmtpSink(log=str(folder / "sink.jsonl"))
    sink.start()
    log = DriverLog(folder / "driver.jsonl")
    log.write(world=house.rules)
    made = World(url, folder, app, sink, nursery, Driver(app, house.roles, log))
    try:
        yield made
    finally:
        made.close()
        log.close()
