"""The desk's forms: shapes and limits only."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional

from app.catalogue.words import Kind, Priority
from app.http import MAX_ROW
from app.http.uploads import FilesField
from app.languages import lazy_gettext as _
from app.tickets.conversation import MAX_BODY, Then
from app.tickets.words import CallOutcome, Status


def priorities() -> list[SelectChoice]:
    """Every priority, in the language of who reads the form."""
    return [SelectChoice(priority.value, priority.label) for priority in Priority]


def kinds() -> list[SelectChoice]:
    """Every kind of request, as `priorities`."""
    return [SelectChoice(kind.value, kind.label) for kind in Kind]


class ReplyForm(FlaskForm):
    """An answer to the requester, and what else Send does.

    ``seen`` is the newest message that stood on the page; ``macro`` is whose changes go along.
    """

    body = TextAreaField(
        _("Your answer"),
        id="reply-body",
        validators=[DataRequired(_("Write an answer first.")), Length(max=MAX_BODY)],
    )
    then = SelectField(choices=[SelectChoice(then.value) for then in Then], default="send")
    files = FilesField(_("Files"))
    copy = StringField(_("In copy"), id="reply-copy", validators=[Length(max=254)])
    seen = IntegerField(validators=[Optional(), NumberRange(1, MAX_ROW)])
    macro = IntegerField(validators=[Optional(), NumberRange(1, MAX_ROW)])
    workaround = BooleanField(_("This is a workaround"))
    once = HiddenField()


class NoteForm(FlaskForm):
    """An internal note."""

    body = TextAreaField(
        _("Internal note"),
        id="note-body",
        validators=[DataRequired(_("Write a note first.")), Length(max=MAX_BODY)],
    )
    files = FilesField(_("Files"))
    seen = IntegerField(validators=[Optional(), NumberRange(1, MAX_ROW)])
    macro = IntegerField(validators=[Optional(), NumberRange(1, MAX_ROW)])
    once = HiddenField()


class CallForm(FlaskForm):
    """A call with the requester, written down."""

    outcome = RadioField(
        _("What came of it?"),
        choices=[
            SelectChoice(CallOutcome.REACHED.value, _("I spoke with them")),
            SelectChoice(CallOutcome.NOT_REACHED.value, _("I did not reach them")),
        ],
        validators=[InputRequired(_("Say whether you reached them."))],
    )
    body = TextAreaField(
        _("What was said"),
        validators=[
            DataRequired(_("Write what was said, or that nobody answered.")),
            Length(max=MAX_BODY),
        ],
    )
    happened = DateTimeLocalField(_("When"), validators=[Optional()])
    workaround = BooleanField(_("I told them a workaround"))
    waits = BooleanField(_("Wait for the requester now"))
    once = HiddenField()


class AgreedDateForm(FlaskForm):
    """A date and time, why, and who accepted it."""

    due = DateTimeLocalField(_("Agreed for"), validators=[InputRequired(_("Say for when."))])
    reason = StringField(_("Why"), validators=[DataRequired(_("Say why.")), Length(max=500)])
    accepted_by = StringField(
        _("Accepted by"), validators=[DataRequired(_("Say who accepted it.")), Length(max=200)]
    )


class WatcherForm(FlaskForm):
    """A colleague who is to watch, or watches no longer, and why."""

    person = SelectField(_("Colleague"))
    reason = StringField(_("Why"), validators=[Length(max=200)])
    deed = StringField(validators=[Length(max=10)])


AS_IT_IS = "keep"


class AssignmentForm(FlaskForm):
    """Who looks after the ticket; an empty choice is nobody, `AS_IT_IS` who keeps it."""

    assignee = SelectField(_("Assignee"))
    team = SelectField(_("Team"), coerce=lambda value: int(value) if value else None)
    despite = StringField(_("Why somebody who is not qualified"), validators=[Length(max=500)])
    reason = StringField(_("Why it goes to another team"), validators=[Length(max=500)])
    submit = SubmitField(_("Assign"))


class PriorityForm(FlaskForm):
    """A new priority, and why."""

    priority = RadioField(_("Priority"), choices=priorities)
    reason = StringField(_("Reason"), validators=[Length(max=500)])


class ShownFirst(FlaskForm):
    """A form whose effect is shown before it is confirmed.

    The button that confirms carries what was shown; anything else is shown anew.
    """

    confirmed = StringField(validators=[Length(max=500)])

    @property
    def chosen(self) -> str:
        """What was chosen, apart from the reason, in one line."""
        aside = {"confirmed", "reason", "despite", "csrf_token"}
        return "|".join(str(field.data) for field in self if field.name not in aside)

    @property
    def is_confirmed(self) -> bool:
        """Whether exactly this was shown and then confirmed."""
        return bool(self.confirmed.data == self.chosen)


class ClassificationForm(ShownFirst):
    """What is asked for, and why that is corrected."""

    kind = RadioField(_("Kind"), choices=kinds)
    about = SelectField(_("About"))
    reason = StringField(_("Reason"), validators=[DataRequired(_("Say why.")), Length(max=500)])
    despite = StringField(
        _("Why whoever has it is to keep it, though not qualified"), validators=[Length(max=500)]
    )


class RequesterForm(ShownFirst):
    """Whose request it is, and why that is corrected."""

    requester = StringField(
        _("Requester's mail address"),
        validators=[DataRequired(_("Whose request is it?")), Email(_("That is no mail address."))],
    )
    reason = StringField(_("Reason"), validators=[DataRequired(_("Say why.")), Length(max=500)])


class MergeForm(ShownFirst):
    """Into which ticket, and why they are one."""

    into = StringField(
        _("Into which ticket?"),
        validators=[DataRequired(_("Name the ticket that it goes into.")), Length(max=20)],
    )
    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Say why they are one.")), Length(max=500)]
    )


class StatusForm(FlaskForm):
    """Waiting for a vendor, on hold until a day, or at work again."""

    status = RadioField(
        _("Status"),
        choices=[
            SelectChoice(Status.OPEN.value, _("Work on it now")),
            SelectChoice(Status.WAITING_VENDOR.value, _("Wait for a vendor")),
            SelectChoice(Status.ON_HOLD.value, _("Put on hold")),
        ],
    )
    until = DateField(_("On hold until"), validators=[Optional()])
    reason = StringField(_("What for"), validators=[Length(max=500)])


class ResolutionForm(FlaskForm):
    """What solved it."""

    body = TextAreaField(
        _("What solved it"),
        validators=[
            DataRequired(_("Write what solved it: the requester gets these words.")),
            Length(max=MAX_BODY),
        ],
    )
    once = HiddenField()


class ReopeningForm(FlaskForm):
    """Why the ticket is opened again."""

    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Say why it is opened again.")), Length(max=500)]
    )


class StartPlanForm(FlaskForm):
    """Which contingency plan, and why."""

    plan = RadioField(_("Plan"), validators=[DataRequired(_("Choose a plan."))])
    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Say why: the note quotes it.")), Length(max=300)]
    )


class ReasonForm(FlaskForm):
    """A deed that asks for nothing but its reason."""

    reason = StringField(_("Reason"), validators=[DataRequired(_("Say why.")), Length(max=500)])


class TokenForm(FlaskForm):
    """Only the token."""


class TicketForm(FlaskForm):
    """A ticket that an agent writes down for somebody: by phone, at the counter."""

    requester = StringField(
        _("Requester"),
        validators=[DataRequired(_("Whose request is it?")), Length(max=254)],
    )
    person = RadioField(_("Who of them"), choices=(), validate_choice=False)
    name = StringField(_("Name"), validators=[Length(max=120)])
    address = StringField(
        _("Mail address"), validators=[Optional(), Email(_("That is no mail address."))]
    )
    organisation = StringField(_("Organisation"), validators=[Length(max=200)])
    how = RadioField(
        _("How did it begin?"),
        choices=[
            SelectChoice("reached", _("They called, and I spoke with them")),
            SelectChoice("left", _("They called and left word")),
            SelectChoice("counter", _("At the counter, or in another way")),
            SelectChoice("ours", _("I write to them first")),
        ],
        default="reached",
    )
    contact = DateTimeLocalField(_("When"), validators=[Optional()])
    late_because = StringField(_("Why only now"), validators=[Length(max=500)])
    request_type = SelectField(_("Kind of request"))
    priority = RadioField(_("Priority"), choices=priorities, default=Priority.NORMAL.value)
    subject = StringField(
        _("What is wrong?"),
        validators=[DataRequired(_("Say in one line what this is about.")), Length(max=255)],
    )
    body = TextAreaField(
        _("What happens, and since when?"),
        validators=[
            DataRequired(_("Write what the requester told you, or what you tell them.")),
            Length(max=MAX_BODY),
        ],
    )
    files = FilesField(_("Files"))
    once = HiddenField()
