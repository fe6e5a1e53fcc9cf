"""The forms of the front door: signing in, joining, a new password, asking without an account."""

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from app.http import keeping
from app.languages import lazy_gettext as _
from app.people.passwords import LONGEST
from app.tickets.conversation import MAX_BODY
from app.tickets.opening import MAX_SUBJECT


def _name() -> StringField:
    return StringField(
        _("Your name"),
        validators=[
            DataRequired(_("Write your name.")),
            Length(max=120, message=_("Keep the name under 120 letters.")),
        ],
    )


def _address() -> StringField:
    return StringField(
        _("Mail address"),
        validators=[
            DataRequired(_("Write your mail address.")),
            Length(max=254, message=_("A mail address is shorter than this.")),
        ],
    )


def _new_password() -> PasswordField:
    """A password to be set; how strong it is says `app.people.passwords`."""
    return PasswordField(
        _("New password"),
        validators=[
            InputRequired(_("Choose a password.")),
            Length(max=LONGEST, message=_("This password is too long.")),
        ],
    )


class SignInForm(FlaskForm):
    """The address and the password."""

    address = StringField(
        _("Mail address"),
        validators=[DataRequired(_("Write your mail address.")), Length(max=254)],
    )
    password = PasswordField(
        _("Password"), validators=[InputRequired(_("Write your password.")), Length(max=LONGEST)]
    )
    next = HiddenField(validators=[Length(max=2000)])
    kept = HiddenField(validators=[Length(max=keeping.MOST)])


class JoiningForm(FlaskForm):
    """Who wants to join."""

    name = _name()
    address = _address()


class WelcomeForm(FlaskForm):
    """The end of joining: the name as it should read, and a password."""

    name = _name()
    password = _new_password()


class ForgottenForm(FlaskForm):
    """The address of an account whose password is forgotten."""

    address = _address()


class NewPasswordForm(FlaskForm):
    """A password in place of a forgotten one."""

    password = _new_password()


class AskingForm(FlaskForm):
    """A request of somebody without an account, in the order in which it is asked."""

    subject = StringField(
        validators=[
            DataRequired(_("Say in one line what this is about.")),
            Length(max=MAX_SUBJECT, message=_("Keep this line under 255 characters.")),
        ],
    )
    choice = RadioField(validators=[InputRequired(_("Choose one."))])
    body = TextAreaField(
        validators=[
            DataRequired(_("Write at least one sentence, so that we need not ask back.")),
            Length(max=MAX_BODY, message=_("Keep this under 100,000 characters.")),
        ],
    )
    name = _name()
    address = _address()
    once = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    show = SubmitField()


class ProvingForm(FlaskForm):
    """The press that sends a waiting request."""
