"""Saving a part of a draft, its rows, and adding, moving and taking out whole parts.

A save answers the page's script with what changed (``quietly``), anybody else with the page.
"""

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import http, wallclock
from app.editor import offers, showing
from app.editor.blueprint import blueprint
from app.errors import Conflict, NotFound, Refusal
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import checking, drafts, outline
from app.negotiations.drafts import Saved
from app.negotiations.fields import Shape, Typed
from app.negotiations.models import Draft

MOST_PAIRS = 5_000
PART = "/agreements/drafts/<int:draft_id>/parts/<part>"


@blueprint.post(PART)
@signed_in
def save_part(draft_id: int, part: str) -> AnyResponse:
    """Save what was typed into a part, and do to its rows what the pressed button says."""
    draft = drafts.for_change(draft_id, by=http.person())
    layout = outline.part(draft.values, part)
    kept = _kept(draft)
    saved = drafts.save(
        draft,
        part,
        {name: value for name, value in _typed(layout).items() if name not in kept},
        base=_base(layout),
        by=http.person(),
        at=wallclock.now(),
    )
    deed = request.form.get("do", "")
    if deed and deed != "save" and not saved.clashes:
        _change_rows(draft, part, deed)
        saved = Saved(mine={})
    return _answer(draft, part, saved, is_redrawn=bool(deed and deed != "save"))


@blueprint.post("/agreements/drafts/<int:draft_id>/parts")
@signed_in
def add_part(draft_id: int) -> AnyResponse:
    """Add a section of the text, a calendar or a tier."""
    draft = drafts.for_change(draft_id, by=http.person())
    group = request.form.get("group", "")
    try:
        key = drafts.add_part(
            draft, group, request.form.get("name", "")[:200], by=http.person(), at=wallclock.now()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for("editor.draft", draft_id=draft_id, _anchor=f"new-{group}"), 303)
    anchor = key.replace(".", "-")
    return redirect(url_for("editor.draft", draft_id=draft_id, _anchor=anchor), 303)


@blueprint.post(f"{PART}/place")
@signed_in
def change_part(draft_id: int, part: str) -> AnyResponse:
    """Move a section, a calendar or a tier, or take it out."""
    draft = drafts.for_change(draft_id, by=http.person())
    deed = request.form.get("do", "")
    shown = outline.part(draft.values, part)
    anchor = part.partition(".")[0]
    try:
        drafts.change_part(
            draft,
            part,
            deed,
            base=_base(shown) if deed == "remove" else None,
            by=http.person(),
            at=wallclock.now(),
        )
        if deed == "remove":
            flash(_("“%(title)s” is taken out of the draft.", title=shown.title))
    except Conflict as conflict:
        flash(conflict.sentence, "error")
    return redirect(url_for("editor.draft", draft_id=draft_id, _anchor=anchor), 303)


def _change_rows(draft: Draft, part: str, pressed: str) -> None:
    deed, _colon, rest = pressed.partition(":")
    rows, _colon, number = rest.partition(":")
    drafts.change_rows(
        draft,
        part,
        deed,
        rows,
        int(number) if number.isdecimal() and len(number) < 6 else None,
        by=http.person(),
        at=wallclock.now(),
    )


def _answer(draft: Draft, part: str, saved: Saved, *, is_redrawn: bool) -> AnyResponse:
    at = wallclock.now()
    found = checking.checked(draft, at=at)
    shown = showing.part(
        draft, part, found, mine=saved.mine if saved.clashes else None, clashes=saved.clashes
    )
    if request.form.get("quietly"):
        return _to_script(draft, shown, found, is_redrawn=is_redrawn or bool(saved.clashes))
    if not saved.clashes:
        anchor = shown.part.slug
        return redirect(url_for("editor.draft", draft_id=draft.id, _anchor=anchor), 303)
    page = showing.page(draft, at=at)
    return Response(
        render_template(
            "editor/clash.html",
            shown=shown,
            **{**page, "parts": {part: shown}},
        )
    )


def _to_script(draft: Draft, shown: showing.Shown, found: Any, *, is_redrawn: bool) -> Response:
    """What the page's script takes over: the side, sentences at fields, perhaps the part anew."""
    at = wallclock.now()
    said: dict[str, Any] = {
        "base": shown.base,
        "clashes": len(shown.clashes),
        "side": render_template("editor/_standing.html", **showing.standing(draft, found, at=at)),
        "faults": {
            shown.part.field_id(name): [one.words for one in some if one.weight == "mistake"]
            for name, some in shown.faults.items()
        },
    }
    if is_redrawn:
        said["part"] = render_template(
            "editor/_alone.html",
            shown=shown,
            draft=draft,
            offers=offers.offers(draft),
            locked=showing.locked(draft),
        )
    return Response(json.dumps(said), mimetype="application/json")


def _typed(part: outline.Part) -> dict[str, Typed]:
    """What came of the part's fields; boxes that are not ticked come as none."""
    boxes = _boxes(part)
    typed: dict[str, Typed] = {}
    for name, value in part.typed.items():
        if name in boxes:
            typed[name] = request.form.getlist(name)
        elif name in request.form:
            typed[name] = request.form[name]
        else:
            typed[name] = value
    for name in list(request.form)[:MOST_PAIRS]:
        if name not in typed:
            typed[name] = request.form[name]
    return typed


def _boxes(part: outline.Part) -> set[str]:
    fields = {field.name for field in part.layout.fields if field.shape is Shape.CHOICES}
    for rows in part.layout.rows:
        inside = {field.name for field in rows.fields if field.shape is Shape.CHOICES}
        fields |= {
            name
            for name in part.typed
            if name.startswith(f"{rows.name}.")
            and name.partition(".")[2].partition(".")[2] in inside
        }
    return fields


def _base(part: outline.Part) -> dict[str, Typed]:
    """What the form was shown over; what stands there now where that did not come along."""
    try:
        found = json.loads(request.form.get("base", ""))
    except json.JSONDecodeError:
        return part.typed
    is_whole = isinstance(found, dict) and all(
        isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        for value in found.values()
    )
    return found if is_whole else part.typed


def _kept(draft: Draft) -> frozenset[str]:
    return showing.locked(draft)
