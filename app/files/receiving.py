"""A file on its way in: stored and looked at, before any row says that it is there.

No transaction need be open meanwhile; what never gets a row is discarded, at the latest by
`cleaning`.
"""

from dataclasses import dataclass
from typing import BinaryIO

from app.files import kinds, names, previews, storage


@dataclass(frozen=True)
class Received:
    """A stored file without a row: what it is called, what it is, and its key."""

    key: str
    name: str
    content_type: str
    size: int
    sha256: str
    has_preview: bool


def receive(stream: BinaryIO, *, name: str) -> Received:
    """Store a file and draw its small picture; `storage.Empty` or `storage.TooLarge`."""
    stored = storage.keep(stream)
    kind = kinds.kind_of(stored.head)
    picture = previews.draw(storage.path_of(stored.key), kind)
    if picture is not None:
        storage.keep_preview(stored.key, picture)
    return Received(
        key=stored.key,
        name=names.canonical(name),
        content_type=kind,
        size=stored.size,
        sha256=stored.sha256,
        has_preview=picture is not None,
    )


def discard(received: Received) -> None:
    """Remove a file that gets no row after all."""
    storage.remove(received.key)
