"""Files that go along in a letter; those that do not fit are only named, with the page beside them.

Which fit is settled when the letter is queued (`app.tickets.attachments.told`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import flask_mail
import structlog

from app.files import kinds, storage

log = structlog.get_logger()


def enclose(message: flask_mail.Message, files: Iterable[Mapping[str, Any]]) -> None:
    """Put those ``files`` of a letter's facts that go along into its mail.

    One whose bytes are gone stays out: the words of the answer are worth more than it.
    """
    for file in files:
        if not file["is_along"]:
            continue
        try:
            data = storage.path_of(file["key"]).read_bytes()
        except FileNotFoundError:
            log.error("a file of a letter is gone", message_id=message.msgId, name=file["name"])
            continue
        message.attach(file["name"], kinds.handed_out_as(file["kind"]), data)


def enclose_copy(message: flask_mail.Message, copy: Mapping[str, Any] | None) -> None:
    """Put the text of a letter's facts that is to be kept into its mail, byte for byte."""
    if copy is not None:
        message.attach(copy["name"], "application/json", copy["text"].encode())
