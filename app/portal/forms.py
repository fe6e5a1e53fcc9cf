"""The portal's forms: shapes and limits only."""

from secrets import token_urlsafe

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.http.uploads import FilesField
from app.languages import lazy_gettext as _
from app.languages import lazy_number
from app.tickets.conversation import MAX_BODY
from app.tickets.opening import MAX_SUBJECT
from app.tickets.rating import LONGEST_COMMENT, SCORES

ONCE = 64


class RequestForm(FlaskForm):
    """What somebody needs help with; how it asks says `app.portal.choices`."""

    class Meta:
        """Its token was checked before the view was asked: none is signed here for nobody."""

        csrf = False

    subject = StringField(
        validators=[
            DataRequired(_("Say in one line what this is about.")),
            Length(
                max=MAX_SUBJECT,
                message=_("Keep this line under %(number)s characters.", number=MAX_SUBJECT),
            ),
        ],
    )
    choice = RadioField(validators=[InputRequired(_("Choose one."))])
    body = TextAreaField(
        validators=[
            DataRequired(
                _(
                    "Write at least one sentence, so that we need not ask back. "
                    "While we wait for you, our clock stands still."
                )
            ),
            Length(
                max=MAX_BODY,
                message=_("Keep this under %(number)s characters.", number=lazy_number(MAX_BODY)),
            ),
        ],
    )
    files = FilesField(_("Files"))
    once = HiddenField(validators=[Length(max=ONCE)])
    follows = HiddenField(validators=[Length(max=20)])
    show = SubmitField(_("Show the promise"))


class AnswerForm(FlaskForm):
    """A message on one's own request."""

    body = TextAreaField(
        _("Your answer"),
        validators=[
            DataRequired(_("Write your answer first.")),
            Length(
                max=MAX_BODY,
                message=_("Keep this under %(number)s characters.", number=lazy_number(MAX_BODY)),
            ),
        ],
    )
    files = FilesField(_("Files"))
    once = HiddenField(validators=[Length(max=ONCE)])
    show = SubmitField()

    @classmethod
    def blank(cls) -> "AnswerForm":
        """An empty form with a one-time id of its own."""
        form = cls(formdata=None)
        form.once.data = token_urlsafe(16)
        return form


class ClosingForm(FlaskForm):
    """The word that all is well, with or without a last message."""

    body = TextAreaField(validators=[Length(max=MAX_BODY)])
    files = FilesField()
    once = HiddenField(validators=[Length(max=ONCE)])
    show = SubmitField()


class CopyForm(FlaskForm):
    """A colleague who shall read along."""

    address = StringField(
        _("Mail address of a colleague"),
        validators=[DataRequired(_("Write your colleague's mail address.")), Length(max=254)],
    )
    name = StringField(_("Name"), validators=[Length(max=120)])
    show = SubmitField()


class RatingForm(FlaskForm):
    """How it went, in one of five words, with a comment or without."""

    score = RadioField(
        _("How did it go?"),
        choices=[SelectChoice(str(score), name) for score, name in SCORES.items()],
        validators=[InputRequired(_("Choose one of the five."))],
    )
    comment = TextAreaField(
        _("Anything we should know?"),
        validators=[
            Length(
                max=LONGEST_COMMENT,
                message=_(
                    "Keep this under %(number)s characters.", number=lazy_number(LONGEST_COMMENT)
                ),
            )
        ],
    )
    show = SubmitField()
