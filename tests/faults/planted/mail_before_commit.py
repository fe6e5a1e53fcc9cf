"""Letters leave while their cause may still be undone."""

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import select

from app import wallclock
from app.database import db, transaction
from app.escalation import firing
from app.mail.messages import message_of
from app.mail.models import Letter, LetterState
from app.notices import gathering
from tests.faults.planted import swap


def plant() -> None:
    swap(firing, "transaction", eager)


@contextmanager
def eager() -> Iterator[None]:
    with transaction():
        yield
        if gathering.gather(wallclock.now()) and _send():
            os._exit(86)  # the very death that the order of things is about


def _send() -> int:
    settings = current_app.extensions["pledge.config"]
    waiting = db.session.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).all()
    with smtplib.SMTP(settings.mail_server, settings.mail_port) as server:
        for letter in waiting:
            whole = message_of(letter, settings).as_bytes()  # type: ignore[arg-type]
            server.sendmail(settings.mail_from, [letter.to_address], whole)
            letter.state, letter.sent_at = LetterState.SENT, wallclock.now()
    db.session.flush()
    return len(waiting)
