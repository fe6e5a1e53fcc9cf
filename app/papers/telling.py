"""The history of an agreement in sentences: who did what, for which party, in which version.

Each part of the product adds its verbs to `SENTENCES`; `%(name)s` are facts of the event, and
`who`, `party` and `version` are always there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agreements import days
from app.agreements.history import Entry
from app.agreements.words import Party
from app.languages import gettext as _
from app.languages import lazy_gettext

SENTENCES = {
    "loaded": lazy_gettext("%(who)s loaded version %(version)s from a file."),
    "proposed": lazy_gettext("%(who)s proposed version %(version)s."),
    "signed": lazy_gettext("%(who)s signed version %(version)s."),
    "countered": lazy_gettext(
        "%(who)s proposed version %(version)s in place of version %(instead_of)s."
    ),
    "rejected": lazy_gettext("%(who)s rejected version %(version)s."),
    "withdrawn": lazy_gettext("%(who)s withdrew version %(version)s."),
    "superseded": lazy_gettext(
        "Version %(version)s is withdrawn: version %(instead)s, signed by both, was loaded from a"
        " file."
    ),
    "commented": lazy_gettext("%(who)s commented on version %(version)s."),
    "bound": lazy_gettext("Version %(version)s is signed by both and binding."),
    "in-force": lazy_gettext("Version %(version)s came into force; %(told)s people were told."),
    "check-due": lazy_gettext("The day came to check what version %(version)s did."),
    "checked": lazy_gettext("%(who)s wrote down what came of version %(version)s."),
    "step-due": lazy_gettext("A step of the plan for version %(version)s is due: %(what)s."),
    "step-done": lazy_gettext("%(who)s has done a step of the plan: %(what)s."),
    "step-open": lazy_gettext("%(who)s took back that a step of the plan is done: %(what)s."),
    "hours-exception": lazy_gettext(
        "%(who)s set other hours for %(calendar)s on %(on)s, as § %(clause)s allows."
    ),
    "moved": lazy_gettext("%(who)s moved %(count)s open tickets to version %(version)s."),
    "dispute-raised": lazy_gettext("%(who)s raised dispute %(dispute)s about %(ticket)s."),
    "dispute-voted": lazy_gettext("%(who)s decided in dispute %(dispute)s for their side."),
    "dispute-decider": lazy_gettext("%(name)s decides in dispute %(dispute)s from now on."),
    "dispute-corrected": lazy_gettext(
        "Both sides decided in dispute %(dispute)s: it is corrected."
    ),
    "dispute-stands": lazy_gettext("Both sides decided in dispute %(dispute)s: it stands."),
    "dispute-withdrawn": lazy_gettext("%(who)s gave dispute %(dispute)s up."),
    "signed_on_file": lazy_gettext(
        "%(name)s signed version %(version)s on %(on)s, as its file says."
    ),
    "in_force": lazy_gettext("Version %(version)s came into force."),
    "renewed": lazy_gettext("It renewed itself until %(last_on)s, as version %(version)s."),
    "terminated": lazy_gettext("%(who)s ended it with %(effective_on)s, by § %(clause)s."),
    "termination_withdrawn": lazy_gettext("%(who)s took the termination back."),
    "ended": lazy_gettext("It ended with %(on)s."),
    "reminded_notice": lazy_gettext("Both parties were reminded: notice until %(on)s."),
    "reminded_end": lazy_gettext("Both parties were reminded: it ends with %(on)s."),
    "reminded_review": lazy_gettext("Both parties were reminded of the review of %(on)s."),
    "reminded_meeting": lazy_gettext("Both parties were reminded of the meeting on %(on)s."),
    "reminded_overdue": lazy_gettext(
        "Both parties were reminded: the review of %(on)s has not been held."
    ),
    "review_arranged": lazy_gettext("%(who)s arranged the review of %(due_on)s."),
    "review_held": lazy_gettext("%(who)s closed the minutes of the review of %(held_on)s."),
    "task_done": lazy_gettext("%(who)s said that it is done: %(what)s."),
    "acknowledged": lazy_gettext("%(who)s acknowledged a letter."),
    "passed_on": lazy_gettext("%(name)s was not reached as %(role)s; next: %(next)s."),
}
REASONS = ("reason", "because", "result")
"""Facts that are somebody's words, shown behind the sentence as such."""


@dataclass(frozen=True)
class Line:
    """One event in words; `said` are somebody's own words, `digest` what was signed."""

    at: datetime
    sentence: str
    party: str
    said: str
    digest: str
    number: int | None


def line(entry: Entry, names: Mapping[Party, str]) -> Line:
    """The event as the page shows it; an unknown verb is told by its name."""
    event = entry.event
    facts = {key: _fact(key, value) for key, value in event.facts.items()}
    who = entry.by.name if entry.by else "Pledge"
    known = {"who": who, "version": str(entry.number or ""), **facts}
    return Line(
        at=event.at,
        sentence=_sentence(event.verb, known),
        party=names.get(event.party, "") if event.party else "",
        said=next((facts[key] for key in REASONS if facts.get(key)), ""),
        digest=facts.get("digest", ""),
        number=entry.number,
    )


def _fact(key: str, value: object) -> str:
    """A fact in words; days are written as days."""
    is_day = key == "on" or key.endswith("_on")
    return days.in_words(value) if is_day and isinstance(value, str) and value else str(value)


def _sentence(verb: str, facts: Mapping[str, str]) -> str:
    said = SENTENCES.get(verb)
    if said is not None:
        try:
            return str(said) % facts
        except KeyError:
            pass
    return _("%(who)s: %(verb)s.", who=facts["who"], verb=verb.replace("_", " "))
