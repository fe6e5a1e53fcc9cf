"""The forms of a rota: a weekly shift, and a swap. Shapes and limits only."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.manage import local_time
from app.people.models import Person
from app.people.rostering import WEEKDAYS


class ShiftForm(FlaskForm):
    """Who is on call every week, on which days, from when until when."""

    person = SelectField("Who", coerce=int)
    weekdays = SelectMultipleField(
        "Days",
        coerce=int,
        choices=[SelectChoice(str(number), day) for number, day in enumerate(WEEKDAYS)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts = StringField("From", validators=[DataRequired("From when?"), Length(max=5)])
    ends = StringField("Until", validators=[DataRequired("Until when?"), Length(max=5)])

    def __init__(self, *, members: Iterable[Person], **kwargs: Any) -> None:
        """``members`` may be chosen."""
        super().__init__(**kwargs)
        self.person.choices = _names(members)


class SwapForm(FlaskForm):
    """Who takes whose shifts over, from when until when, and why."""

    person = SelectField("Who takes over", coerce=int)
    instead_of = SelectField("Whose shifts", coerce=int)
    starts = local_time.moment("From", "From when?")
    ends = local_time.moment("Until", "Until when?")
    reason = StringField(
        "Reason", validators=[DataRequired("Say why: the rota shows it."), Length(max=500)]
    )

    def __init__(self, *, members: Iterable[Person], zone: str, **kwargs: Any) -> None:
        """``members`` may be chosen; times are on the clock of ``zone``."""
        super().__init__(**kwargs)
        names = _names(members)
        self.person.choices = names
        self.instead_of.choices = [SelectChoice("0", "Everybody's"), *names]
        for field in (self.starts, self.ends):
            field.label.text = f"{field.label.text} ({zone})"


def _names(people: Iterable[Person]) -> list[SelectChoice]:
    return [SelectChoice(str(person.id), person.name) for person in people]
