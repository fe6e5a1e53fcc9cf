"""The words of the catalogue: kinds of request and priorities. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What is asked for."""

    INCIDENT = "incident"
    REQUEST = "request"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.capitalize()


class Priority(StrEnum):
    """How urgent it is, most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.capitalize()

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(Priority).index(self)
