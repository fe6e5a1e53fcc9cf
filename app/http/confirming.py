"""The present password, asked for before anything that somebody else could use."""

from flask import request
from wtforms import Field

from app import wallclock
from app.errors import Refusal
from app.http.visitors import person
from app.languages import gettext as _
from app.people import signing_in
from app.people.signing_in import TooManyTries


def knows_password(field: Field) -> bool:
    """Whether ``field`` holds the password of who is signed in; else the field says so.

    Counts as a try to sign in: ten wrong ones and no more is asked for a quarter of an hour.
    Commits, and so comes before any change.
    """
    try:
        signing_in.verify(
            person().address or "",
            field.data,
            network=request.remote_addr or "",
            at=wallclock.now(),
        )
    except TooManyTries as refusal:
        field.errors = (refusal.sentence,)
    except Refusal:
        field.errors = (_("This is not your present password."),)
    else:
        return True
    return False
