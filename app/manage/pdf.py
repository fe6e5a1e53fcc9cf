"""A page as PDF, by WeasyPrint and the system's Pango; where they are not, there is no PDF.

Nothing is fetched from anywhere: style sheets and pictures are our own files.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.errors import NotFound


@cache
def is_possible() -> bool:
    """Whether the library and what it needs of the system are here."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def made_of(page: str) -> bytes:
    """The PDF of a page; only where `is_possible`."""
    import weasyprint

    document = weasyprint.HTML(string=page, base_url="pledge:/", url_fetcher=_fetch)
    made: bytes = document.write_pdf()
    return made


def _fetch(url: str) -> dict[str, Any]:
    """A file of ours by its address on the page; raises `NotFound` for everything else."""
    path = urlsplit(url).path
    prefix = f"{current_app.static_url_path}/"
    folder = Path(current_app.static_folder or "").resolve()
    file = (folder / path.removeprefix(prefix)).resolve()
    if not path.startswith(prefix) or not file.is_relative_to(folder) or not file.is_file():
        raise NotFound("A PDF shows only files of ours.")
    kinds = {".css": "text/css", ".svg": "image/svg+xml"}
    return {"string": file.read_bytes(), "mime_type": kinds.get(file.suffix, "")}
