"""What letters need to know of the installation: its name, zone, mail domain and links.

`create_app` sets it once; nothing here reads a request.
"""

from collections.abc import Callable
from dataclasses import dataclass

Link = Callable[..., str]


def _no_link(endpoint: str, **values: object) -> str:
    raise RuntimeError(f"No link to {endpoint}: the application is not set up.")


@dataclass(frozen=True, kw_only=True)
class House:
    """The installation as letters see it; ``link(endpoint, **values)`` makes a full URL."""

    link: Link = _no_link
    name: str = "Halden"
    zone: str = "UTC"
    mail_domain: str = "pledge.invalid"


_house = House()


def current() -> House:
    """The installation as it was set up."""
    return _house


def use(house: House) -> None:
    """Make ``house`` the one that letters are drawn for."""
    global _house
    _house = house
