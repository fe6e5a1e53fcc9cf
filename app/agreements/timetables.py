"""What a stored version says of its term, its reviews and its contacts, with its clauses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agreements import conditions
from app.agreements.deadlines import NO_TERM, Span
from app.agreements.models import AgreementVersion
from app.agreements.parts import ContactPart, ReviewPart, TermPart
from app.agreements.reading import Table
from app.agreements.words import Party


@dataclass(frozen=True)
class Timetable:
    """What a version asks of its parties over time; ``clauses`` are its text by number."""

    version: AgreementVersion
    term: TermPart
    review: ReviewPart | None
    contacts: tuple[ContactPart, ...]
    termination_clause: str
    clauses: Mapping[str, str]

    @property
    def span(self) -> Span:
        """Its days, and what follows them."""
        return Span(self.version.effective_from, self.version.effective_until, self.term)

    def quoted(self, number: str) -> str:
        """The words of a clause; empty for none of that number."""
        return self.clauses.get(number, "")

    def contacts_for(self, party: Party, roles: Sequence[str]) -> list[ContactPart]:
        """The contacts of a party for the first of ``roles`` that it names anybody for."""
        for role in roles:
            found = [one for one in self.contacts if one.party == party and one.role == role]
            if found:
                return found
        return []


def of(version: AgreementVersion) -> Timetable:
    """The timetable of a stored version."""
    clauses = {
        clause["number"]: clause["text"]
        for section in version.text
        for clause in section["clauses"]
    }
    root = Table(version.source, "", [])
    contacts = conditions.contacts(root, has_client=True)
    term = conditions.term(root, clauses, has_end=version.effective_until is not None)
    return Timetable(
        version=version,
        term=term or NO_TERM,
        review=conditions.review(root, clauses, {one.role for one in contacts}),
        contacts=contacts,
        termination_clause=root.table("agreement").text("termination_clause"),
        clauses=clauses,
    )
