"""Drafts of agreements: read, written part by part, dropped.

A draft is its party's own until it is proposed. Source: agreements.md, "Only drafts change".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.agreements import stored
from app.database import db
from app.errors import Conflict, NotFound, Refusal
from app.languages import gettext as _
from app.negotiations import merging, outline, structure, writers
from app.negotiations.fields import Typed
from app.negotiations.models import Draft
from app.people.models import Person

MOST_BYTES = 2_000_000
"""The largest draft, as JSON."""
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL character as JSON writes it: PostgreSQL keeps none."""


@dataclass(frozen=True)
class Saved:
    """What a save did: ``mine`` is what the form is to show, ``clashes`` what others wrote there.

    What is in ``clashes`` is saved as it stands there; of ``mine`` those fields are not yet.
    """

    mine: Mapping[str, Typed]
    clashes: Mapping[str, Typed] = field(default_factory=dict)


def draft(id: int, *, seen_by: Person) -> Draft:
    """A draft of the organisation that ``seen_by`` writes for; else `NotFound`."""
    return _found(id, seen_by, for_change=False)


def for_change(id: int, *, by: Person) -> Draft:
    """The draft, locked, as `draft`; `Refusal` for one that was proposed or dropped."""
    found = _found(id, by, for_change=True)
    if found.version_id is not None:
        raise Refusal(_("This draft was proposed: it does not change any more."))
    if found.dropped_at is not None:
        raise Refusal(_("This draft was dropped."))
    return found


def listed(person: Person, *, before: int | None = None, limit: int = 50) -> Sequence[Draft]:
    """The open drafts of the organisation that ``person`` writes for, the newest first.

    One more than ``limit`` where there is a next page; ``before`` is the id of the last one.
    Raises `NotGranted` for those who write for none.
    """
    query = select(Draft).where(
        Draft.organisation_id == seat(person).organisation_id,
        Draft.version_id.is_(None),
        Draft.dropped_at.is_(None),
    )
    if before is not None:
        query = query.where(Draft.id < before)
    return db.session.scalars(query.order_by(Draft.id.desc()).limit(limit + 1)).all()


def seat(person: Person) -> writers.Seat:
    """In whose name ``person`` writes; raises `NotGranted` for those who may not."""
    found = writers.seat_of(person)
    if found is None:
        raise writers.NotGranted(_("Only agreement editors write agreements."))
    return found


def values_of(draft: Draft) -> dict[str, Any]:
    """What the draft says as a parsed file has it: days are days, where they are any."""
    return stored.values_from(draft.values)


def save(
    draft: Draft,
    key: str,
    typed: Mapping[str, Typed],
    *,
    base: Mapping[str, Typed],
    by: Person,
    at: datetime,
) -> Saved:
    """Save what was typed into a part, over what it held when the form was shown (``base``).

    What somebody else wrote meanwhile stays: where both changed the same field it is a clash,
    for the person to decide. The draft is locked by the caller (`for_change`).
    """
    part = outline.part(draft.values, key)
    result = merging.merged(base, typed, part.typed)
    _write(draft, outline.with_typed(draft.values, key, result.typed), by=by, at=at)
    if base.keys() == part.typed.keys():
        now = outline.part(draft.values, key).typed
        mine = {
            name: result.mine[name] if name in result.clashes else now.get(name, "")
            for name in result.mine
        }
        return Saved(mine=mine, clashes=result.clashes)
    return Saved(mine=result.mine, clashes=result.clashes)


def change_rows(
    draft: Draft, key: str, deed: str, rows: str, number: int | None, *, by: Person, at: datetime
) -> None:
    """Add, take out or move a row of a list in a part, as `structure.change_rows`."""
    _write(draft, structure.change_rows(draft.values, key, deed, rows, number), by=by, at=at)


def add_part(draft: Draft, group: str, name: str, *, by: Person, at: datetime) -> str:
    """Add a section, a calendar or a tier called ``name``; its key."""
    values, key = structure.add_part(draft.values, group, name)
    _write(draft, values, by=by, at=at)
    return key


def change_part(
    draft: Draft,
    key: str,
    deed: str,
    *,
    base: Mapping[str, Typed] | None,
    by: Person,
    at: datetime,
) -> None:
    """Move a section, calendar or tier, or take it out.

    Raises `Conflict` where it no longer holds what the page showed (``base``).
    """
    if base is not None and outline.part(draft.values, key).typed != dict(base):
        raise Conflict(
            _("Somebody changed this part meanwhile: look at it as it stands now, then decide.")
        )
    _write(draft, structure.change_part(draft.values, key, deed), by=by, at=at)


def replace(
    draft: Draft, values: Mapping[str, Any], *, revision: int, by: Person, at: datetime
) -> None:
    """Let the draft say what a file says; `Conflict` when it was saved since ``revision``."""
    if draft.revision != revision:
        raise Conflict(
            _("The draft was changed meanwhile: look at it as it stands now, then decide.")
        )
    _write(draft, values, by=by, at=at)


def rewrite(draft: Draft, values: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """Let the draft say ``values``, whatever it said; its caller has the lock."""
    _write(draft, values, by=by, at=at)


def explain(
    draft: Draft,
    *,
    reason: str,
    check_on: date | None,
    plan: Sequence[Mapping[str, Any]],
    by: Person,
    at: datetime,
) -> None:
    """Keep what is to be said when the draft is proposed: why, how, and when it is looked at.

    ``plan`` is rows of "what", "owner_id" and "due_on" (an ISO date).
    """
    draft.reason, draft.check_on, draft.plan = reason.strip(), check_on, [dict(row) for row in plan]
    draft.changed_by_id, draft.changed_at = by.id, at
    db.session.flush()


def drop(draft: Draft, *, at: datetime) -> None:
    """Give the draft up; it stays in the table and is listed no more."""
    draft.dropped_at = at
    db.session.flush()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as a draft keeps them: JSON, days as their ISO form, without signatures."""
    said = {key: value for key, value in values.items() if key != "signatures"}
    try:
        text = json.dumps(said, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        raise Refusal(_("A number in it is none: nan and inf have no meaning here.")) from None
    if NUL.search(text):
        raise Refusal(_("The text holds a NUL character, which we cannot keep. Take it out."))
    if len(text.encode()) > MOST_BYTES:
        raise Refusal(_("An agreement of more than 2 MB is no agreement anybody reads."))
    found: dict[str, Any] = json.loads(text)
    return found


def _write(draft: Draft, values: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    made = plain(values)
    if made == draft.values:
        return
    draft.values = made
    draft.revision += 1
    draft.changed_by_id, draft.changed_at = by.id, at
    db.session.flush()


def _found(id: int, person: Person, *, for_change: bool) -> Draft:
    seat = writers.seat_of(person)
    query = select(Draft).where(Draft.id == id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None or seat is None or found.organisation_id != seat.organisation_id:
        raise NotFound("There is no such draft.")
    return found
