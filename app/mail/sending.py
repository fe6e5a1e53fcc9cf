"""Sending what waits in the outbox: a batch over one connection, each letter under a lease.

No transaction is open while the server is spoken to. A server that cannot be reached is the
server's failure and costs no letter a try; a refusal belongs to the one letter it was about.
Source: escalation.md, "Notices and letters".
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from app import failpoints
from app.mail import leasing
from app.mail.answers import Lost, PutBack, Refused, ServerDown
from app.mail.connection import Connection
from app.mail.leasing import Lease, Now
from app.mail.messages import message_of
from app.mail.rendering import Undrawable
from app.mail.settings import MailSettings

BATCH = 50
MARK_AGAIN_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of a batch; ``server_down`` says why the server cannot be used."""

    sent: int = 0
    put_back: int = 0
    parked: int = 0
    server_down: str | None = None


def send_batch(
    now: Now,
    settings: MailSettings,
    *,
    most: int = BATCH,
    kind: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Batch:
    """Send up to ``most`` letters that are due, of one kind perhaps, urgent and oldest first.

    Without a server configured nothing is touched. ``server_down`` set: the caller waits
    ``probe_s`` before the next call, which is the probe.
    """
    if not settings.mail_server or not leasing.is_any_due(now, kind=kind):
        return Batch()
    round_ = _Round(now, settings, stopping)
    try:
        with Connection(settings) as connection:
            while round_.count < most and not stopping():
                lease = leasing.lease_next(now, lease_s=settings.lease_s, kind=kind)
                if lease is None:
                    break
                failpoints.reach("sending.leased")
                round_.send(lease, connection)
    except ServerDown as down:
        return round_.result(server_down=str(down))
    return round_.result()


class _Round:
    """One batch while it runs: the counts, and whether the server went away before."""

    def __init__(self, now: Now, settings: MailSettings, stopping: Callable[[], bool]) -> None:
        self.now, self.settings, self.stopping = now, settings, stopping
        self.sent = self.back = self.parked = 0
        self.has_lost = False

    @property
    def count(self) -> int:
        return self.sent + self.back + self.parked

    def result(self, server_down: str | None = None) -> Batch:
        return Batch(
            sent=self.sent, put_back=self.back, parked=self.parked, server_down=server_down
        )

    def send(self, lease: Lease, connection: Connection) -> None:
        """Send one letter and note what became of it; `ServerDown` when the server did."""
        try:
            message = message_of(lease, self.settings)
            failpoints.reach("sending.rendered")
            connection.send(message)
            failpoints.reach("sending.replied")
        except Undrawable as mistake:
            self.parked += leasing.park(lease, str(mistake))
        except Refused as final:
            self.parked += leasing.refuse(lease, self.now, reason=str(final))
        except PutBack as later:
            self._put_back(lease, str(later), answered=True)
        except Lost as lost:
            self._go_on_without(lease, connection, lost)
        except BaseException:
            leasing.release(lease)
            raise
        else:
            self.sent += self._mark_sent(lease)
            failpoints.reach("sending.marked")

    def _mark_sent(self, lease: Lease) -> bool:
        """Note that it is sent, again and again while the database is away.

        Unmarked it would be sent a second time when the lease ends (E9). However long ago that
        was, nobody may have taken the letter since: the fence tells.
        """
        while True:
            try:
                return leasing.mark_sent(lease, self.now)
            except OperationalError:
                if self.stopping():
                    raise
                time.sleep(MARK_AGAIN_S)

    def _go_on_without(self, lease: Lease, connection: Connection, lost: Lost) -> None:
        """The server went away during this letter: its failure, or the letter's?

        If the server answers again at once, the letter waits its turn and the rest goes on;
        if not, or for the second time in a batch, the letter keeps its place.
        """
        try:
            if self.has_lost or self.stopping():
                raise lost
            connection.reopen()
        except ServerDown:
            leasing.release(lease)
            raise
        self.has_lost = True
        self._put_back(lease, str(lost))

    def _put_back(self, lease: Lease, reason: str, *, answered: bool = False) -> None:
        self.back += leasing.put_back(
            lease,
            self.now,
            reason=reason,
            retry_base_s=self.settings.retry_base_s,
            answered=answered,
        )
