"""What the form of a new request shows: its questions, as they are asked or as they came back.

A form that nobody has filled in yet needs none of WTForms, which cost a tenth of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, NamedTuple

from app.catalogue.queries import Tile
from app.files.models import Attachment
from app.http.uploads import FilesField
from app.portal.choices import WORDING, Choice, default_of
from app.portal.forms import RequestForm
from app.tickets.models import Ticket


class Question(NamedTuple):
    """A question's words, its answer so far, and what is wrong with that."""

    id: str
    label: Any
    data: str
    errors: Sequence[str] = ()


class NoFiles(NamedTuple):
    """The place for files where none go along yet."""

    id: str = "files"
    errors: Sequence[str] = ()
    waiting: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions; `follows` is an earlier request, `form` what came back and why."""

    subject: Question
    choice: Question
    body: Question
    files: NoFiles | FilesField
    once: str
    follows: Ticket | None
    form: RequestForm | None = None


def blank(kind: Tile, choices: tuple[Choice, ...], *, follows: Ticket | None) -> Sheet:
    """As it is asked; what follows an earlier request has its subject."""
    asked = WORDING[kind.kind]
    return Sheet(
        subject=Question("subject", asked.subject, follows.subject if follows else ""),
        choice=Question("choice", asked.choice, default_of(choices).key),
        body=Question("body", asked.body, ""),
        files=NoFiles(),
        once=token_urlsafe(16),
        follows=follows,
    )


def returned(form: RequestForm, *, follows: Ticket | None) -> Sheet:
    """As it was filled in, with what is to be put right."""
    subject, choice, body = (
        Question(field.id, field.label.text, field.data or "", field.errors)
        for field in (form.subject, form.choice, form.body)
    )
    return Sheet(subject, choice, body, form.files, form.once.data or "", follows, form)
