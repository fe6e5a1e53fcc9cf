"""Files at the desk: sent to a reply or a note before it is sent, and saved from a conversation."""

from flask import Response, request

from app.desk import drafts, loading
from app.desk.blueprint import blueprint
from app.errors import NotFound
from app.files.models import Attachment
from app.http import agent_required, takes_files, uploads
from app.tickets import attachments


@blueprint.post("/tickets/<int:ref>/uploads/<form>")
@agent_required
@takes_files
def upload(ref: int, form: str) -> Response:
    """Let a file wait for the reply or the note that is being written, or remove one."""
    ticket = loading.ticket_or_404(ref)
    drafts.kind_of(form)
    return uploads.answer(uploads.place(form, ticket.id))


@blueprint.post("/tickets/new/uploads")
@agent_required
@takes_files
def upload_new() -> Response:
    """The same for a ticket that is being written down."""
    return uploads.answer(uploads.place("opening", request.form.get("once", "")))


@blueprint.get("/tickets/<int:ref>/files/<int:file_id>")
@agent_required
def file(ref: int, file_id: int) -> Response:
    """A file of the conversation, to be saved."""
    return uploads.hand_out(_file_or_404(ref, file_id))


@blueprint.get("/tickets/<int:ref>/files/<int:file_id>/preview")
@agent_required
def file_preview(ref: int, file_id: int) -> Response:
    """The small picture of a file."""
    return uploads.hand_out_preview(_file_or_404(ref, file_id))


def _file_or_404(ref: int, file_id: int) -> Attachment:
    found = attachments.find_on(loading.ticket_or_404(ref), file_id, with_notes=True)
    if found is None:
        raise NotFound("There is no such file.")
    return found
