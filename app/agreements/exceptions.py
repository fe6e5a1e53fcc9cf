"""Dated exceptions to the hours of a version, where one of its clauses allows them.

The exception makes the next version of the calendar; the version of the agreement stays what
was signed. Both parties are told. Running clocks follow by `tickets.recalculating`. Source:
clocks.md, "Calendar edit".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.agreements import history, hours, newest
from app.agreements.models import Agreement, AgreementVersion, CalendarChange, Target, Tier
from app.agreements.words import Party
from app.businesstime import Calendar, NeverOpen, WrongHours
from app.calendars import drafting, zone_rules
from app.calendars import queries as calendars
from app.calendars.models import CalendarVersion
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people import queries as people
from app.people.models import Person

Windows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Day:
    """What the hours are on one day, no ``windows`` for closed, and what day it is."""

    on: date
    windows: Windows = ()
    name: str = ""


def except_day(
    version: AgreementVersion,
    calendar: CalendarVersion,
    *,
    on: date,
    windows: Windows,
    name: str,
    reason: str,
    by: Person,
    at: datetime,
) -> CalendarChange:
    """Let the version's hours be ``windows`` on one day; see `except_days`."""
    days = [Day(on, windows, name)]
    return except_days(version, calendar, days, reason=reason, by=by, at=at)[0]


def except_days(
    version: AgreementVersion,
    calendar: CalendarVersion,
    days: Sequence[Day],
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> list[CalendarChange]:
    """Let the version's hours be other ones on some days; tell both parties, once.

    ``calendar`` are the hours as they are now. Raises `Refusal` where no clause of the version
    allows exceptions, for a day that is past in the calendar's zone, for hours that are none or
    would never open, for no day at all, and without a reason.
    """
    if not version.exceptions_clause:
        raise Refusal(_("No clause of this version allows exceptions to its hours."))
    if not reason.strip():
        raise Refusal(_("Say why: both parties are told."), field="reason")
    _refuse_superseded(version, calendar, at=at)
    edited = edited_hours(version, calendar, days, at=at)
    newest.edition()  # what this transaction read stays valid for it, should it roll back
    after = drafting.next_version(
        calendar.calendar_id, edited.to_dict(), holidays=calendar.holidays, at=at
    )
    changes = [
        CalendarChange(
            version_id=version.id,
            before_id=calendar.id,
            after_id=after.id,
            on_date=day.on,
            windows=[list(window) for window in edited.exceptions[day.on]],
            name=day.name.strip(),
            reason=reason.strip(),
            made_by_id=by.id,
            at=at,
        )
        for day in sorted(days, key=lambda day: day.on)
    ]
    for change in changes:  # one by one: the first stands for all where edits are led along
        db.session.add(change)
        db.session.flush()
    _tell_parties(changes, version, calendar, by=by)
    return changes


def edited_hours(
    version: AgreementVersion, calendar: CalendarVersion, days: Sequence[Day], *, at: datetime
) -> Calendar:
    """The hours as they would be with the exceptions, for a preview too; raises `Refusal`."""
    form = calendar.definition
    if not days:
        raise Refusal(_("Choose a day."), field="on")
    exceptions, names = dict(form["exceptions"]), dict(form["names"])
    today = at.astimezone(ZoneInfo(form["zone"])).date()
    for day in days:
        if day.on < today:
            raise Refusal(_("This day is past: what has passed never changes."), field="on")
        on = day.on.isoformat()
        exceptions[on] = [list(window) for window in day.windows]
        names.pop(on, None)
        if day.name.strip():
            names[on] = day.name.strip()
    try:
        edited = Calendar.from_dict({**form, "exceptions": exceptions, "names": names})
    except WrongHours as mistake:
        said = f"{mistake.key}: {hours.said(mistake)}"
        raise Refusal(_("These are no hours: %(mistake)s", mistake=said), field="windows") from None
    if edited.to_dict() == Calendar.from_dict(form).to_dict():
        raise Refusal(_("These are the hours of that day already."), field="windows")
    try:
        edited.add(at, _longest_s(version))
    except NeverOpen:
        raise Refusal(
            _("With this the hours would not open for a year, and promises would never fall due."),
            field="windows",
        ) from None
    return edited


def _refuse_superseded(
    version: AgreementVersion, calendar: CalendarVersion, *, at: datetime
) -> None:
    """Take the version's row lock, so that of two exceptions at once the second sees the first."""
    db.session.execute(
        select(AgreementVersion.id).where(AgreementVersion.id == version.id).with_for_update()
    )
    query = select(CalendarChange.id).where(
        CalendarChange.version_id == version.id, CalendarChange.before_id == calendar.id
    )
    if db.session.scalar(query.limit(1)) is not None:
        raise Refusal(_("These hours were changed meanwhile: look at them again."))
    if zone_rules.is_behind(calendar.zone_rules_id, at=at):
        raise Refusal(_("Newer time zone data is being applied to these hours: try in a minute."))


def _longest_s(version: AgreementVersion) -> int:
    query = select(func.max(Target.seconds)).join(Tier, Tier.id == Target.tier_id)
    return db.session.scalar(query.where(Tier.version_id == version.id)) or 1


def _tell_parties(
    changes: Sequence[CalendarChange],
    version: AgreementVersion,
    calendar: CalendarVersion,
    *,
    by: Person,
) -> None:
    """Tell those who look after it on both sides, and record it day by day."""
    agreement = db.session.get_one(Agreement, version.agreement_id)
    for change in changes:
        history.record(
            agreement,
            "hours-exception",
            by=by,
            at=change.at,
            party=Party.PROVIDER,
            version=version,
            facts={
                "calendar": calendars.name(calendar.id),
                "on": change.on_date.isoformat(),
                "clause": version.exceptions_clause,
                "reason": change.reason,
            },
        )
    told = [*(people.managers() or people.admins())]
    if agreement.client_id is not None:
        told += people.contacts_of(agreement.client_id)
    first = changes[0]
    facts = _facts(changes, agreement, version, calendar, by=by)
    for person in told:
        telling.tell(
            person, "hours-exception", event=f"calendar:{first.id}", at=first.at, facts=facts
        )


def _facts(
    changes: Sequence[CalendarChange],
    agreement: Agreement,
    version: AgreementVersion,
    calendar: CalendarVersion,
    *,
    by: Person,
) -> Mapping[str, Any]:
    first = changes[0]
    return {
        "agreement": agreement.title,
        "version": version.number,
        "clause": version.exceptions_clause,
        "calendar": calendars.name(calendar.id),
        "on": first.on_date.isoformat(),
        "windows": _in_words(first),
        "zone": calendar.definition["zone"],
        "name": first.name,
        "further": [
            {"on": one.on_date.isoformat(), "windows": _in_words(one), "name": one.name}
            for one in changes[1:]
        ],
        "reason": first.reason,
        "by": by.name,
    }


def _in_words(change: CalendarChange) -> list[str]:
    return [f"{starts} to {ends}" for starts, ends in change.windows]
