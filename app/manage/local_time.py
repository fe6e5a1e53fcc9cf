"""Instants as forms give and take them: the wall clock of a zone, to the minute."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, Field, Form
from wtforms.validators import DataRequired, ValidationError

from app.languages import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2199
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def instant_of(local: datetime, zone: str) -> datetime:
    """The instant at which the clock of ``zone`` reads ``local``; shown twice, the first."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def reading_of(at: datetime, zone: str) -> datetime:
    """What the clock of ``zone`` reads at an instant, to the minute, for a form's default."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0)


def moment(label: Any, missing: Any, **kwargs: Any) -> DateTimeLocalField:
    """A field for a date with a time of day."""
    return DateTimeLocalField(
        label, format=FORMATS, validators=[DataRequired(missing), _in_reach], **kwargs
    )


def _in_reach(_form: Form, field: Field) -> None:
    if not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )
