"""A page as PDF, by WeasyPrint and the system's Pango; where they are not, there is no PDF.

Nothing is fetched from anywhere: style sheets and pictures are our own files. WeasyPrint gives a
drawing within a page no style of the page's, so each gets the rules that paper.css has for it.
"""

import hashlib
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from PIL import ImageFile

from app.files import storage

DRAWING = re.compile(r"<svg [^>]*data-drawing[^>]*>")
RULE = re.compile(r"(?m)^\.ld-[\w-]+ \{[^}]*\}")
TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
KINDS = {".css": "text/css", ".svg": "image/svg+xml"}


@cache
def is_possible() -> bool:
    """Whether the library and what it needs of the system are here."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    # WeasyPrint lets Pillow draw broken pictures, for the whole process: uploads stay strict.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return True


def of(page: str) -> bytes:
    """The PDF of a page; only where `is_possible`.

    Made once: what is drawn, sheets included, is named in the page, so its digest finds the same
    PDF again among the files, until the sweep of the next day.
    """
    key = hashlib.sha256(page.encode()).hexdigest()[:32]
    found = storage.find_made(key)
    if found is None:
        found = made_of(page)
        storage.keep_made(key, found)
    return found


def made_of(page: str) -> bytes:
    """The PDF of a page, made anew; only where `is_possible`."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):
        """Hands out what lies in our static folder, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The file behind an address of the page."""
            file = _file(url)
            kind = {"Content-Type": KINDS.get(file.suffix, "application/octet-stream")}
            return URLFetcherResponse(url, file.read_bytes(), kind)

    style = f"<style>text {{ font-family: sans-serif }} {_rules_of_drawings()}</style>"
    styled = DRAWING.sub(lambda found: found[0] + style, page)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of each step and each page
    document = HTML(string=styled, base_url="https://pledge.invalid/", url_fetcher=OurFiles())
    made: bytes = document.write_pdf()
    return made


@cache
def _rules_of_drawings() -> str:
    """What paper.css says of drawings, with the colours that paper has: the light ones."""
    folder = Path(current_app.static_folder or "") / "css"
    light = (folder / "tokens.css").read_text("utf-8").partition("@media")[0]
    tokens = dict(TOKEN.findall(light))
    rules = " ".join(RULE.findall((folder / "paper.css").read_text("utf-8")))
    return re.sub(r"var\((--[\w-]+)\)", lambda found: tokens[found[1]], rules)


def _file(url: str) -> Path:
    """A file of ours by its address; raises `ValueError` for everything else."""
    path, prefix = urlsplit(url).path, f"{current_app.static_url_path}/"
    folder = Path(current_app.static_folder or "").resolve()
    file = (folder / path.removeprefix(prefix)).resolve()
    if not path.startswith(prefix) or not file.is_relative_to(folder) or not file.is_file():
        raise ValueError("A PDF shows only files of ours.")
    return file
