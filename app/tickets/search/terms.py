"""What stands in a line that was searched for, with the spots where it stands. Pure."""

import re
from dataclasses import dataclass

from app.errors import Refusal

_PLAIN = re.compile(r"((?!\.\.)[^\s\",“„«<>])+")
"""A value that is read as one word (`grammar`), without quotation marks."""


@dataclass(frozen=True, slots=True)
class Spot:
    """From where to where in the line: ``[start, end)``, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Atom:
    """A word, or the words between quotation marks."""

    said: str
    spot: Spot
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these values: ``is:open,waiting``."""

    atoms: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Less or more than a value: ``due:<2h``; ``sign`` is one of ``< <= > >=``."""

    sign: str
    atom: Atom


@dataclass(frozen=True, slots=True)
class Range:
    """From one value to another, both included, either left out: ``created:2026-01..``."""

    first: Atom | None
    last: Atom | None


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must hold, or (``is_not``) must not: a field's value, else words."""

    value: Either | Compared | Range
    spot: Spot
    field: str = ""
    is_not: bool = False

    @property
    def words(self) -> Atom:
        """The words, where it has no field."""
        assert isinstance(self.value, Either)
        return self.value.atoms[0]


class Mistake(Refusal):
    """The line cannot be understood; ``spot`` is where, ``instead`` what could stand there."""

    def __init__(self, sentence: str, spot: Spot, *, instead: str | None = None) -> None:
        super().__init__(sentence, field="q")
        self.spot = spot
        self.instead = instead

    def mended(self, line: str) -> str | None:
        """``line`` with what could stand there; None where nothing is near."""
        if self.instead is None:
            return None
        return line[: self.spot.start] + self.instead + line[self.spot.end :]


def quoted(said: str) -> str:
    """``said`` as it is written for a value: in quotation marks where it needs them."""
    bare = said.replace('"', "")
    return bare if _PLAIN.fullmatch(bare) else f'"{bare}"'
