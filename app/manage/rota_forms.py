"""The forms of a rota: a weekly shift, and a swap. Shapes and limits only."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.languages import gettext, weekday_name
from app.languages import lazy_gettext as _
from app.manage import local_time
from app.people.models import Person


class ShiftForm(FlaskForm):
    """Who is on call every week, on which days, from when until when."""

    person = SelectField(_("Who"), coerce=int)
    weekdays = SelectMultipleField(
        _("Days"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts = StringField(_("From"), validators=[DataRequired(_("From when?")), Length(max=5)])
    ends = StringField(_("Until"), validators=[DataRequired(_("Until when?")), Length(max=5)])

    def __init__(self, *, members: Iterable[Person], **kwargs: Any) -> None:
        """``members`` may be chosen."""
        super().__init__(**kwargs)
        self.person.choices = _names(members)
        self.weekdays.choices = [
            SelectChoice(str(number), weekday_name(number)) for number in range(7)
        ]


class SwapForm(FlaskForm):
    """Who takes whose shifts over, from when until when, and why."""

    person = SelectField(_("Who takes over"), coerce=int)
    instead_of = SelectField(_("Whose shifts"), coerce=int)
    starts = local_time.moment(_("From"), _("From when?"))
    ends = local_time.moment(_("Until"), _("Until when?"))
    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Say why: the rota shows it.")), Length(max=500)]
    )

    def __init__(self, *, members: Iterable[Person], zone: str, **kwargs: Any) -> None:
        """``members`` may be chosen; times are on the clock of ``zone``."""
        super().__init__(**kwargs)
        names = _names(members)
        self.person.choices = names
        self.instead_of.choices = [SelectChoice("0", gettext("Everybody's")), *names]
        for field in (self.starts, self.ends):
            field.label.text = f"{field.label.text} ({zone})"


def _names(people: Iterable[Person]) -> list[SelectChoice]:
    return [SelectChoice(str(person.id), person.name) for person in people]
