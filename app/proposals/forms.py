"""The forms of proposals: shapes and limits only."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.languages import lazy_gettext as _
from app.negotiations import announcing, commenting
from app.people.models import GrantKind


class SignForm(FlaskForm):
    """A signature: the digest that was shown, and the password of who signs."""

    digest = HiddenField()
    current = PasswordField(
        _("Your password"), validators=[DataRequired(_("Sign with your password."))]
    )


class ReasonForm(FlaskForm):
    """Why a proposal is given up, or why tickets are moved."""

    reason = TextAreaField(_("Why"), validators=[DataRequired(_("Say why.")), Length(max=4000)])


class CommentForm(FlaskForm):
    """Something said about a clause, or about the whole."""

    clause = StringField(_("Clause"), validators=[Length(max=20)])
    body = TextAreaField(
        _("Comment"),
        validators=[DataRequired(_("Write something.")), Length(max=commenting.LONGEST)],
    )


class CheckForm(FlaskForm):
    """What came of a change."""

    result = TextAreaField(
        _("What came of it"),
        validators=[DataRequired(_("Say what came of it.")), Length(max=announcing.LONGEST)],
    )


class GrantForm(FlaskForm):
    """Whom an organisation lets write, sign or be its contact."""

    address = StringField(
        _("Mail address"), validators=[DataRequired(_("Whose?")), Length(max=320)]
    )
    kind = SelectField(_("Grant"))

    def offer(self, kinds: Sequence[GrantKind]) -> None:
        """Fill in what can be given."""
        self.kind.choices = [SelectChoice(kind.value, KINDS[kind]) for kind in kinds]


KINDS = {
    GrantKind.AGREEMENT_EDITOR: _("Agreement editor: writes and proposes"),
    GrantKind.SIGNATORY: _("Signatory: binds the organisation"),
    GrantKind.CONTACT: _("Contact: reads, and is told"),
}
