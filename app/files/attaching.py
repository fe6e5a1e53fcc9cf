"""From an upload to a message: a file waits under the key of its form until the form is sent.

Whoever knows no upload key reaches none of its files: the key is made of the session and of what
the form is about (`app.http.uploads`), and no browser ever sees it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select, update

from app.database import db
from app.errors import Refusal
from app.files.models import Attachment
from app.files.receiving import Received
from app.languages import gettext as _

MOST = 20
"""How many files a message takes at most."""

MOST_BYTES = 100 * 1024 * 1024
MOST_WAITING = 500 * 1024 * 1024
"""How many bytes of one person wait at most, in all their forms: nobody fills the disk."""


def add(received: Received, *, upload_key: str, by_id: int | None, at: datetime) -> Attachment:
    """Let a received file wait under ``upload_key``; `Refusal` when too much waits already."""
    count, size = _waiting_now(Attachment.upload_key == upload_key)
    if count >= MOST:
        raise Refusal(_("A message takes %(most)s files at most.", most=MOST), field="files")
    if size + received.size > MOST_BYTES:
        raise Refusal(
            _("Together the files are larger than 100 MB: send some of them later."),
            field="files",
        )
    by_them = Attachment.uploaded_by_id == by_id
    in_all = _waiting_now(by_them, Attachment.upload_key.is_not(None))[1]
    if in_all + received.size > MOST_WAITING:
        raise Refusal(
            _("Too much waits in forms that you have not sent. Send or empty one of them first."),
            field="files",
        )
    attachment = Attachment(
        storage_key=received.key,
        upload_key=upload_key,
        uploaded_by_id=by_id,
        name=received.name,
        content_type=received.content_type,
        size=received.size,
        sha256=received.sha256,
        has_preview=received.has_preview,
        uploaded_at=at,
    )
    db.session.add(attachment)
    db.session.flush()
    return attachment


def _waiting_now(*those: ColumnElement[bool]) -> tuple[int, int]:
    """How many of those files there are, and how many bytes."""
    size = func.coalesce(func.sum(Attachment.size), 0)
    count, total = db.session.execute(select(func.count(), size).where(*those)).one()
    return int(count), int(total)


def waiting(
    upload_keys: Collection[str], *, ids: Collection[int] | None = None
) -> dict[str, list[Attachment]]:
    """What waits under each key, the oldest first; of ``ids`` only, where given."""
    found: dict[str, list[Attachment]] = {key: [] for key in upload_keys}
    asked: dict[str, object] = {"keys": list(found)}
    query = _WAITING
    if ids is not None:
        query, asked["ids"] = _WAITING_OF, list(ids)
    if found and (ids is None or ids):
        for file in db.session.scalars(query, asked):
            found[str(file.upload_key)].append(file)
    return found


_WAITING = (
    select(Attachment)
    .where(Attachment.upload_key.in_(bindparam("keys", expanding=True)))
    .order_by(Attachment.id)
)
_WAITING_OF = _WAITING.where(Attachment.id.in_(bindparam("ids", expanding=True)))


def bind(files: Iterable[Attachment], *, ticket_id: int, message_id: int) -> None:
    """Make waiting files part of a message.

    Raises `Refusal` when one was removed or went with another message meanwhile.
    """
    ids = {file.id for file in files}
    if not ids:
        return
    bound = db.session.scalars(
        update(Attachment)
        .where(Attachment.id.in_(ids), Attachment.upload_key.is_not(None))
        .values(upload_key=None, ticket_id=ticket_id, message_id=message_id)
        .returning(Attachment.id)
    ).all()
    if len(bound) < len(ids):
        raise Refusal(_("A file was removed or sent meanwhile: choose it again."), field="files")


def give_back(message_id: int, *, upload_key: str, at: datetime) -> None:
    """Let the files of a message that was taken back wait under ``upload_key`` again."""
    db.session.execute(
        update(Attachment)
        .where(Attachment.message_id == message_id)
        .values(upload_key=upload_key, ticket_id=None, message_id=None, uploaded_at=at)
    )


def remove(id: int, *, upload_key: str) -> bool:
    """Take a waiting file away; its bytes go with the next sweep (`cleaning`)."""
    found = waiting([upload_key], ids=[id])[upload_key]
    for file in found:
        db.session.delete(file)
    db.session.flush()
    return bool(found)
