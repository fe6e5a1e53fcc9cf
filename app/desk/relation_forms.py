"""The desk's forms for how tickets belong together, and for the words on them."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.desk.forms import ShownFirst, priorities
from app.languages import lazy_gettext as _
from app.tickets.linking import Relation


class TagForm(FlaskForm):
    """A tag to put on the ticket, or to take off."""

    tag = StringField(_("Tag"), validators=[Length(max=80)])
    deed = StringField(validators=[Length(max=10)])


class LinkForm(FlaskForm):
    """Another ticket, and what it is to this one."""

    relation = RadioField(
        _("What the other one is"),
        choices=[
            SelectChoice(Relation.RELATED.value, _("It is related")),
            SelectChoice(Relation.DUPLICATE_OF.value, _("This is a duplicate of it")),
            SelectChoice(Relation.DUPLICATED_BY.value, _("It is a duplicate of this")),
            SelectChoice(Relation.PARENT.value, _("This is a part of it")),
            SelectChoice(Relation.CHILD.value, _("It is a part of this")),
        ],
        default=Relation.RELATED.value,
    )
    other = StringField(_("Which ticket?"), validators=[Length(max=20)])
    deed = StringField(validators=[Length(max=10)])


class UnmergeForm(FlaskForm):
    """Why two tickets that are one are two."""

    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Say why they are two.")), Length(max=500)]
    )


class SplitForm(ShownFirst):
    """Which messages become a ticket of their own, and what that is about."""

    messages = SelectMultipleField(
        _("Messages"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    subject = StringField(
        _("Subject of the new ticket"),
        validators=[DataRequired(_("Say in one line what this is about.")), Length(max=255)],
    )
    priority = RadioField(_("Priority"), choices=priorities)
    once = HiddenField()

    @property
    def chosen(self) -> str:
        """What the preview depends on: the messages and the priority."""
        return f"{','.join(map(str, sorted(self.messages.data or ())))}|{self.priority.data}"
