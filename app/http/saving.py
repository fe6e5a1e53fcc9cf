"""What is to be saved as a file, under a name of any letters (RFC 6266, RFC 5987)."""

import unicodedata
from urllib.parse import quote

from flask import Response

SAFE = "!#$&+-.^_`|~"
"""What stands for itself in an extended name, besides letters and digits."""


def saved_as(response: Response, name: str) -> Response:
    """``response``, to be saved as ``name`` and not shown.

    A header knows ASCII alone: other letters are spelled out for every browser of today, and left
    out for those that do not read it.
    """
    names = {"filename": name}
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
        names = {"filename": plain, "filename*": f"UTF-8''{quote(name, safe=SAFE)}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    return response
