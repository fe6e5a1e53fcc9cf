"""The words of agreements: measures, parties, what reopening does. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from app.languages import gettext


class Party(StrEnum):
    """A side of an agreement."""

    PROVIDER = "provider"
    CLIENT = "client"


class ReopenRule(StrEnum):
    """What reopening does to the resolution clock."""

    RESUME = "resume"
    RESTART = "restart"
    FINAL = "final"


class Renewal(StrEnum):
    """What happens when the last day of an agreement has come."""

    AUTOMATIC = "automatic"
    NONE = "none"


class Period(StrEnum):
    """Over which an objective is reckoned and a fee is paid; of the calendar, in its zone."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


AVAILABILITY = "availability"
"""What an objective can be set for besides the measures."""


@dataclass(frozen=True)
class MeasureWords:
    """A measure in words: its name, what is done in time, what starts and stops its clock.

    Texts of agreements and rows keep them, in English.
    """

    name: str
    deed: str
    starts: str
    stops: str

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)


MEASURES = {
    "acknowledgement": MeasureWords(
        "Acknowledgement",
        "are acknowledged",
        "contact",
        "a person has it in hand, or answers",
    ),
    "first_response": MeasureWords(
        "First response", "get a first answer", "contact", "the first answer by a person"
    ),
    "next_response": MeasureWords(
        "Next response",
        "get an answer to a further message",
        "a message of the requester's side",
        "the next answer by a person",
    ),
    "update": MeasureWords(
        "Update", "get an update", "an answer that does not resolve", "the next answer"
    ),
    "workaround": MeasureWords(
        "Workaround",
        "get a workaround",
        "contact",
        "an answer that gives a workaround, or resolved",
    ),
    "resolution": MeasureWords("Resolution", "are resolved", "contact", "resolved"),
}
