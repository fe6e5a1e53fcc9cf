"""The forms of disputes. Shapes and limits only."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.disputes.models import Outcome
from app.disputes.raising import LONGEST
from app.http import MAX_ROW
from app.languages import lazy_gettext as _
from app.people.models import Person


class TicketForm(FlaskForm):
    """Which ticket it is about, where one did not come from a promise."""

    ticket = IntegerField(
        _("Number of the request"),
        validators=[InputRequired(_("Which request?")), NumberRange(1, MAX_ROW)],
    )


class ContestForm(FlaskForm):
    """What is contested about a promise, and why."""

    subject = RadioField(_("What is wrong"), validators=[InputRequired(_("Say what is wrong."))])
    claim = TextAreaField(_("Why"), validators=[DataRequired(_("Say why.")), Length(max=LONGEST)])

    def __init__(self, *, subjects: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """``subjects`` may be chosen, by value and words."""
        super().__init__(**kwargs)
        self.subject.choices = list(subjects)


class StatementForm(FlaskForm):
    """What somebody says, perhaps with the explanation as it stands now."""

    body = TextAreaField(
        _("Statement"),
        validators=[DataRequired(_("Say it in words: both parties read it.")), Length(max=LONGEST)],
    )
    with_evidence = BooleanField(_("Attach the explanation as it stands now"))


class DecisionForm(FlaskForm):
    """How one side decides."""

    outcome = RadioField(
        _("Decision"),
        choices=[
            SelectChoice(Outcome.STANDS.value, _("It stands: the figures stay as they are")),
            SelectChoice(
                Outcome.CORRECTED.value, _("It is corrected: the promise counts in no figure")
            ),
        ],
        validators=[InputRequired(_("Decide one way."))],
    )
    reason = TextAreaField(
        _("Because"), validators=[DataRequired(_("Say why.")), Length(max=LONGEST)]
    )


class DeciderForm(FlaskForm):
    """Who decides for one's own side."""

    decider = SelectField(_("Decides for your side"), coerce=int)

    def __init__(self, *, people: Iterable[Person], **kwargs: Any) -> None:
        """``people`` may be chosen."""
        super().__init__(**kwargs)
        self.decider.choices = [SelectChoice(str(one.id), one.name) for one in people]


class WithdrawalForm(FlaskForm):
    """Why a dispute is given up."""

    reason = TextAreaField(
        _("Why you give it up"), validators=[DataRequired(_("Say why.")), Length(max=LONGEST)]
    )
