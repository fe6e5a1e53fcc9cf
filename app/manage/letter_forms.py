"""The forms of the page of a letter: shapes and limits only."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length


class CameBackForm(FlaskForm):
    """Why a letter came back."""

    reason = StringField(
        "Why it came back",
        validators=[DataRequired("Say why it came back."), Length(max=500)],
    )
