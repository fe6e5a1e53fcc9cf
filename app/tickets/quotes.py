"""What a message quotes of earlier ones: found so that it can be folded, never taken away. Pure.

Mail programs quote with ``>``, with a line that says who wrote, or with the head of the quoted
mail. A short quote between two answers is what they answer to: it stays open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHORT = 3
"""Quoted lines that stay open where something follows them."""
_WROTE = re.compile(
    r"^\s*(?:on|am|le|el|den|op|il)\b.{3,200}\b"
    r"(?:wrote|schrieb|a écrit|escribió|skrev|schreef|scritto)\b.{0,120}:\s*$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:wrote|schrieb)\s+([^<:]{2,60}?)\s*(?:<[^>]*>)?\s*:\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"([^,;:<>]{2,60}?)\s*(?:<[^>]*>)?\s*(?:wrote|skrev)\s*:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|"
    r"forwarded message|weitergeleitete nachricht|message d'origine)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{8,}\s*$")
_FROM = re.compile(r"^\s*\**(?:from|von|de|fra)\s*:\**\s+(\S.{0,200})$", re.IGNORECASE)
_HEAD = re.compile(
    r"^\s*\**(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|objet|til|emne)\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a message as it stands there; ``lines`` and ``whom`` are those of a quote.

    ``lines`` is 0 for what the writer wrote; ``whom`` is empty where nobody is named.
    """

    text: str
    lines: int = 0
    whom: str = ""

    @property
    def is_quote(self) -> bool:
        """Whether it is folded."""
        return self.lines > 0


def parts(body: str) -> Sequence[Part]:
    """The message in stretches, in its order; put together again they are the whole of it.

    A message that is nothing but a quote is not folded: there would be nothing to read.
    """
    lines = body.replace("\r\n", "\n").split("\n")
    found: list[Part] = []
    own: list[str] = []
    place = 0
    while place < len(lines):
        end = _end_of_quote(lines, place)
        if end is None:
            own.append(lines[place])
            place += 1
            continue
        _keep(found, own)
        quoted = lines[place:end]
        found.append(Part("\n".join(quoted), len(_said(quoted)), _whom(quoted)))
        own, place = [], end
    _keep(found, own)
    if not any(not part.is_quote and part.text.strip() for part in found):
        return (Part(body),)
    return tuple(found)


def _keep(found: list[Part], own: Sequence[str]) -> None:
    if any(line.strip() for line in own):
        found.append(Part("\n".join(own)))


def _end_of_quote(lines: Sequence[str], place: int) -> int | None:
    """Where the quote that begins at ``place`` ends; None where none begins to be folded."""
    if _ORIGINAL.match(lines[place]) or _is_head(lines, place):
        return len(lines)
    begins = place
    if _WROTE.match(lines[place]):
        begins = place + 1
        while begins < len(lines) and not lines[begins].strip():
            begins += 1
    end = begins
    while end < len(lines) and _is_quoted(lines, end):
        end += 1
    if end == begins:
        return None
    is_last = not any(line.strip() for line in lines[end:])
    is_long = len(_said(lines[place:end])) > SHORT
    return end if is_last or is_long else None


def _is_quoted(lines: Sequence[str], place: int) -> bool:
    """Whether the line is quoted; an empty one between two that are is, too."""
    if lines[place].lstrip().startswith(">"):
        return True
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return not lines[place].strip() and following.lstrip().startswith(">")


def _is_head(lines: Sequence[str], place: int) -> bool:
    """Whether the head of a quoted mail begins here: From, and Sent or To right beneath."""
    if _RULE.match(lines[place]):
        place += 1
    if place >= len(lines) or not _FROM.match(lines[place]):
        return False
    return any(_HEAD.match(line) for line in lines[place + 1 : place + 3])


def _said(quoted: Sequence[str]) -> list[str]:
    return [line for line in quoted if line.strip(" >\t")]


def _whom(quoted: Sequence[str]) -> str:
    """Who is quoted, where the line above or the head of the mail says so."""
    for line in quoted[:4]:
        if found := _FROM.match(line) or _NAMED.search(line) or _BEFORE.search(line):
            return found[1].partition("<")[0].strip(" \"'*>") or ""
    return ""
