"""The words of the catalogue: kinds of request and priorities. Pure."""

from enum import StrEnum

from app.languages import lazy_gettext


class Kind(StrEnum):
    """What is asked for."""

    INCIDENT = "incident"
    REQUEST = "request"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return str(_KINDS[self])


class Priority(StrEnum):
    """How urgent it is, most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return str(_PRIORITIES[self])

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _RANKS[self]


_KINDS = {
    Kind.INCIDENT: lazy_gettext("Incident"),
    Kind.REQUEST: lazy_gettext("Request"),
    Kind.QUESTION: lazy_gettext("Question"),
}
_RANKS = {priority: rank for rank, priority in enumerate(Priority)}
_PRIORITIES = {
    Priority.URGENT: lazy_gettext("Urgent"),
    Priority.HIGH: lazy_gettext("High"),
    Priority.NORMAL: lazy_gettext("Normal"),
    Priority.LOW: lazy_gettext("Low"),
}
