"""The mail that a letter makes: its headers, and what no header may hold.

Sources: escalation.md, "Notices and letters"; libraries.md, "mail out".
"""

from email.policy import SMTP
from email.utils import formataddr

import flask_mail

from app.mail import enclosing, house, outbox, rendering
from app.mail.leasing import Lease
from app.mail.rendering import Undrawable
from app.mail.settings import MailSettings


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


def message_of(lease: Lease, settings: MailSettings) -> flask_mail.Message:
    """The mail of a letter; `Undrawable` when its template or facts do not allow one."""
    drawn = rendering.render(lease, to_send=True)
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
    enclosing.enclose(message, lease.facts.get("files", ()))
    enclosing.enclose_copy(message, lease.facts.get("enclosed"))
    return message


def refuse_line_breaks(message: flask_mail.Message) -> None:
    """Raise `Undrawable` for a line break in any header: Flask-Mail looks at some only."""
    name, address = recipient(message)
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


def recipient(message: flask_mail.Message) -> tuple[str, str]:
    """Name and address of the one recipient."""
    (recipient,) = message.recipients
    assert isinstance(recipient, tuple)
    return recipient
