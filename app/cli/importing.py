"""``flask import events`` and ``flask export promises|events``: event logs in and out."""

import gzip
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from defusedcsv import csv
from flask import current_app
from flask.cli import with_appcontext

from app import wallclock
from app.agreements import loading as agreements
from app.agreements.reading import AgreementErrors
from app.clocks import words
from app.database import transaction
from app.errors import Refusal
from app.importing import going_live, instants, mapping, promises, replaying, writing
from app.importing.events import COLUMNS
from app.importing.rows import Account, Source

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Bring event logs in."""


@click.group("export")
def export_group() -> None:
    """Write promises and events as CSV."""


@import_group.command("events")
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, help="How the log is to be read (TOML).")
@click.option("--agreement", "agreement_file", type=FILE, help="Load this agreement first.")
@click.option("--zone", help="Zone of times without an offset; by default the house's.")
@click.option("--as-of", help="Judge what still runs at this instant; by default the last row.")
@click.option(
    "--live", is_flag=True, help="Let the worker look after the open tickets from now on."
)
@click.option("--yes", is_flag=True, help="Go live without asking.")
@with_appcontext
def events(
    file: Path,
    mapping_file: Path | None,
    agreement_file: Path | None,
    zone: str | None,
    as_of: str | None,
    live: bool,
    yes: bool,
) -> None:
    """Replay the event log FILE (CSV, plain or gzip) through the rules, and tell nobody."""
    now = wallclock.now()
    with _told():
        log = mapping.load(mapping_file.read_text("utf-8")) if mapping_file else None
        zone = _zone(zone or (log.zone if log and log.zone else _house_zone()))
        until = instants.reader_of(zone)(as_of) if as_of else None
        with transaction(), _Progress() as progress:
            if agreement_file is not None:
                agreements.load_file(agreement_file, at=now)
            source = Source(file.name, zone, log)
            account = replaying.replay(file, source, at=now, as_of=until, tell=progress)
        _report(account)
        if live:
            _go_live(yes=yes)


@export_group.command("promises")
@click.option("--from", "due_from", help="Only what is due from this date or instant on.")
@click.option("--to", "due_until", help="Only what is due up to this date, or before this instant.")
@click.option("-o", "--output", type=OUT, help="Write to this file (.gz is packed).")
@with_appcontext
def promises_(due_from: str | None, due_until: str | None, output: Path | None) -> None:
    """Write a line per clock, by external reference, measure and sequence."""
    zone = _house_zone()
    with _told(), _output(output) as out:
        rows = promises.lines(
            at=wallclock.now(),
            due_from=instants.bound(due_from, zone) if due_from else None,
            due_until=instants.bound(due_until, zone, is_end=True) if due_until else None,
        )
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(promises.COLUMNS)
        writer.writerows(rows)


@export_group.command("events")
@click.option("-o", "--output", type=OUT, help="Write to this file (.gz is packed).")
@with_appcontext
def events_(output: Path | None) -> None:
    """Write the canonical event log of all tickets; those it cannot express are refused by name."""
    refused = 0
    with _told(), _output(output) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in writing.lines():
            if isinstance(line, writing.Refused):
                refused += 1
                click.echo(f"{line.name} is not written. {line.reason}", err=True)
            else:
                writer.writerow(line)
    if refused:
        raise click.ClickException(f"{refused} tickets could not be told as events.")


def _go_live(*, yes: bool) -> None:
    seen = going_live.preview(wallclock.now())
    if not seen.tickets:
        click.echo("No imported ticket is open: nothing goes live.")
        return
    first = instants.written(seen.first_at) or "never"
    click.echo(
        f"Going live: {len(seen.tickets)} open tickets with {seen.running} running clocks. "
        f"{len(seen.covered)} rungs lie in the past: they are covered, nobody is told. "
        f"{seen.overdue} clocks are past due and will be recorded as breached. "
        f"The first thing to happen: {first}."
    )
    if not yes and not click.confirm("Let the worker look after them from now on?"):
        click.echo("They stay as they are: imported, and nobody is told anything.")
        return
    with transaction():
        going_live.go_live(going_live.preview(wallclock.now()))
    click.echo(f"{len(seen.tickets)} tickets are live.")


def _report(account: Account) -> None:
    for problem in [*account.problems, *account.elsewhere]:
        click.echo(f"{problem.source}, line {problem.line}: {problem.reason}", err=True)
    click.echo(
        f"{account.read} rows read: {account.used} used, {account.reported} reported, "
        f"{account.known} already known."
    )
    if account.waiting:
        click.echo(f"{account.waiting} tickets wait for the row that opens them.")
    click.echo(
        f"{account.tickets} tickets, {account.promises} promises, {account.breaches} breached; "
        f"judged at {instants.written(account.as_of)}."
    )
    for measure, (promised, missed) in sorted(account.measures.items()):
        click.echo(f"  {words.measure(measure)}: {promised} promised, {missed} breached")


class _Progress:
    """A bar on the error output for each thing that is being done."""

    def __init__(self) -> None:
        self._what = ""
        self._bar: Any = None

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()

    def __call__(self, what: str, done: int, whole: int) -> None:
        """Move the bar of ``what`` to ``done`` of ``whole``."""
        if what != self._what:
            self._finish()
            self._what = what
            self._bar = click.progressbar(length=max(whole, 1), label=what, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(max(0, done - self._bar.pos))

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextmanager
def _output(path: Path | None) -> Iterator[IO[str]]:
    if path is None:
        yield sys.stdout
    elif path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8", newline="") as out:
            yield out
    else:
        with path.open("w", encoding="utf-8", newline="") as out:
            yield out


@contextmanager
def _told() -> Iterator[None]:
    """Turn a refusal into a sentence on the error output and exit code 1."""
    try:
        yield
    except AgreementErrors as error:
        raise click.ClickException(_listed(error.mistakes)) from None
    except mapping.BadMapping as error:
        raise click.ClickException(_listed(error.mistakes)) from None
    except (Refusal, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _listed(mistakes: Iterable[str]) -> str:
    return "\n".join(mistakes)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise click.BadParameter(f"{name!r} is no time zone.", param_hint="--zone") from None


def _house_zone() -> str:
    return str(current_app.extensions["pledge.config"].house_zone)
