"""The forms of one's account: shapes and limits only."""

import zoneinfo
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.languages import LANGUAGES
from app.languages import gettext as say
from app.languages import lazy_gettext as _
from app.people.models import Density
from app.people.passwords import LONGEST
from app.people.profile import MAX_SIGNATURE


class ProfileForm(FlaskForm):
    """Who one is and how one reads."""

    name = StringField(
        _("Name"),
        validators=[
            DataRequired(_("Write your name.")),
            Length(max=120, message=_("Keep the name under 120 letters.")),
        ],
    )
    language = SelectField(_("Language"))
    zone = SelectField(_("Time zone"))
    theme = RadioField(_("Paper"))

    def __init__(self, *, house_zone: str, **kwargs: Any) -> None:
        """``house_zone`` is the zone of who chooses none."""
        super().__init__(**kwargs)
        self.language.choices = [SelectChoice(tag, name) for tag, name in LANGUAGES.items()]
        self.zone.choices = [
            SelectChoice("", say("The house's: %(zone)s", zone=house_zone)),
            *(SelectChoice(name, name.replace("_", " ")) for name in _zones()),
        ]
        self.theme.choices = [
            SelectChoice("", say("As my device")),
            SelectChoice("light", say("Light")),
            SelectChoice("dark", say("Dark")),
        ]


class StaffForm(ProfileForm):
    """The same for who works at the desk."""

    signature = TextAreaField(
        _("Signature"),
        validators=[
            Length(max=MAX_SIGNATURE, message=_("Keep the signature under 2,000 characters."))
        ],
    )
    density = RadioField(_("Rows of the queue"), validators=[InputRequired(_("Choose one."))])
    uses_shortcuts = BooleanField(_("Work with single keys"))

    def __init__(self, *, house_zone: str, **kwargs: Any) -> None:
        """As `ProfileForm`."""
        super().__init__(house_zone=house_zone, **kwargs)
        self.density.choices = [
            SelectChoice(Density.COMFORTABLE.value, say("With air")),
            SelectChoice(Density.COMPACT.value, say("Compact")),
        ]


def _current() -> PasswordField:
    return PasswordField(
        _("Present password"),
        validators=[
            InputRequired(_("Write your present password.")),
            Length(max=LONGEST, message=_("This password is too long.")),
        ],
    )


class PasswordForm(FlaskForm):
    """Another password, for who knows the present one."""

    current = _current()
    password = PasswordField(
        _("New password"),
        validators=[
            InputRequired(_("Choose a password.")),
            Length(max=LONGEST, message=_("This password is too long.")),
        ],
    )


class AddressForm(FlaskForm):
    """Another mail address, for who knows the password."""

    address = StringField(
        _("New mail address"),
        validators=[
            DataRequired(_("Write the new mail address.")),
            Length(max=254, message=_("A mail address is shorter than this.")),
        ],
    )
    current = _current()


class PressForm(FlaskForm):
    """One press of a button."""


@cache
def _zones() -> tuple[str, ...]:
    """Zones of places, by name: the rest are aliases and offsets that nobody lives in."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    return ("UTC", *sorted(name for name in places if not name.startswith(("Etc/", "SystemV/"))))
