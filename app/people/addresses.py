"""What a mail address and a name may look like, so that neither can break a header.

Source: security.md, "header and recipient injection by names with CR/LF" and "phishing by
display name": mail programs turn what looks like a link into one.
"""

import re
import unicodedata

from app.errors import Refusal
from app.languages import gettext as _

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LIKE_A_LINK = re.compile(r"://|www\.|[<>@]", re.IGNORECASE)
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def normalised(address: str) -> str:
    """``address`` in lower case with an ASCII domain; `Refusal` when it is no mail address."""
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    fits = len(local) <= 64 and len(domain) <= 189
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Refusal(
            _("That is no mail address; it looks like name@company.example."), field="address"
        )
    return f"{local}@{domain}"


def domain_of(address: str) -> str:
    """The part after the last @, in lower case."""
    return address.rpartition("@")[2].lower()


def plain_name(name: str) -> str:
    """``name`` with single spaces; `Refusal` for an empty, endless or hidden-character one."""
    if any(unicodedata.category(letter) in _HIDDEN for letter in name):
        raise Refusal(_("A name is one line of letters, without control characters."), field="name")
    if _LIKE_A_LINK.search(name):
        raise Refusal(_("A name holds no link and no address."), field="name")
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 120:
        raise Refusal(_("A name has between 1 and 120 letters."), field="name")
    return tidy
