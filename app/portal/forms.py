"""The portal's forms: shapes and limits only."""

from secrets import token_urlsafe

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.tickets.conversation import MAX_BODY
from app.tickets.opening import MAX_SUBJECT

ONCE = 64


class RequestForm(FlaskForm):
    """What somebody needs help with."""

    subject = StringField(
        "What is wrong?",
        validators=[
            DataRequired("Say in one line what this is about."),
            Length(max=MAX_SUBJECT, message=f"Keep this line under {MAX_SUBJECT} characters."),
        ],
    )
    choice = RadioField("Who cannot work?", validators=[InputRequired("Choose one.")])
    body = TextAreaField(
        "What happens, and since when?",
        validators=[
            DataRequired(
                "Write at least one sentence, so that we need not ask back. "
                "While we wait for you, our clock stands still."
            ),
            Length(
                max=MAX_BODY,
                message=f"Keep this under {MAX_BODY:,} characters.",
            ),
        ],
    )
    once = HiddenField(validators=[Length(max=ONCE)])
    follows = HiddenField(validators=[Length(max=20)])
    show = SubmitField("Show the promise")


class AnswerForm(FlaskForm):
    """A message on one's own request."""

    body = TextAreaField(
        "Your answer",
        validators=[
            DataRequired("Write your answer first."),
            Length(max=MAX_BODY, message=f"Keep this under {MAX_BODY:,} characters."),
        ],
    )
    once = HiddenField(validators=[Length(max=ONCE)])

    @classmethod
    def blank(cls) -> "AnswerForm":
        """An empty form with a one-time id of its own."""
        form = cls(formdata=None)
        form.once.data = token_urlsafe(16)
        return form


class ClosingForm(FlaskForm):
    """The word that all is well, with or without a last message."""

    body = TextAreaField(validators=[Length(max=MAX_BODY)])
    once = HiddenField(validators=[Length(max=ONCE)])
