"""What can be refused, and the sentence that says why.

A message is written for the person who asked: it names the fact, not the code.
"""


class Refusal(Exception):
    """The request was understood and is refused by a rule (HTTP 409)."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        """``sentence`` is shown as it stands; ``field`` names the form field it belongs to."""
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Forbidden(Refusal):
    """The person sees the thing but may not do this to it (HTTP 403)."""


class NotFound(Refusal):
    """No such thing, or none that this person may see (HTTP 404): the two look alike."""


class Gone(Refusal):
    """What was good once and is no longer, such as a link in an old letter (HTTP 410)."""


class Conflict(Refusal):
    """Somebody else changed the thing first (HTTP 409)."""
