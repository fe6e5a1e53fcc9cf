"""Files in forms: taken in before anything is locked, kept for their form, handed out again.

A file waits under a key that is made of the session and of what the form is about: another
session, or the same person on another ticket, reaches none of it, whatever ids are sent. Sources:
security.md, "client-chosen ids" and "uploads".
"""

import functools
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec

from flask import Response, g, render_template, request
from flask_wtf import FlaskForm
from wtforms import MultipleFileField

from app import signatures, wallclock
from app.database import db
from app.errors import NotFound, Refusal
from app.files import attaching, kinds, previews, receiving, storage
from app.files.models import Attachment
from app.files.receiving import Received
from app.http import visitors
from app.http.saving import saved_as
from app.languages import gettext as _

FIELD, CHOSEN, REMOVED = "files", "file", "remove"
"""The names of the file input, of the boxes of files that wait, and of one to be removed."""

MAX_REQUEST = attaching.MOST_BYTES + 4 * 1024 * 1024
CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"

P = ParamSpec("P")


class FilesField(MultipleFileField):
    """A form's files; ``waiting`` are those that were taken in already and go along."""

    waiting: Sequence[Attachment] | None = None


def takes_files(view: Callable[P, Any]) -> Callable[P, Any]:
    """The view's form may carry files; stands beneath the view's policy.

    Their bytes are stored before the view runs, in no transaction: on SQLite a writing request
    locks everybody else out. What the view does not take in is removed again.
    """

    @functools.wraps(view)
    def taking(*args: P.args, **kwargs: P.kwargs) -> Any:
        if visitors.find_person() is not None and _sent():
            db.session.rollback()
            visitors.forget()
            _store()
            visitors.find_person()
        try:
            return view(*args, **kwargs)
        finally:
            for received, _problem in g.pop("received", ()):
                if received is not None:
                    receiving.discard(received)

    taking.__dict__["max_bytes"] = MAX_REQUEST
    return taking


def place(*about: str | int, holder: str | None = None) -> str:
    """The key under which files wait for one form: ``about`` names it, such as ("reply", 1042).

    ``holder`` is who fills it in where nobody is signed in: the token of a guest link.
    """
    who = f"guest {holder}" if holder else f"session {g.session.id}"
    named = " ".join([who, *(str(part) for part in about)])
    return hashlib.sha256(signatures.sign(named, purpose="upload").encode()).hexdigest()


def come_along() -> bool:
    """Whether the form that was sent brings files, or names some that wait for it."""
    return bool(_sent() or request.form.getlist(CHOSEN))


def take_in(form: FlaskForm, place: str) -> Sequence[Attachment]:
    """The files that go with a form that was sent: those it brings, and those chosen before.

    Call it before the form is validated, once it is known that the person may send it. They
    wait from now on even if the form is refused; one that cannot be taken is an error of the
    form's field ``files``.
    """
    field = form[FIELD]
    ids = {int(id_) for id_ in request.form.getlist(CHOSEN) if _is_id(id_)}
    for file, problem in _added(place):
        if file is not None:
            ids.add(file.id)
        else:
            field.process_errors = [*field.process_errors, problem]
    field.waiting = attaching.waiting([place], ids=ids)[place]
    return list(field.waiting)


def recall(*forms: tuple[FlaskForm, str]) -> None:
    """Let forms that are shown list what waits at their places; one statement for all."""
    fresh = [(form[FIELD], place) for form, place in forms if form[FIELD].waiting is None]
    waiting = attaching.waiting([place for _field, place in fresh])
    for field, place in fresh:
        field.waiting = waiting[place]


def give_back(message_id: int, place: str) -> None:
    """Let the files of a message that was taken back wait at ``place`` again."""
    attaching.give_back(message_id, upload_key=place, at=wallclock.now())


def answer(place: str) -> Response:
    """What a script gets that sends one file or has one removed: its line, or why not."""
    removed = request.form.get(REMOVED, "")
    if _is_id(removed):
        attaching.remove(int(removed), upload_key=place)
        return Response(status=204)
    added = _added(place)
    if len(added) != 1:
        return Response(_("Choose a file first."), 400, mimetype="text/plain")
    file, problem = added[0]
    if file is None:
        return Response(problem, 409, mimetype="text/plain")
    return Response(render_template("shared/_waiting_file.html", file=file), 201)


def hand_out(file: Attachment) -> Response:
    """The file itself, to be saved: never shown as a page of ours, never run."""
    kind = kinds.handed_out_as(file.content_type)
    return saved_as(_sent_from(storage.path_of(file.storage_key), kind), file.name)


def hand_out_preview(file: Attachment) -> Response:
    """The small picture that we drew of it."""
    if not file.has_preview:
        raise NotFound("There is no such picture.")
    return _sent_from(storage.preview_of(file.storage_key), previews.CONTENT_TYPE)


def _sent_from(path: Path, kind: str) -> Response:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise NotFound("The bytes of this file are gone.") from None
    response = Response(storage.chunks_of(path), mimetype=kind)
    response.content_length = size
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent() -> list[Any]:
    """The files of this request; an input that was left empty sends one without a name."""
    return [file for file in request.files.getlist(FIELD) if file.filename]


def _store() -> None:
    """Store the bytes of this request's files; with each its trouble, where it has one."""
    g.received = []
    for file in _sent()[: attaching.MOST + 1]:
        name = file.filename or ""
        try:
            g.received.append((receiving.receive(file.stream, name=name), ""))
        except storage.Empty:
            g.received.append((None, _("%(name)s is empty.", name=name)))
        except storage.TooLarge:
            g.received.append((None, _("%(name)s is larger than 25 MB.", name=name)))


def _added(place: str) -> list[tuple[Attachment | None, str]]:
    """A row for each file of this request, or the sentence that says why it gets none."""
    if "received" not in g and _sent():
        _store()
    return [
        _row(received, place) if received is not None else (None, problem)
        for received, problem in g.pop("received", ())
    ]


def _row(received: Received, place: str) -> tuple[Attachment | None, str]:
    by = visitors.find_person() or g.get("guest")
    try:
        row = attaching.add(
            received, upload_key=place, by_id=by.id if by else None, at=wallclock.now()
        )
    except Refusal as refusal:
        receiving.discard(received)
        return None, refusal.sentence
    return row, ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
