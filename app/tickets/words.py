"""The words for a ticket: its statuses and channels, and how a requester reads them. Pure."""

from enum import StrEnum

from app.languages import gettext as _
from app.languages import lazy_gettext


class Status(StrEnum):
    """Where a ticket stands. Source: clocks.md, "Statuses"."""

    NEW = "new"
    OPEN = "open"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_VENDOR = "waiting_vendor"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    SPAM = "spam"
    MERGED = "merged"

    @property
    def label(self) -> str:
        """The word agents read."""
        return str(_LABELS[self])

    @property
    def in_english(self) -> str:
        """The word that records keep: "waiting for requester"."""
        return self.value.replace("waiting_", "waiting for ").replace("_", " ")

    def plain(self, *, staff: str = "") -> str:
        """The sentence a requester reads; ``staff`` is who looks after it, when somebody does."""
        if self is Status.OPEN and staff:
            return _("We are on it. %(name)s looks after this.", name=staff)
        return str(_PLAIN[self])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self in OPEN

    @property
    def needs_agent(self) -> bool:
        """Whether it is an agent's turn."""
        return self in {Status.NEW, Status.OPEN}


OPEN = frozenset(
    {Status.NEW, Status.OPEN, Status.WAITING_REQUESTER, Status.WAITING_VENDOR, Status.ON_HOLD}
)
DONE = frozenset({Status.RESOLVED, Status.CLOSED})
CAME_BACK = "came back"
"""Why a message was taken back whose letter was refused or sent back by a mail server."""
NO_ANSWER = "no answer"
"""Why a ticket was resolved that its requester no longer answered (`Ticket.resolved_because`)."""

_LABELS = {
    Status.NEW: lazy_gettext("New"),
    Status.OPEN: lazy_gettext("Open"),
    Status.WAITING_REQUESTER: lazy_gettext("Waiting for requester"),
    Status.WAITING_VENDOR: lazy_gettext("Waiting for vendor"),
    Status.ON_HOLD: lazy_gettext("On hold"),
    Status.RESOLVED: lazy_gettext("Resolved"),
    Status.CLOSED: lazy_gettext("Closed"),
    Status.SPAM: lazy_gettext("Spam"),
    Status.MERGED: lazy_gettext("Merged"),
}
_PLAIN = {
    Status.NEW: lazy_gettext("We have your request. Nobody has taken it yet."),
    Status.OPEN: lazy_gettext("We are on it."),
    Status.WAITING_REQUESTER: lazy_gettext("We are waiting for your answer."),
    Status.WAITING_VENDOR: lazy_gettext("We are waiting for a supplier."),
    Status.ON_HOLD: lazy_gettext("We have put this off until the day given below."),
    Status.RESOLVED: lazy_gettext("We believe this is solved. Answer if it is not."),
    Status.CLOSED: lazy_gettext("This is closed."),
    Status.SPAM: lazy_gettext("This was set aside as unwanted."),
    Status.MERGED: lazy_gettext("This goes on in another request."),
}


UNDONE = "undone"
"""Why a message was taken back whose Send was undone: its requester never sees it."""


class Channel(StrEnum):
    """How a ticket or message reached us."""

    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    DESK = "desk"
    API = "api"
    IMPORT = "import"


class Side(StrEnum):
    """Who wrote a message."""

    REQUESTER = "requester"
    DESK = "desk"
    SYSTEM = "system"


class MessageKind(StrEnum):
    """What a message is; a note is never shown to the requester's side."""

    MESSAGE = "message"
    NOTE = "note"
    CALL = "call"


class CallOutcome(StrEnum):
    """What came of a call; only one that reached the requester is an answer (clocks.md)."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"


class LinkKind(StrEnum):
    """How two tickets belong together."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CHILD = "child"


class Writing(StrEnum):
    """What somebody does who has a ticket open."""

    LOOKING = "looking"
    ANSWERING = "answering"
