"""The worker: a process of its own in which APScheduler ticks; the truth is in the tables.

Any number of workers on any number of hosts is safe. Each lane of jobs has a thread of its own,
so that firing waits for no network. Source: escalation.md, "The worker".
"""

import signal
import threading
from datetime import UTC
from functools import partial
from types import FrameType

import click
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app import jobs, wallclock
from app.database import begin_reading, db
from app.jobs import Job

log = structlog.get_logger()


class Worker:
    """Runs the schedule until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        """``app`` is the application whose database the worker looks after."""
        self._app = app
        self._stopping = threading.Event()
        lanes = {job.lane for job in jobs.SCHEDULE}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={lane: ThreadPoolExecutor(1) for lane in [*lanes, "default"]},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; what is under way is finished first."""
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
        if self._stopping.is_set():
            return
        with self._app.app_context():
            begin_reading()
            try:
                said = job.run(wallclock.now, self._app.extensions["pledge.config"])
                if said:
                    log.info(said, job=job.name)
            except Exception as error:
                log.error("a job failed; it is tried again", job=job.name, exc_info=error)
            finally:
                db.session.remove()
