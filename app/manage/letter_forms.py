"""The forms of the page of a letter: shapes and limits only."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.languages import lazy_gettext as _


class CameBackForm(FlaskForm):
    """Why a letter came back."""

    reason = StringField(
        _("Why it came back"),
        validators=[DataRequired(_("Say why it came back.")), Length(max=500)],
    )
