"""How well the colours of `tokens.css` stand out from each other, computed from the file. Pure.

Source: WCAG 2.2, "contrast ratio" and "relative luminance"; look.md, "Colour roles".
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
BLOCKS = {"light": '[data-theme="light"] {', "dark": '[data-theme="dark"] {'}
TEXT, MARK = 4.5, 3.0
"""What text needs on its ground, and what marks, borders of controls and focus need."""

_ON = {
    TEXT: {
        "canvas": "ink ink-2 ink-3 link outside-text",
        "surface": "ink ink-2 ink-3 link breach-text met-text risk-text paused-text outside-text",
        "sunken": "ink ink-2 ink-3 link",
        "row-selected": "ink ink-2 ink-3 link outside-text",
        "accent": "on-accent",
        "accent-hover": "on-accent",
        "accent-soft": "accent-text link ink ink-2",
        "met-tint": "met-text",
        "running-tint": "running-text",
        "risk-tint": "risk-text",
        "breach": "on-breach",
        "breach-tint": "breach-text ink",
        "paused-tint": "paused-text",
        "note": "note-text ink ink-2",
        "ins": "ink",
        "del": "ink",
        "inverse": "on-inverse on-inverse-2",
    },
    MARK: {
        "surface": "control-line focus accent breach met-mark risk-mark breach-mark running-mark "
        "paused-mark outside-mark",
        "canvas": "control-line focus breach met-mark risk-mark running-mark",
        "sunken": "control-line focus",
        "row-selected": "focus",
        "note": "focus note-mark",
    },
}


@dataclass(frozen=True)
class Pair:
    """A colour on another, what it needs, and what it has in both themes."""

    colour: str
    ground: str
    needs: float
    light: float
    dark: float

    @property
    def holds(self) -> bool:
        """Whether it stands out enough in both themes."""
        return min(self.light, self.dark) >= self.needs


def pairs() -> list[Pair]:
    """Every pair that the pages put on each other."""
    light, dark = colours("light"), colours("dark")
    return [
        Pair(name, ground, needs, _of(light, name, ground), _of(dark, name, ground))
        for needs, grounds in _ON.items()
        for ground, names in grounds.items()
        for name in names.split()
    ]


@cache
def colours(theme: str) -> dict[str, str]:
    """The colours of a theme by role: ``{"ink": "#1d1a26"}``."""
    block = TOKENS.read_text("utf-8").split(BLOCKS[theme], 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def ratio(first: str, second: str) -> float:
    """The contrast of two colours, from 1 to 21; each as ``#rrggbb``."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _of(theme: dict[str, str], colour: str, ground: str) -> float:
    return ratio(theme[colour], theme[ground])


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
