"""``flask agreements``: load agreement files and list what is in force."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import wallclock
from app.agreements import choosing, loading
from app.agreements.loading import Loaded
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
            return _sentence(result)
    except AgreementErrors as errors:
        lines = "\n".join(f"  {mistake}" for mistake in errors.mistakes)
        count = len(errors.mistakes)
        raise click.ClickException(
            f"{file.name} has {count} mistake{'s' if count > 1 else ''}; nothing is loaded:\n"
            f"{lines}"
        ) from None
    except Refusal as refusal:
        raise click.ClickException(f"{file.name}: {refusal.sentence}") from None


def _sentence(result: Loaded) -> str:
    what = f"{result.agreement.title}, version {result.version.number}"
    if not (result.created or result.signed):
        return f"{what} is loaded already: nothing changed."
    is_binding = any(held.version_id == result.version.id for held in choosing.signed_versions())
    since = f"in force from {result.version.effective_from}"
    standing = since if is_binding else "a draft, not signed by all"
    return f"{what} is {'loaded' if result.created else 'signed'} ({standing})."


@agreements.command("list")
@with_appcontext
def list_() -> None:
    """List every version and how it stands now."""
    book, now = choosing.Book(), wallclock.now()
    signed = {held.version_id: held for held in choosing.signed_versions()}
    rows = db.session.execute(
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .order_by(Agreement.title, Agreement.id, AgreementVersion.number)
    )
    for agreement, version in rows:
        current = {held.version_id for held in book.in_force(agreement.client_id, now)}
        if version.id not in signed:
            state = "draft"
        elif version.id in current:
            state = "in force"
        else:
            state = "to come" if signed[version.id].starts_at > now else "past"
        since = f"from {version.effective_from}"
        click.echo(f"{agreement.title}, version {version.number}: {state}, {since}")
