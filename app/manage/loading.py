"""From a URL to the week and the subject it names, or a page that says there is none."""

from datetime import datetime

from flask import request

from app import http
from app.errors import NotFound
from app.measures.weeks import Week
from app.reports import subjects
from app.reports.subjects import Subject


def subject() -> Subject:
    """Whom the page is about: ``team=`` and ``agreement=`` of the URL, else everybody."""
    return subjects.find(
        http.sight(),
        team=request.args.get("team"),
        agreement=request.args.get("agreement"),
        house_zone=http.config().house_zone,
    )


def week_or_404(name: str, zone: str, *, at: datetime) -> Week:
    """The week called ``name`` in ``zone``, which must have begun."""
    try:
        week = Week.parse(name, zone)
    except ValueError as unknown:
        raise NotFound(str(unknown)) from None
    if week.starts_at > at:
        raise NotFound("That week has not begun.")
    return week
