"""Passwords: what is accepted, how it is hashed and checked.

argon2id by way of pwdlib. Source: security.md, "Sign-in".
"""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Refusal

SHORTEST, LONGEST = 12, 1024
COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456123456",
        "123123123123",
        "111111111111",
        "000000000000",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "abcd12345678",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyqwerty",
        "qwerty123456",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "passwordpassword",
        "password1234",
        "password12345",
        "password123456",
        "iloveyou1234",
        "letmeinletmein",
        "adminadminadmin",
        "administrator",
        "administrator1",
        "welcome12345",
        "welcome123456",
        "changemechangeme",
        "changeme1234",
        "trustno1trustno1",
        "sunshine1234",
        "football1234",
        "baseball1234",
        "superman1234",
        "dragondragon",
        "monkeymonkey",
    }
)


def check_strength(password: str, *, words: tuple[str, ...] = ()) -> None:
    """`Refusal` for a password that is short, endless, common, or one of ``words``."""
    if len(password) < SHORTEST:
        raise Refusal(f"A password has at least {SHORTEST} characters.", field="password")
    if len(password) > LONGEST:
        raise Refusal(f"A password has at most {LONGEST} characters.", field="password")
    if password.lower() in COMMON or len(set(password)) < 3:
        raise Refusal("This password is among the first that are tried.", field="password")
    if password.lower() in {word.lower() for word in words}:
        raise Refusal("A password is neither your name nor your address.", field="password")


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
