"""What the checker found, and how it is told: five sets, counts and lag."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SETS = ("lost", "ghost", "twice", "early", "unexplained")


@dataclass
class Verdict:
    """What the checker found: the five sets as sentences, counts and lag in seconds."""

    expected: int = 0
    fired: int = 0
    not_told: int = 0
    covered: int = 0
    again: int = 0
    letters: int = 0
    copies: int = 0
    parked: int = 0
    unknown: int = 0
    lag: list[int] = field(default_factory=list)
    mail_lag: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    ghost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.findings()

    def findings(self) -> list[str]:
        """Every sentence of the five sets, each with the name of its set."""
        return [f"{name}: {words}" for name in SETS for words in getattr(self, name)]

    def line(self) -> str:
        """The last line of a soak run."""
        return _line(self.expected, self.fired, [len(getattr(self, name)) for name in SETS])

    def table(self, title: str) -> str:
        """Counts and lag, a line each, and the first findings of every set."""
        rows = [
            ("rungs expected", self.expected),
            ("rungs fired", self.fired),
            ("of these again", self.again),
            ("not told: a verb came first", self.not_told),
            ("covered by a change", self.covered),
            ("verbs of unknown outcome", self.unknown),
            ("letters taken", self.letters),
            ("copies, each explained", self.copies),
            ("letters parked, refused", self.parked),
            ("lag of a rung, s: p50 p99 max", _spread(self.lag)),
            ("lag of a letter, s: p50 p99 max", _spread(self.mail_lag)),
            *((name, len(getattr(self, name))) for name in SETS),
        ]
        lines = [f"{title}", *(f"  {name:34} {value}" for name, value in rows)]
        for name in SETS:
            lines += [f"  {name}: {words}" for words in getattr(self, name)[:20]]
        return "\n".join(lines)


def sum_line(verdicts: Iterable[Verdict]) -> str:
    """One line over several runs."""
    all_ = list(verdicts)
    counts = [sum(len(getattr(one, name)) for one in all_) for name in SETS]
    return _line(sum(one.expected for one in all_), sum(one.fired for one in all_), counts)


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    rising = sorted(values)
    picked = [rising[len(rising) // 2], rising[min(len(rising) - 1, len(rising) * 99 // 100)]]
    return " ".join(f"{value:.4g}" for value in [*picked, rising[-1]])


def _line(expected: int, fired: int, counts: Sequence[int]) -> str:
    words = " ".join(f"{name}={count}" for name, count in zip(SETS, counts, strict=True))
    return f"checker: expected={expected} fired={fired} {words}"
