"""Sending what waits in the outbox: the only module that names flask_mail.

One connection per batch and no transaction open while the server is spoken to. A server that
cannot be reached is the server's failure and costs no letter a try; a refusal belongs to the
one letter it was about. Sources: escalation.md, "Notices and letters"; libraries.md, "mail out".
"""

import contextlib
import smtplib
import socket
import ssl
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from email.policy import SMTP
from email.utils import formataddr
from types import TracebackType
from typing import Any, Self

import flask_mail
from sqlalchemy.exc import OperationalError

from app import failpoints
from app.mail import house, leasing, outbox, rendering
from app.mail.answers import Lost, PutBack, Refused, ServerDown, raise_for, words_of
from app.mail.leasing import Lease, Now
from app.mail.rendering import Undrawable
from app.mail.settings import MailSettings

BATCH = 50
MARK_AGAIN_S = 0.5

_mail = flask_mail.Mail()
_open: "weakref.WeakSet[Connection]" = weakref.WeakSet()


def hang_up() -> None:
    """Cut every connection of this process: a worker that ends waits for no server.

    What was under way keeps its place in the queue; a letter whose reply is lost by this may
    come twice, under the same Message-ID (E9).
    """
    for connection in list(_open):
        connection.cut()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of a batch; ``server_down`` says why the server cannot be used."""

    sent: int = 0
    put_back: int = 0
    parked: int = 0
    server_down: str | None = None


def install(app: Any) -> None:
    """Make Flask-Mail known to ``app``; `create_app` calls this."""
    _mail.init_app(app)


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

    def send(self, lease: Lease, connection: "Connection") -> None:
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

        Unmarked it would be sent a second time when the lease ends (E9).
        """
        until = time.monotonic() + self.settings.lease_s
        while True:
            try:
                return leasing.mark_sent(lease, self.now)
            except OperationalError:
                if self.stopping() or time.monotonic() > until:
                    raise
                time.sleep(MARK_AGAIN_S)

    def _go_on_without(self, lease: Lease, connection: "Connection", lost: Lost) -> None:
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


class _PatientSMTP(smtplib.SMTP):
    """SMTP that waits longer for the answer to a whole letter than for a command."""

    final_timeout_s: int = 600

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the letter; the server may take ``final_timeout_s`` to answer."""
        assert self.sock is not None
        usual = self.sock.gettimeout()
        self.sock.settimeout(self.final_timeout_s)
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(usual)


class _PatientSMTPS(_PatientSMTP, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class OneToOne(flask_mail.Message):
    """A message whose headers go out as they were encoded.

    Python folds long headers anew, which takes the quotes off a name and can turn it into
    more recipients.
    """

    def as_bytes(self) -> bytes:
        """The message as it goes over the wire."""
        message = self._message()
        message.policy = SMTP.clone(refold_source="none")
        return message.as_bytes()


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with what 0.10 lacks.

    Certificates are checked, every wait ends, headers with line breaks are refused, the
    envelope holds exactly the row's address, and failures are told apart.
    """

    def __init__(self, settings: MailSettings) -> None:
        """Not connected yet: entering the context does that."""
        super().__init__(_mail)
        self.settings = settings

    def __enter__(self) -> Self:
        """Connect; `ServerDown` with the reason."""
        self.host = self.configure_host()
        _open.add(self)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye if anybody still listens."""
        if self.host is not None:
            try:
                self.host.quit()
            except (smtplib.SMTPException, OSError):
                self.host.close()

    def cut(self) -> None:
        """Make every wait for the server end at once; any thread may call it."""
        host = self.host
        if host is not None and host.sock is not None:
            with contextlib.suppress(OSError):
                host.sock.shutdown(socket.SHUT_RDWR)

    def reopen(self) -> None:
        """Connect anew after the server went away; `ServerDown` when it stays away."""
        if self.host is not None:
            self.host.close()
            self.host = None
        self.host = self.configure_host()

    def configure_host(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in as the settings say."""
        settings = self.settings
        context = ssl.create_default_context()
        try:
            host: _PatientSMTP
            if settings.mail_use_tls == "tls":
                host = _PatientSMTPS(
                    settings.mail_server,
                    settings.mail_port,
                    timeout=settings.mail_timeout_s,
                    context=context,
                )
            else:
                host = _PatientSMTP(
                    settings.mail_server, settings.mail_port, timeout=settings.mail_timeout_s
                )
            host.final_timeout_s = settings.mail_final_timeout_s
            try:
                if settings.mail_use_tls == "starttls":
                    host.starttls(context=context)
                if settings.mail_username:
                    host.login(settings.mail_username, settings.mail_password)
            except BaseException:
                host.close()
                raise
        except (smtplib.SMTPException, OSError) as error:
            raise ServerDown(words_of(error)) from error
        return host

    def send(self, message: flask_mail.Message, envelope_from: Any = None) -> None:
        """Hand ``message`` over; raises `PutBack`, `Refused`, `Lost` or `ServerDown`."""
        host = self.host
        assert host is not None
        _refuse_line_breaks(message)
        _, address = _recipient(message)
        try:
            host.sendmail(self.settings.mail_from, [address], message.as_bytes())
        except smtplib.SMTPRecipientsRefused as refused:
            raise_for(*refused.recipients[address])
        except smtplib.SMTPSenderRefused as refused:
            raise ServerDown(words_of(refused)) from refused
        except smtplib.SMTPResponseException as refused:
            raise_for(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            raise Lost(words_of(error)) from error


def message_of(lease: Lease, settings: MailSettings) -> flask_mail.Message:
    """The mail of a letter; `Undrawable` when its template or facts do not allow one."""
    drawn = rendering.render(lease)
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if lease.ticket_id is not None:
        root = outbox.thread_root_of(lease.ticket_id)
        headers |= {"In-Reply-To": root, "References": root}
    message = OneToOne(
        subject=drawn.subject,
        recipients=[(lease.to_name, lease.to_address)],
        body=drawn.text,
        html=drawn.html,
        sender=formataddr((f"Pledge, {house.current().name}", settings.mail_from)),
        date=lease.created_at.timestamp(),
        extra_headers=headers,
    )
    message.msgId = lease.message_id
    return message


def _refuse_line_breaks(message: flask_mail.Message) -> None:
    """No line break in any header: Flask-Mail looks at some of them only."""
    name, address = _recipient(message)
    extra = message.extra_headers or {}
    for value in (
        message.subject,
        str(message.sender),
        name,
        address,
        message.msgId,
        *extra.keys(),
        *extra.values(),
    ):
        if "\r" in value or "\n" in value:
            raise Undrawable("A header holds a line break, which could forge another one.")


def _recipient(message: flask_mail.Message) -> tuple[str, str]:
    """Name and address of the one recipient."""
    (recipient,) = message.recipients
    assert isinstance(recipient, tuple)
    return recipient
