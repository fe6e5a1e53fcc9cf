"""``flask agreements``: load agreement files and list what is in force."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import wallclock
from app.agreements import choosing, loading
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.reading import AgreementErrors
from app.database import db, transaction
from app.errors import Refusal


@click.group()
def agreements() -> None:
    """Agreements as files."""


@agreements.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def load(file: Path) -> None:
    """Load FILE; the same file again changes nothing."""
    click.echo(loaded(file))


def loaded(file: Path) -> str:
    """Load ``file`` and say in a sentence what came of it.

    Raises `click.ClickException` with every mistake, each with its key.
    """
    try:
        with transaction():
            result = loading.load_file(file, at=wallclock.now())
            version, title = result.version, result.agreement.title
            signed = any(held.version_id == version.id for held in choosing.signed_versions())
            what = f"{title}, version {version.number}"
            if not result.created:
                return f"{what} is loaded already: nothing changed."
            since = f"in force from {version.effective_from}" if signed else "a draft: unsigned"
            return f"{what} is loaded ({since})."
    except AgreementErrors as errors:
        lines = "\n".join(f"  {mistake}" for mistake in errors.mistakes)
        count = len(errors.mistakes)
        raise click.ClickException(
            f"{file.name} has {count} mistake{'s' if count > 1 else ''}; nothing is loaded:\n"
            f"{lines}"
        ) from None
    except Refusal as refusal:
        raise click.ClickException(f"{file.name}: {refusal.sentence}") from None


@agreements.command("list")
@with_appcontext
def list_() -> None:
    """List every version and since when it holds."""
    signed = {held.version_id for held in choosing.signed_versions()}
    rows = db.session.execute(
        select(Agreement.title, AgreementVersion)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .order_by(Agreement.title, AgreementVersion.number)
    )
    for title, version in rows:
        state = "signed" if version.id in signed else "draft"
        click.echo(f"{title}, version {version.number}: {state}, from {version.effective_from}")
