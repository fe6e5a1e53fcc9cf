"""Files in the portal: sent to a request before it is sent, and saved from a conversation."""

from flask import Response, request

from app.catalogue import queries as catalogue
from app.errors import NotFound
from app.files.models import Attachment
from app.http import public, signed_in, takes_files, uploads
from app.portal import doors
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.tickets import attachments


@blueprint.post("/portal/requests/<int:ref>/uploads")
@signed_in
@takes_files
def upload(ref: int) -> Response:
    """Let a file wait for the answer that is being written, or remove one."""
    return uploads.answer(place_of(doors.to_change(ref)))


@blueprint.post("/t/<token>/uploads")
@public
@takes_files
def guest_upload(token: str) -> Response:
    """The same by a guest link."""
    return uploads.answer(place_of(doors.of_link(token)))


@blueprint.post("/portal/new/<key>/uploads")
@signed_in
@takes_files
def upload_new(key: str) -> Response:
    """The same for a new request."""
    kind = catalogue.tile(key)
    return uploads.answer(uploads.place("new", kind.key, request.form.get("once", "")))


@blueprint.get("/portal/requests/<int:ref>/files/<int:file_id>")
@signed_in
def file(ref: int, file_id: int) -> Response:
    """A file of the conversation, to be saved."""
    return uploads.hand_out(_file_or_404(doors.of_request(ref), file_id))


@blueprint.get("/t/<token>/files/<int:file_id>")
@public
def guest_file(token: str, file_id: int) -> Response:
    """The same by a guest link."""
    return uploads.hand_out(_file_or_404(doors.of_link(token), file_id))


@blueprint.get("/portal/requests/<int:ref>/files/<int:file_id>/preview")
@signed_in
def file_preview(ref: int, file_id: int) -> Response:
    """The small picture of a file."""
    return uploads.hand_out_preview(_file_or_404(doors.of_request(ref), file_id))


@blueprint.get("/t/<token>/files/<int:file_id>/preview")
@public
def guest_file_preview(token: str, file_id: int) -> Response:
    """The same by a guest link."""
    return uploads.hand_out_preview(_file_or_404(doors.of_link(token), file_id))


def place_of(door: Door) -> str:
    """Where files wait for the answer of whoever came by ``door``."""
    return uploads.place("answer", door.ticket.id, holder=door.token)


def _file_or_404(door: Door, file_id: int) -> Attachment:
    """A file of the request, as far as its requesters may read it: none of a note."""
    found = attachments.find_on(door.ticket, file_id, with_notes=False)
    if found is None:
        raise NotFound("There is no such file.")
    return found
