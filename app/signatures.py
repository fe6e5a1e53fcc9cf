"""Signed texts: what stands in a link of ours and cannot be made by anybody else.

A signature holds for one purpose; it never says how long. Source: security.md, "links in one
person's mail sign in another".
"""

import hashlib

from itsdangerous import BadSignature, Signer

_key = ""


def use(key: str) -> None:
    """Sign with ``key``, the installation's secret; `create_app` calls this."""
    global _key
    _key = key


def sign(text: str, *, purpose: str) -> str:
    """``text`` with its signature, fit for a URL where ``text`` is."""
    return _signer(purpose).sign(text).decode("ascii")


def find_signed(token: str, *, purpose: str) -> str | None:
    """The text of a ``token`` that was signed for this purpose; None for any other."""
    try:
        return _signer(purpose).unsign(token.encode("utf-8", "replace")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        return None


def _signer(purpose: str) -> Signer:
    if not _key:
        raise RuntimeError("Nothing can be signed: the application is not set up.")
    return Signer(
        _key,
        salt=f"pledge.{purpose}",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
