"""What a file is, by how it begins; what its sender calls it decides nothing.

Source: security.md, "uploads".
"""

import puremagic

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures of which a small one is drawn."""

HARMLESS = IMAGES | {"application/pdf", "application/zip", TEXT}
"""What is handed out under its own name; a browser runs none of it. All else is only bytes."""

_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
}


def kind_of(head: bytes) -> str:
    """The content type of a file that begins with ``head``; octets where nobody knows it."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if _is_text(head):
        return TEXT
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return found if "/" in found and found not in IMAGES else UNKNOWN


def handed_out_as(kind: str) -> str:
    """The content type under which a file of ``kind`` leaves the house."""
    return kind if kind in HARMLESS else UNKNOWN


def _is_text(head: bytes) -> bool:
    """Whether it reads as UTF-8 without control characters; its end may be cut."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 or error.reason != "unexpected end of data":
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter >= " " or letter in "\t\r\n\f" for letter in text)
