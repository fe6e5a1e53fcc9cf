"""What a file is called: made harmless once, before anything looks at it.

Source: security.md, "uploads" (FreeScout CVE-2026-28289: a zero-width letter passed the check and
was taken out afterwards).
"""

import re
import unicodedata

MAX_NAME = 120
NAMELESS = "file"
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = frozenset('/\\:*?"<>|')


def canonical(name: str) -> str:
    """``name`` as it is kept and shown: one line, no path, no hidden letters, at most 120 long.

    Wide and narrow forms of letters become the plain ones first, so that no slash or dot hides
    in them; the end that tells the kind survives shortening. A canonical name stays as it is.
    """
    plain = unicodedata.normalize("NFKC", name)
    plain = plain.replace("\\", "/").rpartition("/")[2]
    shown = (letter for letter in plain if unicodedata.category(letter) not in _DROPPED)
    kept = "".join("_" if letter in _FORBIDDEN else letter for letter in shown)
    tidy = unicodedata.normalize("NFKC", " ".join(kept.split())).strip(" .")
    return _shortened(tidy) or NAMELESS


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    found = SUFFIX.search(name)
    suffix = found.group() if found else ""
    return name[: MAX_NAME - len(suffix)].rstrip(" .") + suffix
