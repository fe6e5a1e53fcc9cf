"""What somebody is told who writes for no organisation: who gives the grant, and where."""

from flask import render_template

from app import http
from app.database import db
from app.editor.blueprint import blueprint
from app.negotiations.writers import NotGranted
from app.people import grants
from app.people.models import GrantKind, Organisation


@blueprint.errorhandler(NotGranted)
def not_granted(refusal: NotGranted) -> tuple[str, int]:
    """The page of the refusal; it names people of one's own organisation alone."""
    db.session.rollback()
    person = http.person()
    own = db.session.get_one(Organisation, person.organisation_id)
    page = render_template(
        "editor/not_granted.html",
        sentence=refusal.sentence,
        organisation=own,
        givers=grants.givers(own, GrantKind.AGREEMENT_EDITOR) if own.is_provider else [],
    )
    return page, 403
