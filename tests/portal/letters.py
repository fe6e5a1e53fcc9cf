"""Reading the letters that the front door sends, as their addressee does."""

import re

from sqlalchemy import select

from app.database import db
from app.mail import rendering
from app.mail.models import Letter


def newest() -> Letter:
    """The letter that was written last."""
    db.session.rollback()
    return db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()


def count() -> int:
    """How many letters were ever written."""
    db.session.rollback()
    return len(db.session.scalars(select(Letter.id)).all())


def link_in(letter: Letter) -> str:
    """The path of the one personal link in a letter as it is sent."""
    text = rendering.render(letter, to_send=True).text
    found = re.search(r"https?://[^/\s]+(/[a-z-]+(?:/[a-z-]+)?/\S{40,})", text)
    assert found, text
    return found[1]
