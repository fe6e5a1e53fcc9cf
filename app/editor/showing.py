"""What the editor's page shows: the parts of a draft, what is wrong with each, who else is here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app import http
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.clocks import words
from app.database import db
from app.editor import offers
from app.languages import gettext as _
from app.negotiations import catching_up, checking, editors, outline
from app.negotiations.checking import Checked, Weight
from app.negotiations.fields import Typed
from app.negotiations.models import Draft
from app.negotiations.outline import Part
from app.people.models import Organisation, Person


@dataclass(frozen=True)
class Shown:
    """A part as the page shows it: what its fields hold, what others wrote there meanwhile
    (``clashes``), the sentences beside its fields, and ``base``, what a save is made over."""

    part: Part
    typed: Mapping[str, Typed]
    base: str
    clashes: Mapping[str, Typed] = field(default_factory=dict)
    faults: Mapping[str, Sequence[Checked]] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """What it is one of: "text", "tiers", or itself."""
        return self.part.key.partition(".")[0]

    @property
    def number(self) -> int:
        """Which section of the text it is, from 1."""
        return int(self.part.key.partition(".")[2]) + 1


def page(draft: Draft, *, at: datetime) -> dict[str, Any]:
    """All that the template of the editor needs."""
    found = checking.checked(draft, at=at)
    shown = [part(draft, one.key, found) for one in outline.parts(draft.values)]
    agreement = db.session.get(Agreement, draft.agreement_id) if draft.agreement_id else None
    base = db.session.get(AgreementVersion, draft.base_version_id or 0)
    return {
        "draft": draft,
        "title": title(draft),
        "head": draft.values.get("agreement") or {},
        "parts": {one.part.key: one for one in shown},
        "sections": [one for one in shown if one.group == "text"],
        "calendars": [one for one in shown if one.group == "calendars"],
        "tiers": [one for one in shown if one.group == "tiers"],
        "offers": offers.offers(draft),
        "agreement": agreement,
        "base_version": base,
        "newer": catching_up.newer(draft),
        "locked": locked(draft),
        "is_provider": draft.party is Party.PROVIDER,
        **standing(draft, found, at=at),
    }


def standing(draft: Draft, found: Sequence[Checked], *, at: datetime) -> dict[str, Any]:
    """What the side of the page says: findings, when it was saved, who else has it open."""
    return {
        "mistakes": [one for one in found if one.weight is Weight.MISTAKE],
        "doubts": [one for one in found if one.weight is Weight.DOUBT],
        "saved": saved(draft, at=at),
        "here": editors.here(draft, besides=http.person(), at=at),
        "draft": draft,
    }


def part(
    draft: Draft,
    key: str,
    found: Sequence[Checked],
    *,
    mine: Mapping[str, Typed] | None = None,
    clashes: Mapping[str, Typed] | None = None,
) -> Shown:
    """One part of the draft; ``mine`` is shown in its fields where a save met others' words."""
    one = outline.part(draft.values, key)
    faults: dict[str, list[Checked]] = {}
    for finding in found:
        if finding.place.part == key:
            faults.setdefault(finding.place.field, []).append(finding)
    shown = Shown(one, one.typed, json.dumps(one.typed, ensure_ascii=False), faults=faults)
    if mine is None:
        return shown
    known = {name: mine.get(name, value) for name, value in one.typed.items()}
    return replace(shown, typed=known, clashes=clashes or {})


def title(draft: Draft) -> str:
    """What the draft is called: its title, else what it is."""
    head = draft.values.get("agreement")
    found = str(head.get("title") or "") if isinstance(head, dict) else ""
    return found or _("An agreement without a title")


def saved(draft: Draft, *, at: datetime) -> str:
    """When the draft was saved last, and by whom."""
    who = db.session.get_one(Person, draft.changed_by_id)
    when = words.instant(draft.changed_at, http.zone(), at)
    return _("Saved %(when)s by %(name)s", when=when, name=who.name)


def locked(draft: Draft) -> frozenset[str]:
    """The fields of the head that this draft cannot change: whose agreement it is."""
    if draft.agreement_id is not None:
        return frozenset({"agreement.client", "agreement.zone", "agreement.key"})
    if draft.party is Party.CLIENT:
        return frozenset({"agreement.client", "agreement.key"})
    return frozenset()


def organisation(draft: Draft) -> Organisation:
    """In whose name the draft is written."""
    return db.session.get_one(Organisation, draft.organisation_id)
