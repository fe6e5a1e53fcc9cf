"""``flask agreements``: load agreement files, list what is in force, verify what was signed."""

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import wallclock
from app.agreements import choosing, loading, stored, verifying
from app.agreements.loading import Loaded
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.reading import AgreementErrors
from app.database import db, transaction
from app.errors import Refusal
from app.negotiations import superseding


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
            at = wallclock.now()
            result = loading.load_file(file, at=at)
            superseding.loaded(result, at=at)
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


@agreements.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--digest", help="The digest in a letter: which version has it, and is it intact?")
@with_appcontext
def verify(file: Path | None, digest: str | None) -> None:
    """Check that versions are what was signed: all, the one in FILE, or the one with a digest."""
    if digest is not None:
        versions = [
            _version_with(
                "".join(digest.split()).lower(), None, "That is the digest of no version here"
            )
        ]
    elif file is not None:
        versions = [_version_in(file)]
    else:
        versions = list(
            db.session.scalars(
                select(AgreementVersion).order_by(
                    AgreementVersion.agreement_id, AgreementVersion.number
                )
            )
        )
    wrong = 0
    for version in versions:
        agreement = db.session.get_one(Agreement, version.agreement_id)
        name = f"{agreement.title}, version {version.number}"
        found = verifying.findings(version)
        wrong += bool(found)
        for finding in found:
            click.echo(f"{name}: NOT AS SIGNED: {finding}.")
        if not found:
            click.echo(f"{name}: as recorded, {_signed_by(version)}. SHA-256 {version.digest}")
    if wrong:
        raise click.ClickException(f"{wrong} of {len(versions)} checked are not as signed.")


def _version_in(file: Path) -> AgreementVersion:
    """The version that a copy repeats: a file of a letter, or an exported one with signatures."""
    if file.suffix == ".json":
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        return _version_with(digest, None, f"{file.name} is no copy of any version here")
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise click.ClickException(f"{file.name} is no TOML file: {mistake}") from None
    head = values.get("agreement")
    key = head.get("key") if isinstance(head, dict) else None
    version = _version_with(
        loading.digest_of(values), str(key), f"{file.name} is no copy of any version here"
    )
    agreement = db.session.get_one(Agreement, version.agreement_id)
    said = stored.signed_values_of(version, _signatures(version), agreement).get("signatures")
    if values.get("signatures", {}) not in ({}, said or {}):
        raise click.ClickException(
            f"{file.name} says what version {version.number} says, but names other signatures."
        )
    return version


def _version_with(digest: str, key: str | None, otherwise: str) -> AgreementVersion:
    version = verifying.version_with(digest, key)
    if version is None:
        raise click.ClickException(f"{otherwise}. SHA-256 {digest}")
    return version


def _signed_by(version: AgreementVersion) -> str:
    names = [one.name for one in _signatures(version)]
    if not names:
        return "a further term" if version.renews_id else "not signed"
    return f"signed by {' and '.join(names)}"


def _signatures(version: AgreementVersion) -> Sequence[Signature]:
    query = select(Signature).where(Signature.version_id == version.id)
    return db.session.scalars(query.order_by(Signature.id)).all()


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
