"""Public holidays by the names that calendars keep (`app.businesstime.holidays`), as people read
them. A name that is not here is somebody's own and stays as it is.
"""

from app.languages import lazy_gettext

_NAMES = {
    "New Year's Day": lazy_gettext("New Year's Day"),
    "Epiphany": lazy_gettext("Epiphany"),
    "Women's Day": lazy_gettext("Women's Day"),
    "Good Friday": lazy_gettext("Good Friday"),
    "Easter Sunday": lazy_gettext("Easter Sunday"),
    "Easter Monday": lazy_gettext("Easter Monday"),
    "Labor Day": lazy_gettext("Labor Day"),
    "Ascension Day": lazy_gettext("Ascension Day"),
    "Pentecost": lazy_gettext("Pentecost"),
    "Pentecost Monday": lazy_gettext("Pentecost Monday"),
    "Corpus Christi": lazy_gettext("Corpus Christi"),
    "Augsburg Peace Festival": lazy_gettext("Augsburg Peace Festival"),
    "Assumption Day": lazy_gettext("Assumption Day"),
    "World Children's Day": lazy_gettext("World Children's Day"),
    "German Unity Day": lazy_gettext("German Unity Day"),
    "National Day": lazy_gettext("National Day"),
    "Reformation Day": lazy_gettext("Reformation Day"),
    "All Saints' Day": lazy_gettext("All Saints' Day"),
    "Repentance and Prayer Day": lazy_gettext("Repentance and Prayer Day"),
    "Immaculate Conception": lazy_gettext("Immaculate Conception"),
    "Christmas Eve": lazy_gettext("Christmas Eve"),
    "Christmas Day": lazy_gettext("Christmas Day"),
    "Second Day of Christmas": lazy_gettext("Second Day of Christmas"),
    "Saint Stephen's Day": lazy_gettext("Saint Stephen's Day"),
    "New Year's Eve": lazy_gettext("New Year's Eve"),
}


def name_of(kept: str) -> str:
    """The name of a day off: "Good Friday"."""
    return str(_NAMES.get(kept, kept))
