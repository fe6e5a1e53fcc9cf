"""``flask clocks check``: every open clock folded anew from its events, with a progress bar."""

import sys

import click
from flask.cli import with_appcontext

from app import wallclock
from app.clocks import checking
from app.clocks.checking import Drift, Page
from app.database import transaction
from app.errors import Refusal
from app.tickets import refolding


@click.group()
def clocks() -> None:
    """The clocks of tickets."""


@clocks.command()
@click.option("--repair", is_flag=True, help="Rewrite rows that differ from their events.")
@with_appcontext
def check(*, repair: bool) -> None:
    """Compare every open clock with its events; exit with 1 when one differs."""
    done: list[Page] = []
    total = checking.count()
    with click.progressbar(length=total, label="Folding", file=sys.stderr) as bar:
        for page in refolding.pages():
            done.append(page)
            bar.update(page.tickets)
    drifts = [drift for page in done for drift in page.drifts]
    for drift in drifts:
        click.echo(said(drift))
    report = refolding.report(done, at=wallclock.now())
    click.echo(f"{report.clocks} clocks on {report.tickets} tickets, {report.drifting} drifting.")
    if repair and drifts:
        _repair(drifts)
    elif drifts:
        sys.exit(1)


def said(drift: Drift) -> str:
    """A drifting clock as lines: which one, then each column with both values."""
    name = drift.measure if drift.clock_id is None else f"clock {drift.clock_id}, {drift.measure}"
    lines = [f"#{drift.ticket_id} {name} {drift.sequence}"]
    lines += [
        f"  {each.column}: the row says {each.stored}, its events {each.folded}"
        for each in drift.differences
    ]
    return "\n".join(lines)


def _repair(drifts: list[Drift]) -> None:
    broken = 0
    for ticket_id in dict.fromkeys(drift.ticket_id for drift in drifts):
        try:
            with transaction():
                refolding.repair(ticket_id, by=None, now=wallclock.now)
        except Refusal as refusal:
            broken += 1
            click.echo(refusal.sentence)
        else:
            click.echo(f"#{ticket_id} is as its events say.")
    if broken:
        sys.exit(1)
