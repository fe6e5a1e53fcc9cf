"""Where the bytes lie: a folder that no web server serves, under names that say nothing.

A file is written under another name and renamed when it is whole; its key is random and its first
two letters are its folder. Source: security.md, "uploads".
"""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 25 * 1024 * 1024
CHUNK = 256 * 1024
HEAD = 64 * 1024
PREVIEW, UNFINISHED = ".preview", ".part"
KEY = re.compile(r"[0-9a-f]{32}")

_folder: Path | None = None


class Empty(Exception):
    """There is nothing in the file."""


class TooLarge(Exception):
    """The file is over `MAX_BYTES`."""


@dataclass(frozen=True)
class Stored:
    """A file that lies there: its key, its size in bytes, its SHA-256, and how it begins."""

    key: str
    size: int
    sha256: str
    head: bytes


def use(folder: Path) -> None:
    """Keep files in ``folder``; it is made when the first one comes."""
    global _folder
    _folder = folder


def keep(stream: BinaryIO) -> Stored:
    """Store what ``stream`` holds from here on; `Empty` or `TooLarge` when that cannot be."""
    key = secrets.token_hex(16)
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(UNFINISHED)
    try:
        stored = _written(stream, unfinished, key)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _settle(path.parent)
    return stored


def keep_made(key: str, content: bytes) -> None:
    """Store what was made here and can be made again, for a day: then the sweep takes it."""
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{key}.{secrets.token_hex(4)}{UNFINISHED}")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def find_made(key: str) -> bytes | None:
    """What was made under this key, if it still lies there."""
    try:
        return path_of(key).read_bytes()
    except FileNotFoundError:
        return None


def keep_preview(key: str, image: bytes) -> None:
    """Store the small picture of the file with this key beside it."""
    path = preview_of(key)
    unfinished = path.with_suffix(f"{PREVIEW}{UNFINISHED}")
    unfinished.write_bytes(image)
    os.replace(unfinished, path)


def path_of(key: str) -> Path:
    """Where the file with this key lies; `ValueError` for what is no key."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a stored file.")
    if _folder is None:
        raise RuntimeError("Nobody has said where files are kept: call storage.use().")
    return _folder / key[:2] / key


def preview_of(key: str) -> Path:
    """Where the small picture of the file with this key lies, if it has one."""
    return path_of(key).with_suffix(PREVIEW)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a stored file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def remove(key: str) -> None:
    """Remove a file and its picture; one that is gone already does no harm."""
    path_of(key).unlink(missing_ok=True)
    preview_of(key).unlink(missing_ok=True)


def keys_until(written_until: float) -> Iterator[tuple[str, Path]]:
    """The keys of all that was last written before ``written_until``, in epoch seconds.

    With each the path: what was never finished has one that is not its key's.
    """
    if _folder is None or not _folder.is_dir():
        return
    for shelf in sorted(_folder.iterdir()):
        if not shelf.is_dir():
            continue
        for path in sorted(shelf.iterdir()):
            key = path.name.partition(".")[0]
            with contextlib.suppress(FileNotFoundError):
                if KEY.fullmatch(key) and path.stat().st_mtime < written_until:
                    yield key, path


def _written(stream: BinaryIO, path: Path, key: str) -> Stored:
    digest, size, head = hashlib.sha256(), 0, b""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise TooLarge
            head = head or chunk[:HEAD]
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise Empty
        file.flush()
        os.fsync(file.fileno())
    return Stored(key, size, digest.hexdigest(), head)


def _settle(folder: Path) -> None:
    """Let the new name itself survive a power cut: the row that names it will."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
