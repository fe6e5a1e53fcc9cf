"""How much is unread at the bell of the signed-in person, asked once a request."""

from flask import g

from app import wallclock
from app.http.visitors import find_person
from app.notices import bell


def unread() -> str:
    """The count as the screen shows it: "3", "99+", empty for none."""
    if "unread" not in g:
        person = find_person()
        know_unread(bell.count_unread(person, at=wallclock.now()) if person else 0)
    count: int = g.unread
    return "99+" if count >= bell.CAP else str(count or "")


def know_unread(count: int) -> None:
    """Tell the bell its count where a page has read it along with others."""
    g.unread = count
