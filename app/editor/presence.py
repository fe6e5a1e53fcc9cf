"""Who has a draft open: a page that is open says so now and then, and hears who else has."""

from flask import render_template, request

from app import http, wallclock
from app.editor.blueprint import blueprint
from app.http import signed_in
from app.negotiations import drafts, editors


@blueprint.post("/agreements/drafts/<int:draft_id>/presence", endpoint="presence")
@signed_in
def beat(draft_id: int) -> str:
    """Say that one has the draft open, or has closed it; the answer says who else has."""
    http.unattended()
    person, at = http.person(), wallclock.now()
    draft = drafts.draft(draft_id, seen_by=person)
    if request.form.get("writing") == "left":
        editors.left(draft, who=person)
    else:
        editors.seen(draft, who=person, at=at)
    return render_template(
        "editor/_here.html",
        here=editors.here(draft, besides=person, at=at),
        draft=draft,
    )
