"""A draft as a file: out to be read, kept or sent, and in again."""

from flask import Response, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, TextAreaField

from app import http, wallclock
from app.agreements import toml_text
from app.editor import showing
from app.editor.blueprint import blueprint
from app.errors import Refusal
from app.http import signed_in
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.negotiations import drafts, starting, structure

MOST_BYTES = 1_000_000


class FileForm(FlaskForm):
    """A file, or its text."""

    revision = HiddenField()
    file = FileField(lazy_gettext("File"))
    text = TextAreaField(lazy_gettext("Or its text"))

    @property
    def toml(self) -> str:
        """What the file, else the text, says; raises `Refusal` where it cannot be read."""
        upload = self.file.data
        if upload is None or not getattr(upload, "filename", ""):
            return self.text.data or ""
        content = upload.stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Refusal(_("The file is larger than 1 MB."), field="file")
        try:
            text: str = content.decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(_("The file is no text in UTF-8."), field="file") from None
        if "\0" in text:
            raise Refusal(_("The file is no text in UTF-8."), field="file")
        return text

    @property
    def is_empty(self) -> bool:
        """Whether neither came."""
        return not getattr(self.file.data, "filename", "") and not (self.text.data or "").strip()


@blueprint.get("/agreements/drafts/<int:draft_id>/file")
@signed_in
def download(draft_id: int) -> Response:
    """The draft as a TOML file, as docs/agreements.md describes it."""
    draft = drafts.draft(draft_id, seen_by=http.person())
    name = structure.key_of(showing.title(draft), {})
    document = Response(toml_text.text(draft.values), mimetype="application/toml")
    return http.saved_as(document, f"{name}-draft.toml")


@blueprint.route("/agreements/drafts/<int:draft_id>/file/new", methods=["GET", "POST"])
@signed_in
def upload(draft_id: int) -> str | AnyResponse:
    """Let the draft say what a file says."""
    draft = drafts.draft(draft_id, seen_by=http.person())
    form = FileForm()
    if not form.is_submitted():
        form.revision.data = str(draft.revision)
    if form.validate_on_submit():
        seen, form.revision.data = form.revision.data or "", str(draft.revision)
        with http.refusals_on(form):
            if form.is_empty:
                raise Refusal(_("Choose a file, or paste its text."), field="file")
            starting.read_into(
                drafts.for_change(draft_id, by=http.person()),
                form.toml,
                revision=int(seen) if seen.isdecimal() else 0,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("The draft says what the file says."))
            return redirect(url_for("editor.draft", draft_id=draft_id), 303)
    return render_template("editor/upload.html", form=form, draft=draft, title=showing.title(draft))
