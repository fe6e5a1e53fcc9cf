"""``flask demo``: fill an empty installation with people, agreements and a history."""

import time

import click
from flask.cli import with_appcontext

from app import wallclock
from app.demo import accounts, loading


@click.command()
@click.option("--tickets", default=600, show_default=True, type=click.IntRange(10, 1_000_000))
@click.option(
    "--seed", default=1, show_default=True, type=int, help="The same seed, the same demo."
)
@with_appcontext
def demo(tickets: int, seed: int) -> None:
    """Load the demo into an empty installation."""
    if loading.is_loaded():
        raise click.ClickException("Somebody lives here already: the demo needs an empty database.")
    started = time.monotonic()
    account = loading.load(tickets=tickets, seed=seed, at=wallclock.now(), tell=_progress)
    promises = sum(promised for promised, _ in account.measures.values())
    missed = sum(broken for _, broken in account.measures.values())
    click.echo(
        f"{account.tickets} tickets with {promises} promises, {missed} of them missed, "
        f"in {time.monotonic() - started:.1f} s."
    )
    for shown in accounts.SHOWN:
        click.echo(f"  {shown.address:34} {shown.password:22} {shown.what}")


def _progress(what: str, done: int, whole: int) -> None:
    share = 100 * done // whole if whole else 100
    click.echo(f"\r{what} … {share} %   ", nl=done >= whole, err=True)
