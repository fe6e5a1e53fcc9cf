"""Public holidays as named exceptions, from the `holidays` package; the same answer every time."""

from collections.abc import Iterable
from datetime import date

LANGUAGE = "en_US"
"""The names are English where the package has them so, else in the country's own language."""


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of a country (ISO 3166-1, "DE") or subdivision ("BE") by date.

    Observed days off are included. Raises ValueError for an unknown country or subdivision.
    """
    import holidays  # only who edits hours needs it

    try:
        found = holidays.country_holidays(
            country, subdiv=subdivision, years=sorted(set(years)), expand=False, language=LANGUAGE
        )
    except NotImplementedError as unknown:
        raise ValueError(f"{unknown}.") from None
    return {on: found[on] for on in sorted(found)}


def subdivision_name(country: str, subdivision: str) -> str:
    """What a subdivision is called there: "BE" of "DE" is "Berlin"; its code where nobody knows."""
    import holidays

    try:
        known = holidays.country_holidays(country).subdivisions_aliases
    except NotImplementedError:
        return subdivision
    return next((name for name, code in known.items() if code == subdivision), subdivision)
