"""A draft whose agreement got another version meanwhile: what changed there comes into it.

Each piece of the agreement (a section, a tier, a calendar, a key of the head …) comes from the side
that changed it; where both did, the draft's stays and is named, for its writer to decide.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.agreements import amending, choosing
from app.agreements.models import AgreementVersion
from app.database import db
from app.negotiations import drafts
from app.negotiations.models import Draft
from app.people.models import Person

Piece = tuple[str, str]
"""A table or list of a file, and what of it: "" for all."""


def newer(draft: Draft) -> AgreementVersion | None:
    """The newest signed version of the draft's agreement, if it was not written from that one."""
    if draft.agreement_id is None:
        return None
    held = [one for one in choosing.signed_versions() if one.agreement_id == draft.agreement_id]
    if not held or held[0].version_id == draft.base_version_id:
        return None
    return db.session.get_one(AgreementVersion, held[0].version_id)


def catch_up(draft: Draft, *, by: Person, at: datetime) -> list[str]:
    """Write the draft from the newest version; the pieces that both changed, by their names.

    The caller has the draft's lock. A draft that is not behind stays as it is.
    """
    version = newer(draft)
    if version is None:
        return []
    base = db.session.get(AgreementVersion, draft.base_version_id or 0)
    before = drafts.plain(amending.continued(base)) if base is not None else {}
    theirs = drafts.plain(amending.continued(version))
    made, both = brought_together(before, draft.values, theirs)
    draft.base_version_id = version.id
    drafts.rewrite(draft, made, by=by, at=at)
    return both


def brought_together(
    before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The values of both, and the names of pieces that both changed in another way. Pure."""
    sides = (before, mine, theirs)
    is_same_text = len({len(side.get("text") or ()) for side in sides}) == 1
    pieces = [{key: value for key, value in _pieces(side, is_same_text)} for side in sides]
    made: dict[str, Any] = {}
    both = []
    for piece in dict.fromkeys([*pieces[1], *pieces[2]]):
        was, wanted, now = (side.get(piece) for side in pieces)
        if wanted != was and now != was and wanted != now:
            both.append(" ".join(part for part in piece if part))
        chosen = now if wanted == was else wanted
        if chosen is not None:
            _place(made, piece, chosen)
    return made, both


def _pieces(side: Mapping[str, Any], is_same_text: bool) -> Iterator[tuple[Piece, Any]]:
    for top, value in side.items():
        if top in {"agreement", "calendars"} and isinstance(value, Mapping):
            yield from (((top, key), one) for key, one in value.items())
        elif top == "tiers":
            yield from (((top, str(row.get("key"))), row) for row in value)
        elif top == "text" and is_same_text:
            yield from (((top, str(number)), row) for number, row in enumerate(value, start=1))
        else:
            yield (top, ""), value


def _place(made: dict[str, Any], piece: Piece, value: Any) -> None:
    top, key = piece
    if not key:
        made[top] = value
    elif top in {"tiers", "text"}:
        made.setdefault(top, []).append(value)
    else:
        made.setdefault(top, {})[key] = value
