"""The forms of reviews, tasks and terminations. Shapes and limits only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from app.agreements.models import TerminationKind
from app.agreements.words import Party
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.obligations.meetings import LONGEST
from app.people.models import Person

FIRST_YEAR, LAST_YEAR = 2000, 2199
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _in_reach(_form: Form, field: Field) -> None:
    if not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


def _day(label: Any, missing: Any) -> DateField:
    return DateField(label, validators=[DataRequired(missing), _in_reach])


class _Attended(FlaskForm):
    """A form with the names of who comes, a line each, for each party."""

    provider = TextAreaField(validators=[Length(max=4000)])
    client = TextAreaField(validators=[Length(max=4000)])

    came = False
    """Whether it asks who came, rather than who comes."""

    def __init__(
        self, *, names: Mapping[Party, str], attendees: Sequence[Mapping[str, str]], **kwargs: Any
    ) -> None:
        """``names`` are the organisations', ``attendees`` who is known to come."""
        shown = {
            party.value: "\n".join(one["name"] for one in attendees if one["party"] == party.value)
            for party in Party
        }
        super().__init__(**{**kwargs, "data": {**shown, **kwargs.get("data", {})}})
        for party in Party:
            if party in names:
                field = self[party.value]
                field.label.text = self._asked(names[party])
                field.id = field.label.field_id = f"{'came' if self.came else 'comes'}-{party}"
            else:
                del self[party.value]

    def _asked(self, name: str) -> str:
        if self.came:
            return _("Who came from %(name)s", name=name)
        return _("Who comes from %(name)s", name=name)

    @property
    def attendees(self) -> dict[Party, list[str]]:
        """The names by party."""
        return {
            party: (self[party.value].data or "").splitlines()
            for party in Party
            if party.value in self
        }


class MeetingForm(_Attended):
    """When and where both parties meet, and who comes."""

    meeting = DateTimeLocalField(
        lazy_gettext("When"),
        format=FORMATS,
        validators=[DataRequired(lazy_gettext("When do you meet?")), _in_reach],
    )
    place = StringField(lazy_gettext("Place or link"), validators=[Length(max=LONGEST["place"])])

    def __init__(self, *, zone: str, **kwargs: Any) -> None:
        """Times are on the clock of ``zone``."""
        super().__init__(**kwargs)
        self._zone = zone

    @property
    def meeting_at(self) -> datetime:
        """The instant; of a reading that the clock shows twice the first."""
        local: datetime = self.meeting.data
        return local.replace(tzinfo=ZoneInfo(self._zone), second=0).astimezone(UTC)


class MinutesForm(FlaskForm):
    """The minutes; ``seen`` is the mark of what the writer began from."""

    minutes = TextAreaField(
        lazy_gettext("What was said and decided"), validators=[Length(max=LONGEST["minutes"])]
    )
    seen = HiddenField()


class HeldForm(_Attended):
    """On which day it was held, and who came."""

    came = True
    held_on = _day(lazy_gettext("Held on"), lazy_gettext("On which day did you meet?"))


class OwnerForm(FlaskForm):
    """By whom something is done, and by when."""

    owner = SelectField(lazy_gettext("Who"), coerce=int, default=0)
    due_on = _day(lazy_gettext("By"), lazy_gettext("By when?"))

    def __init__(self, *, people: Iterable[Person], **kwargs: Any) -> None:
        """``people`` may be chosen, or nobody."""
        super().__init__(**kwargs)
        named = [SelectChoice(str(person.id), person.name) for person in people]
        self.owner.choices = [SelectChoice("0", _("Nobody yet")), *named]


class TaskForm(OwnerForm):
    """What is to be done, by whom and by when."""

    what = StringField(
        lazy_gettext("What is to be done"),
        validators=[
            DataRequired(lazy_gettext("Say what is to be done.")),
            Length(max=LONGEST["what"]),
        ],
    )


class TerminationForm(FlaskForm):
    """How the agreement is ended: by which clause, with which last day, and why."""

    kind = RadioField(
        lazy_gettext("How"),
        choices=[
            SelectChoice(TerminationKind.NOTICE.value, lazy_gettext("By notice")),
            SelectChoice(TerminationKind.CAUSE.value, lazy_gettext("For cause")),
        ],
        validators=[DataRequired(lazy_gettext("Choose how you end it."))],
    )
    clause = SelectField(lazy_gettext("The clause it rests on"))
    effective_on = _day(lazy_gettext("Last day"), lazy_gettext("With which day does it end?"))
    reason = TextAreaField(lazy_gettext("Reason"), validators=[Length(max=5000)])
    tasks = TextAreaField(lazy_gettext("What is to be done before"), validators=[Length(max=5000)])
    current = PasswordField(
        lazy_gettext("Your password"),
        validators=[DataRequired(lazy_gettext("Confirm it with your password."))],
    )

    def __init__(self, *, clauses: Mapping[str, str], **kwargs: Any) -> None:
        """``clauses`` are the version's, by number."""
        super().__init__(**kwargs)
        self.clause.choices = [
            SelectChoice(number, f"§ {number} {text if len(text) < 70 else text[:68] + ' …'}")
            for number, text in clauses.items()
        ]

    @property
    def wanted_tasks(self) -> list[str]:
        """The tasks, a line each."""
        return [line.strip() for line in (self.tasks.data or "").splitlines() if line.strip()]


class WithdrawalForm(FlaskForm):
    """Why a termination is taken back."""

    reason = TextAreaField(
        lazy_gettext("Why it is taken back"),
        validators=[
            DataRequired(lazy_gettext("Say why: the other party is told.")),
            Length(max=5000),
        ],
    )
    current = PasswordField(
        lazy_gettext("Your password"),
        validators=[DataRequired(lazy_gettext("Confirm it with your password."))],
    )
