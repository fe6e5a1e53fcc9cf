"""Passwords: what is accepted, how it is hashed and checked.

argon2id by way of pwdlib. Source: security.md, "Sign-in".
"""

import re
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Refusal
from app.languages import gettext as _

SHORTEST, LONGEST = 12, 1024
GUESSED, SAFE = 72, 3
"""Characters that are judged (more cost time and add nothing), and the least score of 0 to 4."""


def check_strength(password: str, *, words: tuple[str, ...] = ()) -> None:
    """`Refusal` for a password that is short, endless, or soon guessed.

    zxcvbn knows common passwords, names, dates and rows of keys; ``words`` are the person's
    own, such as name and address, which an attacker tries first.
    """
    from zxcvbn import zxcvbn  # its dictionaries are 12 MB that few requests need

    if len(password) < SHORTEST:
        raise Refusal(_("A password has at least %(n)s characters.", n=SHORTEST), field="password")
    if len(password) > LONGEST:
        raise Refusal(_("A password has at most %(n)s characters.", n=LONGEST), field="password")
    if password.lower() in {word.lower() for word in words}:
        raise Refusal(_("A password is neither your name nor your address."), field="password")
    own = [part for word in words for part in re.split(r"[^\w]+", word.lower()) if part]
    if zxcvbn(password[:GUESSED], user_inputs=own)["score"] < SAFE:
        raise Refusal(
            _(
                "This password would soon be guessed. Four or five words that do not belong "
                "together make a good one."
            ),
            field="password",
        )


def hashed(password: str, *, cheap: bool) -> str:
    """``password`` as an argon2id hash; ``cheap`` costs a millisecond, for tests only."""
    return _hasher(cheap).hash(password)


def matches(password: str, password_hash: str | None, *, cheap: bool) -> bool:
    """Whether ``password`` belongs to the hash; without one it takes as long and is False."""
    if len(password) > LONGEST:
        password = ""
    expected = password_hash or _nobodys_hash(cheap)
    return _hasher(cheap).verify(password, expected) and password_hash is not None


@cache
def _hasher(cheap: bool) -> PasswordHash:
    if cheap:
        return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys_hash(cheap: bool) -> str:
    return hashed("nobody has this password", cheap=cheap)
