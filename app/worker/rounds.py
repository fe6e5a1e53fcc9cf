"""Running jobs: each inside the application, at its own pace, remembered however it went."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import claims, waking, wallclock
from app.database import begin_reading, db, transaction
from app.jobs import SCHEDULE, Done, Job
from app.jobs.firing import BEAT_EVERY_S
from app.worker.clock import ClockLeapt, WatchedClock
from app.worker.pace import Pace
from app.worker.tally import Tally
from config import Config

NAME = f"{claims.WORKER}{socket.gethostname()}:{os.getpid()}"
EARLY_S = 0.002
"""What is slept beyond an instant, so that the clock has surely passed it."""

log = structlog.get_logger()


class Rounds:
    """Runs the jobs of one worker; every job in one thread at a time."""

    def __init__(self, app: Flask, stopping: Callable[[], bool]) -> None:
        """``stopping()`` says that nothing more is to be begun."""
        self._app = app
        self._config: Config = app.extensions["pledge.config"]
        self._stopping = stopping
        self._paces = {job.name: Pace() for job in SCHEDULE}
        self._beaten_at: dict[str, float] = {}
        self._troubled: set[str] = set()
        self._clock = WatchedClock(testing=self._config.testing)
        self.tally = Tally()

    def tick(self, job: Job) -> None:
        """Run a job whose hour has come, unless it rests after a failure."""
        if self._stopping() or self._paces[job.name].is_resting:
            return
        with self._at_work(job):
            self._read_clock()
            if not self._clock.held_s:
                self._run(job)

    def look(self, job: Job) -> float:
        """Run a job that has something to do; for how many seconds it has nothing then."""
        pace = self._paces[job.name]
        if pace.is_resting:
            return pace.rest_s
        wait_s: float | None = None
        with self._at_work(job):
            wait_s = min(job.every_s, self._look(job, pace))
        return pace.rest_s if wait_s is None else wait_s

    def say_goodbye(self) -> None:
        """Leave the last counts behind; the database may be away."""
        try:
            with self._app.app_context(), transaction():
                claims.beat(NAME, at=wallclock.now(), detail={**self._said(), "stopped": True})
        except OperationalError:
            log.warning("the database is away: the last counts are not kept")

    def _look(self, job: Job, pace: Pace) -> float:
        assert job.ahead is not None
        self.tally.looked(job.lane)
        clock_s = self._read_clock()
        self._beat(job.lane, clock_s)
        if held_s := self._clock.held_s:
            return held_s
        ahead_at = job.ahead(self._config)
        db.session.rollback()
        if ahead_at is None:
            return job.every_s
        ahead_s = ahead_at.timestamp() - clock_s
        if ahead_s > 0:
            return ahead_s + EARLY_S
        self._run(job)
        return max(pace.vain_s(), pace.rest_s)

    def _read_clock(self) -> float:
        """The clock, and no transaction open after it: on SQLite a reader cannot turn writer."""
        clock_s = self._clock.read()
        db.session.rollback()
        return clock_s

    def _run(self, job: Job) -> None:
        started = time.monotonic()
        now = self._clock.now if job.lane == waking.FIRING else wallclock.now
        done = job.run(now, self._config, self._stopping)
        self._went(job, done, time.monotonic() - started)

    def _went(self, job: Job, done: Done, took_s: float) -> None:
        pace = self._paces[job.name]
        if done.said and pace.is_news(done.said):
            log.info(done.said, job=job.name)
        if done.trouble or job.name in self._troubled:
            self._note_trouble(job, done.trouble, tries=pace.failures)
        pace.went(done)
        self.tally.went(job.name, took_s, done.counts)

    @contextmanager
    def _at_work(self, job: Job) -> Iterator[None]:
        """Inside the application; whatever is raised ends here, and the job pauses."""
        started = time.monotonic()
        with self._app.app_context():
            begin_reading()
            try:
                yield
            except ClockLeapt:
                log.warning("the clock leapt forward: nothing fires until it has lasted a minute")
            except Exception as error:
                db.session.rollback()
                self._failed(job, error, time.monotonic() - started)
            finally:
                db.session.remove()

    def _failed(self, job: Job, error: Exception, took_s: float) -> None:
        pause_s = self._paces[job.name].failed()
        self.tally.failed(job.name, took_s)
        if isinstance(error, OperationalError):
            why = str(error.orig).strip()
            log.error("the database fails", job=job.name, again_in_s=pause_s, why=why)
            return
        log.error("a job failed", job=job.name, again_in_s=pause_s, exc_info=error)
        try:
            said = f"{type(error).__name__}: {error}"
            self._note_trouble(job, said, tries=self._paces[job.name].failures)
        except OperationalError:
            db.session.rollback()

    def _note_trouble(self, job: Job, trouble: str | None, *, tries: int) -> None:
        """Keep what a job fails with for the page System, until it goes well."""
        name = f"{claims.JOB}{job.name}"
        with transaction():
            if trouble is None:
                claims.forget(name)
            else:
                claims.beat(name, at=wallclock.now(), detail={"error": trouble, "tries": tries})
        if trouble is None:
            self._troubled.discard(job.name)
        else:
            self._troubled.add(job.name)

    def _beat(self, part: str, clock_s: float) -> None:
        """A sign of life every ten seconds of the installation's clock, whatever is done."""
        if 0 <= clock_s - self._beaten_at.get(part, 0) < BEAT_EVERY_S:
            return
        with transaction():
            at = wallclock.now()
            claims.beat(part, at=at)
            if part == waking.FIRING:
                claims.beat(NAME, at=at, detail=self._said())
        self._beaten_at[part] = clock_s

    def _said(self) -> dict[str, object]:
        step = self._clock.step
        return {
            **self.tally.as_json(),
            "step_s": round(step.by_s) if step else None,
            "is_held": self._clock.held_s > 0,
        }
