"""The history of an agreement in sentences: who did what, for which party, in which version.

Each part of the product adds its verbs to `SENTENCES`; `%(name)s` are facts of the event, and
`who`, `party` and `version` are always there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agreements.history import Entry
from app.agreements.words import Party
from app.languages import gettext as _
from app.languages import lazy_gettext

SENTENCES = {
    "loaded": lazy_gettext("%(who)s loaded version %(version)s from a file."),
    "proposed": lazy_gettext("%(who)s proposed version %(version)s."),
    "signed": lazy_gettext("%(who)s signed version %(version)s."),
    "dispute-raised": lazy_gettext("%(who)s raised dispute %(dispute)s about %(ticket)s."),
    "dispute-voted": lazy_gettext("%(who)s decided in dispute %(dispute)s for their side."),
    "dispute-decider": lazy_gettext("%(name)s decides in dispute %(dispute)s from now on."),
    "dispute-corrected": lazy_gettext(
        "Both sides decided in dispute %(dispute)s: it is corrected."
    ),
    "dispute-stands": lazy_gettext("Both sides decided in dispute %(dispute)s: it stands."),
    "dispute-withdrawn": lazy_gettext("%(who)s gave dispute %(dispute)s up."),
    "in_force": lazy_gettext("Version %(version)s came into force."),
}
REASONS = ("reason", "because")
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
    facts = {key: str(value) for key, value in event.facts.items()}
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


def _sentence(verb: str, facts: Mapping[str, str]) -> str:
    said = SENTENCES.get(verb)
    if said is not None:
        try:
            return str(said) % facts
        except KeyError:
            pass
    return _("%(who)s: %(verb)s.", who=facts["who"], verb=verb.replace("_", " "))
