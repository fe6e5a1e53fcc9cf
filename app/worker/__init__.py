"""The worker: a process of its own in which APScheduler ticks; the truth is in the tables.

Any number of workers on any number of hosts is safe. Firing and sending have threads of their
own that sleep until something is due and are woken when something comes sooner; each lane of
the other jobs has one, too, so that firing waits for no network. Source: escalation.md, "The
worker".
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC
from functools import partial
from types import FrameType

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app import claims, waking, wallclock
from app.database import db, is_postgresql, transaction
from app.jobs import SCHEDULE, Job
from app.mail import connection
from app.worker.listening import listen
from app.worker.rounds import Rounds
from app.worker.tally import HEARD

GRACE_S = 3.0
LAST_GRACE_S = 0.7


class Lookout(threading.Thread):
    """The thread of one job that sleeps until it has something to do, or is called."""

    def __init__(self, job: Job, rounds: Rounds, stopping: threading.Event) -> None:
        """``job`` knows what is ahead of it."""
        super().__init__(name=job.name, daemon=True)
        self.part = job.lane
        self._job, self._rounds, self._stopping = job, rounds, stopping
        self._called = threading.Event()

    def call(self) -> None:
        """Let it look at once."""
        self._called.set()

    def run(self) -> None:
        """Look, do, sleep, until told to stop."""
        while not self._stopping.is_set():
            self._called.clear()
            self._called.wait(self._rounds.look(self._job))


class Worker:
    """Runs the schedule until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        """``app`` is the application whose database the worker looks after."""
        self._app = app
        self._stopping = threading.Event()
        self._rounds = Rounds(app, self._stopping.is_set)
        self._lookouts = [
            Lookout(job, self._rounds, self._stopping) for job in SCHEDULE if job.ahead
        ]
        self._ticking = [job for job in SCHEDULE if not job.ahead]
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={
                lane: ThreadPoolExecutor(1)
                for lane in [*{job.lane for job in self._ticking}, "default"]
            },
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; what is under way is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with self._app.app_context():
            _forget_the_old()
            engine, way = db.engine, "LISTEN" if is_postgresql() else "PRAGMA data_version"
        click.echo(f"The worker runs, woken by {way}: {', '.join(j.name for j in SCHEDULE)}.")
        ears = threading.Thread(
            target=listen, args=(engine, self._call, self._stopping), name="ears", daemon=True
        )
        with waking.told(self._call):
            self._start_ticking()
            for thread in [ears, *self._lookouts]:
                thread.start()
            self._stopping.wait()
            is_done = self._end()
        self._rounds.say_goodbye()
        click.echo("The worker has stopped.")
        if not is_done:
            _leave()

    def _start_ticking(self) -> None:
        # A tick that finds the one before still at work is counted, not worth a line.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler.add_listener(self._rounds.tally.heard, HEARD)
        for job in self._ticking:
            self._scheduler.add_job(
                partial(self._rounds.tick, job),
                "interval",
                seconds=job.every_s,
                executor=job.lane,
                id=job.name,
                next_run_time=wallclock.host(),
            )
        self._scheduler.start()

    def _call(self, part: str) -> None:
        for lookout in self._lookouts:
            if lookout.part == part:
                lookout.call()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _end(self) -> bool:
        """Let every thread finish what it is at; whether all did within a few seconds."""
        for lookout in self._lookouts:
            lookout.call()
        ticking = threading.Thread(target=self._scheduler.shutdown, name="ticking", daemon=True)
        ticking.start()
        threads = [ticking, *self._lookouts]
        if _all_end(threads, within_s=GRACE_S):
            return True
        connection.hang_up()
        if _all_end(threads, within_s=LAST_GRACE_S):
            return True
        left = ", ".join(thread.name for thread in threads if thread.is_alive())
        click.echo(f"Left at work: {left}. What they had begun is undone or done again.")
        return False


def _all_end(threads: Sequence[threading.Thread], *, within_s: float) -> bool:
    until = time.monotonic() + within_s
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)


def _forget_the_old() -> None:
    """Failures noted by workers that are gone, and workers not heard of for a day."""
    with transaction():
        claims.forget_old(at=wallclock.now())


def _leave() -> None:
    """End the process though a thread is still waiting for somebody."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
