"""Who has a draft open in the editor: so that two know of each other.

A page that is open says so every `BEAT_S` seconds; who has not been heard of for `FRESH_S` is
gone. Nothing rests on it but a warning: what two write at once is brought together or shown to
both (`merging`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db, is_postgresql
from app.negotiations.models import Draft, DraftEditor
from app.people.models import Person

BEAT_S = 15
FRESH_S = 40


def seen(draft: Draft, *, who: Person, at: datetime) -> None:
    """``who`` has the draft open at ``at``; any number of their windows may say so at once."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(DraftEditor)
        .values(draft_id=draft.id, person_id=who.id, seen_at=at)
        .on_conflict_do_update(index_elements=["draft_id", "person_id"], set_={"seen_at": at})
    )


def left(draft: Draft, *, who: Person) -> None:
    """``who`` has closed the draft."""
    db.session.execute(
        delete(DraftEditor).where(DraftEditor.draft_id == draft.id, DraftEditor.person_id == who.id)
    )


def here(draft: Draft, *, besides: Person, at: datetime) -> Sequence[Person]:
    """Who else has the draft open at ``at``, by name."""
    query = (
        select(Person)
        .join(DraftEditor, DraftEditor.person_id == Person.id)
        .where(
            DraftEditor.draft_id == draft.id,
            DraftEditor.person_id != besides.id,
            DraftEditor.seen_at > at - timedelta(seconds=FRESH_S),
            Person.is_active,
        )
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(query).all()
