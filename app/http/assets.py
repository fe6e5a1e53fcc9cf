"""Files that browsers load and others wrote: taken from installed wheels, never committed.

Source: libraries.md, "partial updates".
"""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from flask import Flask, Response, url_for

from app.errors import NotFound
from app.http.policies import public

WHEELS = {"htmx.js": ("django-htmx", "htmx-2.min.js")}
"""The name we serve: the wheel, and the file in it."""


def install(app: Flask) -> None:
    """Serve the assets under ``/assets/``; `asset_url` in templates is the address of one."""
    app.add_url_rule("/assets/<name>", "asset", _asset)
    app.jinja_env.globals["asset_url"] = _url


@public
def _asset(name: str) -> Response:
    """One file, kept by browsers for ever: its address names its content."""
    if name not in WHEELS:
        raise NotFound("There is no such file.")
    response = Response(path_of(name).read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def path_of(name: str) -> Path:
    """Where an asset lies; `RuntimeError` with what to do when its wheel is not installed."""
    wheel, inside = WHEELS[name]
    try:
        found = next(file for file in files(wheel) or () if file.name == inside)
    except (PackageNotFoundError, StopIteration):
        raise RuntimeError(
            f"{name} is missing: pip install --no-deps -r requirements-assets.txt"
        ) from None
    return Path(str(found.locate()))


@cache
def _hash(name: str) -> str:
    return hashlib.sha256(path_of(name).read_bytes()).hexdigest()[:10]


def _url(name: str) -> str:
    return url_for("asset", name=name, v=_hash(name))
