"""A letter is marked sent, then sent."""

from typing import Any

from app.mail import leasing, sending
from tests.faults.planted import swap


def plant() -> None:
    send = sending._Round.send

    def marked(self: Any, lease: Any, connection: Any) -> None:
        leasing.mark_sent(lease, self.now)
        send(self, lease, connection)

    swap(sending._Round, "send", marked)
