"""Letters to Petra, a server that takes them, and a clock that the test moves."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.database import transaction
from app.mail import outbox, sending
from app.mail.models import Letter
from tests.smtp_sink import smtp_sink as smtp_sink

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """Whoever gets a letter."""

    name: str = "Petra Weiss"
    address: str = "petra.weiss@halden.example"
    language: str = "en"
    zone: str | None = "Europe/Berlin"


PETRA = Somebody()
REPLIED = {
    "number": 1042,
    "ref": "#1042",
    "subject": "VPN down",
    "author": "Mara Lindt",
    "body": "Please try the new profile.",
    "at": AT.isoformat(),
    "waiting": False,
}


class Clock:
    """A `now` that stands still until told otherwise."""

    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at

    def pass_by(self, **amount):
        self.at += timedelta(**amount)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def post(app):
    """Queue a letter and commit: ``post("key", to=..., ...)``."""

    def queue(key="message:1", *, to=PETRA, at=AT, facts=REPLIED, kind="ticket-replied", **more):
        with transaction():
            letter = outbox.queue(kind, to=to, at=at, facts=facts, key=key, **more)
            return letter.id if letter else None

    return queue


@pytest.fixture
def settings(config, smtp_sink):
    """The settings of a sender that talks to the test's server."""
    return replace(
        config,
        mail_server="127.0.0.1",
        mail_port=smtp_sink.port,
        mail_from="help@halden.example",
        lease_s=60,
    )


@pytest.fixture
def send(app, clock, settings):
    """Send one batch."""
    return lambda **more: sending.send_batch(clock, settings, **more)


@pytest.fixture
def letter(session):
    """A letter as the table has it now."""

    def read(id) -> Letter:
        session.rollback()
        session.expire_all()
        return session.get(Letter, id)

    return read
