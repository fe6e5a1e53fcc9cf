"""``flask worker`` and ``flask jobs``: the schedule as a process, and one job by hand."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app import wallclock
from app.jobs import SCHEDULE
from app.worker import Worker


@click.command()
@with_appcontext
def worker() -> None:
    """Fire escalations, send letters and do what time demands, until stopped."""
    Worker(current_app._get_current_object()).run()  # type: ignore[attr-defined]


@click.group()
def jobs() -> None:
    """The worker's jobs."""


@jobs.command("list")
def list_() -> None:
    """List the jobs and how often they run."""
    for job in SCHEDULE:
        pace = (
            f"when due, at least every {job.every_s:g} s"
            if job.ahead
            else f"every {job.every_s:g} s"
        )
        click.echo(f"{job.name:18} {pace}")


@jobs.command()
@click.argument("name", type=click.Choice([job.name for job in SCHEDULE]))
@with_appcontext
def once(name: str) -> None:
    """Run the job NAME once, now."""
    job = next(job for job in SCHEDULE if job.name == name)
    done = job.run(wallclock.now, current_app.extensions["pledge.config"], lambda: False)
    click.echo(done.said or "There was nothing to do.")
