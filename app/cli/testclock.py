"""``flask testclock``: move the clock that web, worker and tests share while testing."""

from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clocksource, wallclock
from app.database import transaction


@click.group()
def testclock() -> None:
    """Move the clock of an installation under test; refused elsewhere."""


@testclock.command("set")
@click.argument("instant")
@with_appcontext
def set_(instant: str) -> None:
    """Stop the clock at INSTANT (ISO 8601 with offset), or let it run again: "real"."""
    _only_while_testing()
    at = None if instant == "real" else _instant(instant)
    with transaction():
        clocksource.set_test_clock(at)
    click.echo(f"It is {wallclock.now().isoformat()}.")


@testclock.command()
@click.argument("seconds", type=int)
@with_appcontext
def tick(seconds: int) -> None:
    """Move the clock on by SECONDS."""
    _only_while_testing()
    with transaction():
        clocksource.set_test_clock(wallclock.now() + timedelta(seconds=seconds))
    click.echo(f"It is {wallclock.now().isoformat()}.")


def _only_while_testing() -> None:
    if not current_app.testing:
        raise click.ClickException("The clock can be moved only with PLEDGE_TESTING=1.")


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise click.BadParameter(f"{text!r} is no instant; write 2026-11-18T14:20:00+01:00.")
    return at.astimezone(UTC).replace(microsecond=0)
