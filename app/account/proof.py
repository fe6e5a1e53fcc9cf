"""The present password, asked for before anything that somebody else could use."""

from flask import request

from app import http, wallclock
from app.account.forms import AddressForm, PasswordForm
from app.errors import Refusal
from app.languages import gettext as _
from app.people import signing_in
from app.people.signing_in import TooManyTries


def knows_password(form: PasswordForm | AddressForm) -> bool:
    """Whether ``form.current`` is the person's password; else the form says so.

    Counts as a try to sign in: ten wrong ones and no more is asked for a quarter of an hour.
    Commits, and so comes before any change.
    """
    try:
        signing_in.verify(
            http.person().address or "",
            form.current.data,
            network=request.remote_addr or "",
            at=wallclock.now(),
        )
    except TooManyTries as refusal:
        form.current.errors = (refusal.sentence,)
    except Refusal:
        form.current.errors = (_("This is not your present password."),)
    else:
        return True
    return False
