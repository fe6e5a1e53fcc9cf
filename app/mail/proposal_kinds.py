"""The kinds of letters about proposals of agreements, and the facts each is drawn from.

Days are ISO dates, instants ISO 8601 with offset. They go to who writes or signs for a party,
and what came into force to everybody whom it concerns.
"""

from typing import NotRequired, TypedDict


class VersionFacts(TypedDict):
    """What every such letter says: the agreement's title and key, the version and its day.

    ``reads`` is false for those whom it concerns and who may not open the agreement, as agents.
    """

    agreement: str
    key: str
    number: int
    effective_on: str
    reads: NotRequired[bool]


class AgreementProposedFacts(VersionFacts):
    """Kind ``agreement-proposed``: by a person of an organisation, perhaps `instead_of` another.

    ``voids``: the one that it takes the place of was signed already; ``is_first``: nothing is
    signed of the agreement yet.
    """

    by: str
    organisation: str
    reason: str
    is_first: bool
    instead_of: int | None
    voids: bool


class AgreementCommentedFacts(VersionFacts):
    """Kind ``agreement-commented``: ``clause`` is a number, empty for the whole."""

    by: str
    clause: str
    body: str


class SignatureFacts(TypedDict):
    """A name under a version."""

    name: str
    organisation: str
    at: str


class CopyFacts(TypedDict):
    """A text that goes along as a file, byte for byte."""

    name: str
    text: str


class AgreementSignedFacts(VersionFacts):
    """Kind ``agreement-signed``: the digest, and what it is the SHA-256 of as a file."""

    by: str
    organisation: str
    digest: str
    is_bound: bool
    signatures: list[SignatureFacts]
    enclosed: CopyFacts


class AgreementGivenUpFacts(VersionFacts):
    """Kind ``agreement-given-up``: rejected by the other party, or withdrawn by its own."""

    by: str
    organisation: str
    is_rejected: bool
    reason: str


class AgreementInForceFacts(VersionFacts):
    """Kind ``agreement-in-force``: ``check_on`` is when before and after are compared."""

    reason: str
    is_first: bool
    check_on: str | None


class AgreementCheckFacts(VersionFacts):
    """Kind ``agreement-check``: that day has come; ``reason`` is why the change was made."""

    reason: str


class AgreementStepFacts(VersionFacts):
    """Kind ``agreement-step``: a step of the plan is due and the reader's."""

    what: str
    due_on: str
    step: NotRequired[int]


OF_PROPOSALS = (
    "agreement-proposed",
    "agreement-commented",
    "agreement-signed",
    "agreement-given-up",
    "agreement-in-force",
    "agreement-check",
    "agreement-step",
)
