"""A version laid out to be read: its clauses, and beside them what they bring about.

A table or picture stands in the section whose clause it rests on; what rests on none stands
after the text. Pure but for what is passed in. Source: look.md, "Agreement".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from app.agreements.parts import Document, ServicePart
from app.languages import gettext as _
from app.languages import listed
from app.papers import conditions, grids, hours, staircase


@dataclass(frozen=True)
class Figure:
    """Something to look at: `kind` says which template part draws `of`, in `_figures.html`."""

    kind: str
    title: str
    of: Any


@dataclass(frozen=True)
class Clause:
    """A numbered clause; `text` is Markdown."""

    number: str
    text: str


@dataclass
class Section:
    """A numbered section with its clauses and what belongs to it; an annex has a letter."""

    number: str
    title: str
    clauses: tuple[Clause, ...] = ()
    figures: list[Figure] = field(default_factory=list)
    letter: str = ""

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"section-{self.number}" if self.number else f"annex-{self.letter}"


@dataclass(frozen=True)
class Paper:
    """A whole version to be read."""

    document: Document
    sections: tuple[Section, ...]


def lay_out(
    document: Document, *, services: Sequence[ServicePart] = (), before: Document | None = None
) -> Paper:
    """The version as a page shows it.

    ``services`` are those of the catalogue that the file only names, ``before`` the version
    whose targets this one changed, if that is to be seen.
    """
    sections = [
        Section(
            section["number"],
            section["title"],
            tuple(Clause(one["number"], _unbroken(one["text"])) for one in section["clauses"]),
        )
        for section in document.text
    ]
    quoted = {part.key: part for part in (*services, *document.services)}
    names = {key: part.name for key, part in quoted.items()}
    for figure, clauses, words in _figures(document, list(quoted.values()), names, before):
        home = next((found for one in clauses if (found := _section_of(sections, one))), None)
        home = home or _section_called(sections, words)
        if home is None:
            letter = ascii_uppercase[len(sections) - len(document.text)]
            home = Section("", figure.title, letter=letter)
            sections.append(home)
        home.figures.append(figure)
    return Paper(document, tuple(sections))


def _unbroken(text: str) -> str:
    """The words with what no line should break: "10 %", "§ 4.2"."""
    return text.replace(" %", "\N{NARROW NO-BREAK SPACE}%").replace("§ ", "§\N{NO-BREAK SPACE}")


def _figures(
    document: Document,
    services: Sequence[ServicePart],
    names: Mapping[str, str],
    before: Document | None,
) -> Iterator[tuple[Figure, Sequence[str], Sequence[str]]]:
    """Every figure with the clauses it rests on and the words of a title that would hold it."""
    by_key = hours.by_key(document.calendars)
    if services:
        of = {"parts": services, "is_quoted": bool(document.services)}
        yield Figure("services", _("Services"), of), (), ("service", "scope")
    yield Figure("hours", _("Hours"), list(by_key.values())), (), ("hours", "channel")
    tables = grids.grids(document, by_key, services=names, before=before)
    cited = [clause for grid in tables for clause in grid.clauses]
    figure = {"grids": tables, "promises": grids.promises(document, by_key)}
    yield Figure("targets", _("Targets"), figure), cited, ("target",)
    rules = _rules(document)
    yield Figure("rules", _("How the clocks run"), rules), (), ("pause", "measurement", "reopen")
    if len(document.coverage) > 1 or len(document.tiers) > 1:
        covered = conditions.coverage(document, names)
        yield (
            Figure("coverage", _("Who is under which tier"), covered),
            (),
            ("cover", "scope", "target"),
        )
    ladders = staircase.staircases(document)
    if ladders:
        yield Figure("ladders", _("Escalation"), ladders), (), ("escalation", "ladder")
    yield from _conditions(document, names)


def _conditions(
    document: Document, names: Mapping[str, str]
) -> Iterator[tuple[Figure, Sequence[str], Sequence[str]]]:
    for kind, title, facts in (
        ("objectives", _("Objectives"), conditions.objectives(document, names)),
        ("credits", _("Credits"), conditions.credits(document, names)),
        ("review", _("Reviews"), conditions.review(document.review)),
        ("term", _("Term and notice"), conditions.term(document)),
    ):
        if facts:
            clauses = [fact.clause for fact in facts if fact.clause]
            yield Figure("facts", title, facts), clauses, (kind,)
    if document.contacts:
        people = conditions.contacts(document.contacts)
        yield Figure("contacts", _("Contacts"), people), (), ("contact",)


def _rules(document: Document) -> list[tuple[str, Sequence[conditions.Fact]]]:
    """The rules of the clocks, tiers with the same ones told together."""
    found: dict[tuple[conditions.Fact, ...], list[str]] = {}
    for tier in document.tiers:
        found.setdefault(tuple(conditions.rules(tier)), []).append(tier.name)
    return [("" if len(found) == 1 else listed(names), facts) for facts, names in found.items()]


def _section_of(sections: Sequence[Section], clause: str) -> Section | None:
    return next(
        (one for one in sections if any(clause == each.number for each in one.clauses)), None
    )


def _section_called(sections: Sequence[Section], words: Sequence[str]) -> Section | None:
    """The first section whose title has one of these words; annexes have none to offer."""
    for word in words:
        for section in sections:
            if section.number and word in section.title.casefold():
                return section
    return None
