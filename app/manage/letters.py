"""Letters: every mail that left, waits or was parked, and what stands in it."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import http, wallclock
from app.http import manager_required
from app.languages import gettext as _
from app.mail import outbox, queries, rendering
from app.mail.models import Letter, LetterState
from app.mail.rendering import Rendered, Undrawable
from app.manage import letter_words
from app.manage.blueprint import blueprint
from app.manage.letter_forms import CameBackForm

PAGE = 50
SHEET = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/manage/mail")
@manager_required
def letters() -> str:
    """Letters, newest first, perhaps of one state only."""
    state = request.args.get("state", "")
    chosen = LetterState(state) if state in set(LetterState) else None
    before_id = http.row_number("before")
    found = queries.page(state=chosen, before_id=before_id, most=PAGE + 1)
    return render_template(
        "manage/letters/letters.html",
        letters=found[:PAGE],
        chosen=chosen,
        states=list(LetterState),
        state_of=letter_words.state,
        kind_of=letter_words.kind,
        older=url_for("manage.letters", state=state or None, before=found[PAGE - 1].id)
        if len(found) > PAGE
        else None,
        has_server=bool(http.config().mail_server),
        zone=http.zone(),
        now=wallclock.now(),
    )


@blueprint.get("/manage/mail/<int:letter_id>")
@manager_required
def letter(letter_id: int) -> str:
    """One letter: to whom, how far it came, and its text."""
    return _page(queries.letter(letter_id), CameBackForm())


@blueprint.post("/manage/mail/<int:letter_id>/return")
@manager_required
def letter_came_back(letter_id: int) -> str | BaseResponse:
    """A letter that was sent came back: what rested on it is judged within a minute."""
    found = queries.letter(letter_id, for_change=True)
    form = CameBackForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            outbox.came_back(found, at=wallclock.now(), reason=form.reason.data)
            flash(_("Noted that the letter came back. What rested on it is looked at now."))
            return redirect(url_for("manage.letter", letter_id=letter_id), 303)
    return _page(found, form)


def _page(found: Letter, form: CameBackForm) -> str:
    rendered, problem = _drawn(found)
    return render_template(
        "manage/letters/letter.html",
        letter=found,
        form=form,
        rendered=rendered,
        problem=problem,
        state_of=letter_words.state,
        has_server=bool(http.config().mail_server),
        zone=http.zone(),
        now=wallclock.now(),
    )


@blueprint.get("/manage/mail/<int:letter_id>/sheet")
@manager_required
def letter_sheet(letter_id: int) -> Response:
    """The letter as a mail program shows it; its own inlined styles, no script, no requests."""
    rendered, problem = _drawn(queries.letter(letter_id))
    if rendered is None:
        return Response(problem, status=409, mimetype="text/plain")
    response = Response(rendered.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = SHEET
    return response


@blueprint.post("/manage/mail/<int:letter_id>/sending")
@manager_required
def send_again(letter_id: int) -> BaseResponse:
    """Put a parked letter back into the queue."""
    outbox.send_again(queries.letter(letter_id, for_change=True), at=wallclock.now())
    flash(_("The letter is queued again."))
    return redirect(url_for("manage.letter", letter_id=letter_id), 303)


def _drawn(letter: Letter) -> tuple[Rendered | None, str]:
    """The letter drawn from its facts, or why it cannot be drawn: it is parked for that."""
    try:
        return rendering.render(letter), ""
    except Undrawable as mistake:
        return None, _("This letter cannot be drawn: %(mistake)s", mistake=mistake)
