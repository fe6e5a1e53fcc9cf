"""``flask search rebuild``: the words of every ticket written anew, with a progress bar."""

import sys

import click
from flask.cli import with_appcontext

from app.database import transaction
from app.tickets.search import indexing


@click.group()
def search() -> None:
    """What can be found."""


@search.command()
@with_appcontext
def rebuild() -> None:
    """Write the words of every ticket anew, a batch a transaction; people go on working."""
    done, last_id = 0, 0
    with click.progressbar(length=indexing.count(), label="Indexing", file=sys.stderr) as bar:
        while True:
            with transaction():
                ids = indexing.renew_after(last_id)
            if not ids:
                break
            done, last_id = done + len(ids), ids[-1]
            bar.update(len(ids))
    click.echo(f"{done} tickets can be found.")
