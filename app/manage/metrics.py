"""`/metrics`: figures for Prometheus, read from the tables when they are asked for.

Any web process answers the same: what is due and unsent is looked up, what the workers counted
stands in their signs of life. Nothing is counted row by row (performance.md). Sources:
escalation.md, E14 and "The worker".
"""

import functools
import hmac
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from app import claims, http, waking, wallclock
from app.escalation import queries as escalations
from app.http import admin_required
from app.mail import queries as mail
from app.mail.models import LetterState
from app.manage import condition
from app.manage.blueprint import blueprint
from app.manage.condition import Condition

LAST = 1000
"""Of how many rungs and letters the newest make the summaries."""

QUANTILES = (0.5, 0.9, 0.99, 1.0)


def admin_or_token(view: Callable[[], Any]) -> Callable[[], Any]:
    """An administrator may open it, and a machine that shows the token of the settings."""
    for_admins = admin_required(view)

    @functools.wraps(for_admins)
    def guarded() -> Any:
        shown = request.headers.get("Authorization")
        if shown is None:
            return for_admins()
        token = http.config().metrics_token
        if token and hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            return view()
        return Response("The token is not the one of PLEDGE_METRICS_TOKEN.\n", 401)

    return guarded


@blueprint.get("/metrics")
@admin_or_token
def metrics() -> Response:
    """Everything at once, in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Figures())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures(Collector):
    def collect(self) -> Iterable[Metric]:
        """The figures of this moment."""
        at = wallclock.now()
        found = condition.look(at, has_mail_server=bool(http.config().mail_server))
        yield from _standing(found)
        yield _summary(
            "pledge_rung_lateness_seconds",
            f"How late the last {LAST} rungs fired after their instants.",
            escalations.lateness_of_the_last(LAST),
        )
        yield _summary(
            "pledge_letter_delay_seconds",
            f"From writing to sending, of the last {LAST} letters that were sent.",
            mail.delays_of_the_last(LAST),
        )
        yield from _counted(claims.beats(claims.WORKER))

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering asks no database."""
        return []


def _standing(found: Condition) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "pledge_up", "1 while all is well, as /healthz.", int(not found.reasons)
    )
    yield GaugeMetricFamily(
        "pledge_lag_seconds", "For how long the oldest thing has been due.", found.lag_s
    )
    yield GaugeMetricFamily(
        "pledge_oldest_unsent_seconds", "For how long the oldest letter waits.", found.unsent_s
    )
    ticks = GaugeMetricFamily(
        "pledge_last_tick_seconds", "Since when a part of the worker is silent.", labels=["part"]
    )
    for part, beat_at in ((waking.FIRING, found.firing_at), (waking.SENDING, found.sending_at)):
        if beat_at is not None:
            ticks.add_metric([part], max(0.0, (found.at - beat_at).total_seconds()))
    yield ticks
    yield GaugeMetricFamily("pledge_workers", "Worker processes alive.", len(found.workers))
    yield GaugeMetricFamily("pledge_parked_tickets", "Tickets parked.", found.parked_tickets)
    letters = GaugeMetricFamily(
        "pledge_letters", "Letters that are not sent, counted up to 10,000.", labels=["state"]
    )
    letters.add_metric(["queued"], mail.count_of(LetterState.QUEUED))
    letters.add_metric(["sending"], mail.count_of(LetterState.SENDING))
    letters.add_metric(["parked"], found.parked_letters)
    yield letters
    yield GaugeMetricFamily("pledge_jobs_failing", "Jobs that failed last.", len(found.failing))
    yield GaugeMetricFamily(
        "pledge_clock_step_seconds", "The step of the clock, 0 without one.", found.step_s or 0
    )


def _counted(workers: Iterable[claims.Heartbeat]) -> Iterator[Metric]:
    """What each worker counted since it started."""
    did = CounterMetricFamily("pledge_done", "What workers did.", labels=["worker", "what"])
    ticks = CounterMetricFamily(
        "pledge_ticks", "Ticks of the schedule: ran, overlapped, missed.", labels=["worker", "how"]
    )
    failures = CounterMetricFamily(
        "pledge_job_failures", "Runs that raised.", labels=["worker", "job"]
    )
    runs = SummaryMetricFamily(
        "pledge_job_seconds", "Runs of jobs and how long they took.", labels=["worker", "job"]
    )
    for worker in workers:
        name = worker.name.removeprefix(claims.WORKER)
        for what, count in worker.detail.get("counts", {}).items():
            did.add_metric([name, what], count)
        for how, count in worker.detail.get("ticks", {}).items():
            ticks.add_metric([name, how], count)
        for job, run in worker.detail.get("jobs", {}).items():
            failures.add_metric([name, job], run["failures"])
            runs.add_metric([name, job], count_value=int(run["runs"]), sum_value=run["seconds"])
    yield from (did, ticks, failures, runs)


def _summary(name: str, words: str, seconds: Iterable[float]) -> Metric:
    """A summary with quantiles, by nearest rank; without them while there is nothing."""
    known = sorted(seconds)
    found = SummaryMetricFamily(name, words, count_value=len(known), sum_value=sum(known))
    for quantile in QUANTILES if known else ():
        rank = max(0, -(-int(quantile * 1000) * len(known) // 1000) - 1)
        found.add_sample(name, {"quantile": str(quantile)}, known[rank])
    return found
