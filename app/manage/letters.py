"""Letters: every mail that left, waits or was parked, and what stands in it."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import http, wallclock
from app.http import manager_required
from app.mail import outbox, queries, rendering
from app.mail.models import LetterState
from app.mail.rendering import Rendered
from app.manage.blueprint import blueprint

PAGE = 50
SHEET = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/manage/mail")
@manager_required
def letters() -> str:
    """Letters, newest first, perhaps of one state only."""
    state = request.args.get("state", "")
    chosen = LetterState(state) if state in set(LetterState) else None
    before_id = request.args.get("before", type=int)
    found = queries.page(state=chosen, before_id=before_id, most=PAGE + 1)
    return render_template(
        "manage/letters/letters.html",
        letters=found[:PAGE],
        chosen=chosen,
        states=list(LetterState),
        older=url_for("manage.letters", state=state or None, before=found[PAGE - 1].id)
        if len(found) > PAGE
        else None,
        has_server=bool(http.config().mail_server),
        zone=http.person().zone_or(http.config().house_zone),
        now=wallclock.now(),
    )


@blueprint.get("/manage/mail/<int:letter_id>")
@manager_required
def letter(letter_id: int) -> str:
    """One letter: to whom, how far it came, and its text."""
    found = queries.letter(letter_id)
    rendered, problem = _rendered(letter_id)
    return render_template(
        "manage/letters/letter.html",
        letter=found,
        rendered=rendered,
        problem=problem,
        zone=http.person().zone_or(http.config().house_zone),
        now=wallclock.now(),
    )


@blueprint.get("/manage/mail/<int:letter_id>/sheet")
@manager_required
def letter_sheet(letter_id: int) -> Response:
    """The letter as a mail program shows it; its own inlined styles, no script, no requests."""
    rendered, problem = _rendered(letter_id)
    response = Response(rendered.html if rendered else problem, mimetype="text/html")
    response.headers["Content-Security-Policy"] = SHEET
    return response


@blueprint.post("/manage/mail/<int:letter_id>/sending")
@manager_required
def send_again(letter_id: int) -> BaseResponse:
    """Put a parked letter back into the queue."""
    outbox.send_again(queries.letter(letter_id), at=wallclock.now())
    flash("The letter is queued again.")
    return redirect(url_for("manage.letter", letter_id=letter_id), 303)


def _rendered(letter_id: int) -> tuple[Rendered | None, str]:
    """The letter drawn from its facts, or why it cannot be drawn: it is parked for that."""
    try:
        return rendering.render(queries.letter(letter_id)), ""
    except Exception as mistake:
        return None, f"This letter cannot be drawn: {mistake}"
