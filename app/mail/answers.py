"""What the answers and silences of a mail server mean for a letter.

Source: escalation.md, "Notices and letters"; RFC 5321, 4.2.
"""

import smtplib
from typing import NoReturn

CLOSING = 421


class ServerDown(Exception):
    """The server cannot be reached, does not let us in, or takes nothing from us."""


class Lost(ServerDown):
    """The connection ended in the middle of a letter, whose fate nobody knows."""


class PutBack(Exception):
    """The server asks to try this letter later."""


class Refused(Exception):
    """The server refuses this letter for good."""


def raise_for(code: int, answer: bytes | str) -> NoReturn:
    """Raise what an answer to a letter means: `PutBack`, `Refused` or, when closing, `Lost`."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    sentence = f"The mail server answered {code}: {' '.join(words.split())}"
    if code == CLOSING or code < 400:
        raise Lost(sentence)
    raise (PutBack if code < 500 else Refused)(sentence)


def words_of(error: Exception) -> str:
    """A sentence for the page that shows why nothing is sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return f"The mail server answered {error.smtp_code}: {words}"
    return f"The mail server cannot be used: {str(error) or type(error).__name__}"
