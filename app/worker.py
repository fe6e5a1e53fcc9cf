"""The worker: a process of its own in which APScheduler ticks; the truth is in the tables.

Any number of workers on any number of hosts is safe. Each lane of jobs has a thread of its own,
so that firing waits for no network. Source: escalation.md, "The worker".
"""

import logging
import signal
import threading
import time
from datetime import UTC
from functools import partial
from types import FrameType

import click
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import jobs, wallclock
from app.database import begin_reading, db
from app.jobs import Job

LONGEST_PAUSE_S = 30
log = structlog.get_logger()


class Worker:
    """Runs the schedule until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        """``app`` is the application whose database the worker looks after."""
        self._app = app
        self._stopping = threading.Event()
        self._paces = {job.name: Pace() for job in jobs.SCHEDULE}
        lanes = {job.lane for job in jobs.SCHEDULE}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={lane: ThreadPoolExecutor(1) for lane in [*lanes, "default"]},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; what is under way is finished first."""
        # A tick that finds the one before still at work is the rule here, not worth a line.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for job in jobs.SCHEDULE:
            self._scheduler.add_job(
                partial(self._tick, job),
                "interval",
                seconds=job.every_s,
                executor=job.lane,
                id=job.name,
                next_run_time=wallclock.host(),
            )
        self._scheduler.start()
        click.echo(f"The worker runs: {', '.join(job.name for job in jobs.SCHEDULE)}.")
        self._stopping.wait()
        self._scheduler.shutdown(wait=True)
        click.echo("The worker has stopped.")

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _tick(self, job: Job) -> None:
        pace = self._paces[job.name]
        if self._stopping.is_set() or pace.is_resting:
            return
        with self._app.app_context():
            begin_reading()
            try:
                config = self._app.extensions["pledge.config"]
                done = job.run(wallclock.now, config, self._stopping.is_set)
            except OperationalError as error:
                pause_s = pace.failed()
                why = str(error.orig).strip()
                log.error("the database fails", job=job.name, again_in_s=pause_s, why=why)
            except Exception as error:
                pause_s = pace.failed()
                log.error("a job failed", job=job.name, again_in_s=pause_s, exc_info=error)
            else:
                if done.said and pace.is_news(done.said):
                    log.info(done.said, job=job.name)
                pace.went(done)
            finally:
                db.session.remove()


class Pace:
    """When a job may run again, and what it said last; used by the job's own lane only."""

    def __init__(self) -> None:
        """It may run at once."""
        self._rests_until = 0.0
        self._failures = 0
        self._said: str | None = None

    @property
    def is_resting(self) -> bool:
        """Whether it is to be left alone for now."""
        return time.monotonic() < self._rests_until

    def failed(self) -> float:
        """Leave it alone for 1, 2, 4 … seconds, half a minute at most; how many."""
        pause_s = float(min(LONGEST_PAUSE_S, 2**self._failures))
        self._failures = min(self._failures + 1, 10)
        self._rests_until = time.monotonic() + pause_s
        return pause_s

    def went(self, done: jobs.Done) -> None:
        """Note a run that ended well; it may ask for a rest itself."""
        self._failures = 0
        self._rests_until = time.monotonic() + done.pause_s
        self._said = done.said if done.pause_s else None

    def is_news(self, said: str) -> bool:
        """False for what is said again and again while a server stays away."""
        return said != self._said
