"""A connection to the mail server: Flask-Mail's, with what 0.10 lacks.

Sources: escalation.md, "Notices and letters"; libraries.md, "mail out".
"""

import contextlib
import smtplib
import socket
import ssl
import weakref
from functools import cache
from types import TracebackType
from typing import Any, Self

import flask_mail

from app.mail import messages
from app.mail.answers import Lost, ServerDown, raise_for, words_of
from app.mail.settings import MailSettings

_mail = flask_mail.Mail()
_open: "weakref.WeakSet[Connection]" = weakref.WeakSet()


@cache
def _certificates() -> ssl.SSLContext:
    """Whom this process believes to be a mail server: read once, for it takes long to read."""
    return ssl.create_default_context()


def install(app: Any) -> None:
    """Make Flask-Mail known to ``app``; `create_app` calls this."""
    _mail.init_app(app)


def hang_up() -> None:
    """Cut every connection of this process: a worker that ends waits for no server.

    What was under way keeps its place in the queue; a letter whose reply is lost by this may
    come twice, under the same Message-ID (E9).
    """
    for connection in list(_open):
        connection.cut()


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
        try:
            host: _PatientSMTP
            if settings.mail_use_tls == "tls":
                host = _PatientSMTPS(
                    settings.mail_server,
                    settings.mail_port,
                    timeout=settings.mail_timeout_s,
                    context=_certificates(),
                )
            else:
                host = _PatientSMTP(
                    settings.mail_server, settings.mail_port, timeout=settings.mail_timeout_s
                )
            host.final_timeout_s = settings.mail_final_timeout_s
            try:
                if settings.mail_use_tls == "starttls":
                    host.starttls(context=_certificates())
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
        messages.refuse_line_breaks(message)
        _, address = messages.recipient(message)
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
