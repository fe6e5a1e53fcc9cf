"""Days off from an iCalendar file: read, chosen, shown what they move, set all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from app import http, wallclock
from app.agreements import exceptions, schedules
from app.agreements.exceptions import Day
from app.agreements.holiday_years import YEARS_AHEAD
from app.agreements.schedules import Schedule
from app.calendars import ical_days
from app.calendars.ical_days import MOST, NamedDay
from app.clocks import words
from app.errors import Refusal
from app.http import manager_required
from app.languages import gettext as _
from app.languages import lazy_gettext, ngettext
from app.manage import calendar_rows
from app.manage.blueprint import blueprint
from app.tickets import recalculating
from app.tickets.recalculating import SHOWN, Preview

MOST_BYTES = 1_000_000


class DaysOffForm(FlaskForm):
    """A file of days; once it is read, the days that were chosen and the reason."""

    file = FileField(lazy_gettext("iCalendar file (.ics)"))
    reason = StringField(lazy_gettext("Reason"), validators=[Length(max=500)])


@dataclass(frozen=True)
class Offer:
    """The days that a file tells of, those of them that are kept, and what was left out."""

    days: Sequence[NamedDay] = ()
    kept: Sequence[NamedDay] = ()
    timed: int = 0

    @property
    def closed(self) -> list[Day]:
        """The days that are kept, as exceptions."""
        return [Day(one.on, (), one.name) for one in self.kept]

    @property
    def mark(self) -> str:
        """What is kept, for the button that confirms just this."""
        return " ".join(one.on.isoformat() for one in self.kept)


@blueprint.route(
    "/manage/calendars/<int:calendar_id>/versions/<int:version_id>/exceptions/file",
    methods=["GET", "POST"],
)
@manager_required
def read_days_off(calendar_id: int, version_id: int) -> str | Response:
    """Close on the days that a file tells of: first chosen and shown, then set."""
    at = wallclock.now()
    schedule = schedules.schedule(version_id, calendar_id)
    form, seen = DaysOffForm(), None
    offer = Offer(_typed("offered"), _typed("day"))
    if form.validate_on_submit():
        with http.refusals_on(form):
            if getattr(form.file.data, "filename", ""):
                offer = _read(form, schedule, at)
            seen = _preview(schedule, offer, at)
            if request.form.get("confirmed") == offer.mark:
                _close(schedule, offer, form.reason.data or "", at)
                return redirect(url_for("manage.calendars"), 303)
    return render_template(
        "manage/calendars/days_off.html",
        schedule=schedule,
        form=form,
        offer=offer,
        kept={one.on for one in offer.kept},
        seen=seen,
        summary=calendar_rows.summary(seen) if seen else "",
        moves=seen.moves[:SHOWN] if seen else (),
        measure=words.measure,
        zone=http.zone(),
        now=at,
    )


def _preview(schedule: Schedule, offer: Offer, at: datetime) -> Preview:
    edited = exceptions.edited_hours(schedule.version, schedule.hours, offer.closed, at=at)
    return recalculating.preview(schedule.version.id, schedule.hours.id, edited, at=at)


def _close(schedule: Schedule, offer: Offer, reason: str, at: datetime) -> None:
    exceptions.except_days(
        schedule.version, schedule.hours, offer.closed, reason=reason, by=http.person(), at=at
    )
    flash(_said(schedule, len(offer.kept)))


def _read(form: DaysOffForm, schedule: Schedule, at: datetime) -> Offer:
    """The days of the file from today on on which these hours are not closed already."""
    content = form.file.data.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refusal(_("The file is larger than 1 MB."), field="file")
    today = at.astimezone(ZoneInfo(schedule.hours.definition["zone"])).date()
    last = date(today.year + YEARS_AHEAD, 12, 31)
    found = ical_days.read(content, first=today, last=last)
    known = schedule.hours.definition["exceptions"]
    days = [one for one in found.days if known.get(one.on.isoformat()) != []]
    if not days:
        raise Refusal(
            _("The file tells of no whole day until %(year)s that is not known.", year=last.year),
            field="file",
        )
    return Offer(days, days, found.timed)


def _typed(field: str) -> list[NamedDay]:
    """The days that came with the form, each "2026-12-24 Christmas Eve"; nonsense is left out."""
    found = []
    for line in request.form.getlist(field)[:MOST]:
        on, _space, name = line.partition(" ")
        try:
            found.append(NamedDay(date.fromisoformat(on), name[: ical_days.LONGEST_NAME]))
        except ValueError:
            continue
    return found


def _said(schedule: Schedule, count: int) -> str:
    return ngettext(
        "%(name)s is closed on %(num)s more day. Both parties are told; running promises follow.",
        "%(name)s is closed on %(num)s more days. Both parties are told; running promises follow.",
        count,
        name=schedule.name,
    )
