"""The forms of absences. Shapes and limits only."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.languages import gettext
from app.languages import lazy_gettext as _
from app.manage import local_time
from app.people.models import Person


class AbsenceForm(FlaskForm):
    """Who is away from when until when, who stands in, and why."""

    person = SelectField(_("Who"), coerce=int)
    starts = local_time.moment(_("Away from"), _("From when?"))
    ends = local_time.moment(_("Back at"), _("Until when?"))
    substitute = SelectField(_("Who stands in"), coerce=int, default=0)
    reason = StringField(_("Reason"), validators=[Length(max=500)])

    def __init__(self, *, staff: Iterable[Person], zone: str, **kwargs: Any) -> None:
        """``staff`` may be chosen; times are on the clock of ``zone``."""
        super().__init__(**kwargs)
        names = _names(staff)
        self.person.choices = names
        self.substitute.choices = [SelectChoice("0", gettext("Nobody")), *names]
        for field in (self.starts, self.ends):
            field.label.text = f"{field.label.text} ({zone})"


class SubstituteForm(FlaskForm):
    """Who stands in."""

    substitute = SelectField(_("Who stands in"), coerce=int)

    def __init__(self, *, staff: Iterable[Person], **kwargs: Any) -> None:
        """``staff`` may be chosen."""
        super().__init__(**kwargs)
        self.substitute.choices = [SelectChoice("0", gettext("Nobody")), *_names(staff)]


def _names(people: Iterable[Person]) -> list[SelectChoice]:
    return [SelectChoice(str(person.id), person.name) for person in people]
