"""The form of an exception to hours: shapes and limits only."""

import re

from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.languages import gettext
from app.languages import lazy_gettext as _

WINDOW = re.compile(r"(\d\d:\d\d)\s*(?:-|–|to)\s*(\d\d:\d\d)")


class ExceptionForm(FlaskForm):
    """Other hours on one day."""

    on = DateField(_("Day"), validators=[DataRequired(_("Which day?"))])
    windows = StringField(_("Hours on that day"), validators=[Length(max=200)])
    name = StringField(_("What day it is"), validators=[Length(max=80)])
    reason = StringField(
        _("Reason"),
        validators=[DataRequired(_("Say why: both parties are told.")), Length(max=500)],
    )

    def validate_windows(self, field: Field) -> None:
        """Each window reads 08:00–12:00."""
        try:
            windows_of(field.data or "")
        except ValueError as mistake:
            raise ValidationError(str(mistake)) from None

    @property
    def hours(self) -> list[tuple[str, str]]:
        """The windows of the day; none for closed."""
        return windows_of(self.windows.data or "")

    @property
    def chosen(self) -> str:
        """What was chosen, for the button that confirms just this."""
        return f"{self.on.data} {self.hours}"


def windows_of(text: str) -> list[tuple[str, str]]:
    """The windows that ``text`` names, such as "08:00–12:00, 13:00–17:00"; `ValueError`."""
    windows = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = WINDOW.fullmatch(part)
        if match is None:
            raise ValueError(
                gettext(
                    '"%(part)s" are no hours; write 08:00–12:00, or nothing for closed.', part=part
                )
            )
        windows.append((match[1], match[2]))
    return windows
