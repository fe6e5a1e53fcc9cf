"""The drafts of a party: all of them, one in the editor, one given up."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.editor import showing
from app.editor.blueprint import blueprint
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import catching_up, drafts, editors

PAGE = 50


@blueprint.get("/agreements/drafts", endpoint="drafts")
@signed_in
def listed() -> str:
    """The open drafts of the organisation that one writes for."""
    found = drafts.listed(http.person(), before=http.row_number("before"))
    at = wallclock.now()
    return render_template(
        "editor/drafts.html",
        rows=[(one, showing.title(one), showing.saved(one, at=at)) for one in found[:PAGE]],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        seat=drafts.seat(http.person()),
    )


@blueprint.get("/agreements/drafts/<int:draft_id>", endpoint="draft")
@signed_in
def draft(draft_id: int) -> str | Response:
    """The editor: the document, with all its fields."""
    found = drafts.draft(draft_id, seen_by=http.person())
    if found.version_id is not None or found.dropped_at is not None:
        flash(_("This draft does not change any more: it was proposed or dropped."))
        return redirect(url_for("editor.drafts"), 302)
    at = wallclock.now()
    return render_template("editor/draft.html", every=editors.BEAT_S, **showing.page(found, at=at))


@blueprint.post("/agreements/drafts/<int:draft_id>/base")
@signed_in
def catch_up(draft_id: int) -> Response:
    """Let what a newer signed version changed come into the draft."""
    found = drafts.for_change(draft_id, by=http.person())
    both = catching_up.catch_up(found, by=http.person(), at=wallclock.now())
    if both:
        flash(
            _(
                "The draft is up to date but for what both changed, where yours stands: %(what)s.",
                what=", ".join(both),
            )
        )
    else:
        flash(_("The draft is up to date."))
    return redirect(url_for("editor.draft", draft_id=draft_id), 303)


@blueprint.route("/agreements/drafts/<int:draft_id>/drop", methods=["GET", "POST"])
@signed_in
def drop(draft_id: int) -> str | Response:
    """Give a draft up, after one look at what that means."""
    found = drafts.draft(draft_id, seen_by=http.person())
    form = FlaskForm()
    if form.validate_on_submit():
        drafts.drop(drafts.for_change(draft_id, by=http.person()), at=wallclock.now())
        flash(_("The draft “%(title)s” is dropped.", title=showing.title(found)))
        return redirect(url_for("editor.drafts"), 303)
    return render_template("editor/drop.html", form=form, draft=found, title=showing.title(found))
