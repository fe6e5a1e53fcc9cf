"""The forms of qualifications. Shapes and limits only."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.languages import lazy_gettext as _
from app.people.models import Person
from app.qualifications.holding import LONGEST_PROOF
from app.qualifications.models import Qualification
from app.qualifications.offering import LONGEST_NAME


class QualificationForm(FlaskForm):
    """A qualification's words; retired ones are not asked for any more."""

    name = StringField(
        _("Name"), validators=[DataRequired(_("Give it a name.")), Length(max=LONGEST_NAME)]
    )
    description = TextAreaField(_("What it takes"), validators=[Length(max=4000)])
    is_retired = BooleanField(_("Retired: no service requires it any more"))


class RequirementForm(FlaskForm):
    """Which qualifications a service requires."""

    wanted = SelectMultipleField(
        _("Requires"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *, qualifications: Iterable[Qualification], **kwargs: Any) -> None:
        """``qualifications`` may be chosen."""
        super().__init__(**kwargs)
        self.wanted.choices = [SelectChoice(one.key, one.name) for one in qualifications]


class HoldingForm(FlaskForm):
    """Who holds what from when until when, and what proves it."""

    person = SelectField(_("Who"), coerce=int)
    qualification = SelectField(_("Qualification"))
    since_on = DateField(_("Since"), validators=[DataRequired(_("Since which day?"))])
    expires_on = DateField(_("Last day"), validators=[Optional()])
    proof = TextAreaField(
        _("Proof"),
        validators=[DataRequired(_("Say what proves it.")), Length(max=LONGEST_PROOF)],
    )

    def __init__(
        self, *, people: Iterable[Person], qualifications: Iterable[Qualification], **kwargs: Any
    ) -> None:
        """``people`` and ``qualifications`` may be chosen."""
        super().__init__(**kwargs)
        self.person.choices = [SelectChoice(str(one.id), one.name) for one in people]
        self.qualification.choices = [SelectChoice(one.key, one.name) for one in qualifications]
