"""What somebody typed and could not send: kept in the page that says so, and brought back by it.

Nothing of it is stored, and nothing is done with it: it goes to the browser, signed with the
address of its form, and from there back into that form, to be looked at and sent again. Source:
security.md, "House rules".
"""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec

from flask import current_app, request, url_for

from app import signatures
from app.errors import Forbidden
from app.http.uploads import CHOSEN, FIELD
from app.languages import gettext as _

P = ParamSpec("P")

PURPOSE = "kept words"
AGAIN = "show"
"""The field that says to show a form again, as it is filled in, and to do nothing else."""
LEFT_OUT = {"csrf_token", AGAIN, CHOSEN}
SHOWN = ("subject", "body", "comment", "address", "name")
"""The fields that hold words of people, in the order in which one reads them."""
MOST = 400_000
"""Letters of what is kept, as it stands in the page: more than any of our forms can hold."""


@dataclass(frozen=True)
class Kept:
    """The fields of a form, the address they were sent to, and the page that the form is on."""

    path: str
    page: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool

    @property
    def words(self) -> list[str]:
        """What was typed, to be read again."""
        typed = dict(self.fields)
        return [typed[name] for name in SHOWN if name in typed]


class SignedOut(Forbidden):
    """The session ended before a form was sent; ``kept`` is what it holds."""

    def __init__(self, kept: Kept) -> None:
        """``kept`` is what was typed."""
        super().__init__(_("You are signed out."))
        self.kept = kept


def keeps_words(page: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """The view takes a form of the endpoint ``page``, and shows it again where it holds `AGAIN`.

    Stands beneath the view's policy.
    """

    def decorate(view: Callable[P, Any]) -> Callable[P, Any]:
        view.__dict__["page_of_form"] = page
        return view

    return decorate


def page_of_form() -> str:
    """The address of the page whose form was sent; empty where the view names none."""
    view = current_app.view_functions.get(request.endpoint or "")
    page = view.__dict__.get("page_of_form") if view is not None else None
    return url_for(page, **(request.view_args or {})) if page else ""


def find_typed() -> Kept | None:
    """What this request would have sent; None where nothing was typed or its view keeps nothing."""
    page = page_of_form()
    if request.method != "POST" or not page:
        return None
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if value and name not in LEFT_OUT
    )
    had_files = bool(request.form.getlist(CHOSEN)) or any(
        file.filename for file in request.files.getlist(FIELD)
    )
    kept = Kept(f"{request.root_path}{request.path}", page, fields, had_files)
    return kept if kept.words and len(signed(kept)) <= MOST else None


def is_from_here() -> bool:
    """Whether a page of ours sent this request: browsers say so, and no other site can."""
    return request.headers.get("Origin", "") == request.host_url.rstrip("/")


def signed(kept: Kept) -> str:
    """``kept`` as it stands in a page."""
    said = json.dumps([kept.path, kept.page, kept.fields, kept.had_files])
    packed = base64.urlsafe_b64encode(zlib.compress(said.encode()))
    return signatures.sign(packed.decode("ascii"), purpose=PURPOSE)


def find_kept(token: str | None) -> Kept | None:
    """What was kept in a page of ours; None where it is not as we signed it."""
    packed = signatures.find_signed(token or "", purpose=PURPOSE)
    if packed is None:
        return None
    path, page, fields, had_files = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed)))
    return Kept(path, page, tuple((name, value) for name, value in fields), had_files)
