"""The kinds of letters about one's own account, and the facts each is drawn from.

Instants are ISO 8601 with offset.
"""

from typing import TypedDict


class LinkFacts(TypedDict):
    """Kinds ``join``, ``password-reset``, ``change-address``, ``prove-request``: a link to use.

    ``seed`` makes the link's secret while the letter is sent (`rendering.secret_of`); nobody
    else learns it. It is good until the instant ``until``.
    """

    seed: str
    until: str


class NothingFacts(TypedDict):
    """Kinds ``account-exists``, ``no-account``, ``cannot-join``: what is true of the mailbox."""


class PasswordChangedFacts(TypedDict):
    """Kind ``password-changed``: to the account's owner, lest it was somebody else."""

    at: str


class AddressChangedFacts(TypedDict):
    """Kind ``address-changed``: to the old mailbox; ``address`` is the new one."""

    at: str
    name: str
    address: str


OF_ACCOUNTS = (
    "join",
    "account-exists",
    "cannot-join",
    "password-reset",
    "no-account",
    "password-changed",
    "change-address",
    "address-changed",
    "prove-request",
)
"""The kinds of letters about accounts."""
