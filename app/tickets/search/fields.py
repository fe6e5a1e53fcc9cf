"""The fields of a search: their names, what they say, and the values that they always have."""

from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from typing import Any

from app.catalogue.words import Kind, Priority
from app.languages import gettext, lazy_gettext
from app.tickets.search.terms import Atom, Mistake, Spot, Term, quoted
from app.tickets.search.times import WORDS
from app.tickets.words import Channel, Status

ME, NOBODY, NONE, OVER = "me", "nobody", "none", "over"
_ = lazy_gettext


class Takes(Enum):
    """What a field takes beside its own words."""

    WORDS = auto()
    NAMES = auto()
    TIMES = auto()
    NUMBERS = auto()


@dataclass(frozen=True)
class Field:
    """One field: ``values`` are its own words, ``example`` one way to write it.

    Who reads only what they asked for has those that are ``is_public``, with the values
    ``public_values`` where these are fewer.
    """

    name: str
    says: Any
    example: str
    values: tuple[str, ...] = ()
    takes: Takes = Takes.WORDS
    is_public: bool = False
    public_values: tuple[str, ...] = ()

    def values_for(self, *, staff: bool) -> tuple[str, ...]:
        """Its own words, as far as this reader may use them."""
        return self.values if staff or not self.public_values else self.public_values


def _hyphened(
    values: type[Status] | type[Priority] | type[Kind] | type[Channel],
) -> tuple[str, ...]:
    return tuple(value.value.replace("_", "-") for value in values)


IS = ("open", "done", "waiting", "mine", "unassigned", "unread")
HAS = ("attachment", "note", "tag", "link", "rating", "agreed-date")
SLA = ("breached", "over", "at-risk", "running", "paused", "met")
FIELDS = (
    Field(
        "is",
        _("how it stands"),
        "is:open",
        (*IS, *(status for status in _hyphened(Status) if status != "open")),
        is_public=True,
        public_values=("open", "done", "waiting"),
    ),
    Field("from", _("who asked: a name or an address"), "from:anna", (ME,), Takes.NAMES),
    Field("org", _("whose organisation"), "org:brenner", (), Takes.NAMES),
    Field("assignee", _("who looks after it"), "assignee:me", (ME, NOBODY), Takes.NAMES),
    Field("team", _("which team has it"), "team:network", (NONE,), Takes.NAMES),
    Field("tag", _("what it is tagged with"), "tag:vpn", (), Takes.NAMES),
    Field("status", _("its status"), "status:waiting-vendor", _hyphened(Status)),
    Field("priority", _("how urgent it is"), "priority:urgent,high", _hyphened(Priority)),
    Field("kind", _("what kind of request it is"), "kind:incident", _hyphened(Kind)),
    Field("service", _("which service it is about"), "service:workplace", (), Takes.NAMES),
    Field("channel", _("how it reached us"), "channel:phone", _hyphened(Channel)),
    Field("sla", _("how its promises stand"), "sla:breached", SLA),
    Field("due", _("when the next promise is due"), "due:<2h", (OVER, *WORDS), Takes.TIMES),
    Field(
        "created", _("when it was opened"), "created:2026-01..", WORDS, Takes.TIMES, is_public=True
    ),
    Field("updated", _("when it last changed"), "updated:<7d", WORDS, Takes.TIMES, is_public=True),
    Field("resolved", _("when it was resolved"), "resolved:today", WORDS, Takes.TIMES),
    Field(
        "has",
        _("what it carries"),
        "has:attachment",
        HAS,
        is_public=True,
        public_values=("attachment",),
    ),
    Field("rating", _("how its requester rated it"), "rating:<=2", (), Takes.NUMBERS),
    Field("ref", _("its number"), "ref:1042", (), Takes.NUMBERS, is_public=True),
)
ALSO = {
    "requester": "from",
    "organisation": "org",
    "organization": "org",
    "client": "org",
    "owner": "assignee",
    "state": "status",
    "prio": "priority",
    "label": "tag",
    "opened": "created",
    "promise": "sla",
}
"""Other words for them that people try."""


def known(*, staff: bool) -> tuple[Field, ...]:
    """The fields that this reader may use."""
    return tuple(field for field in FIELDS if staff or field.is_public)


def field_of(term: Term, *, staff: bool) -> Field:
    """The field that ``term`` names; raises `Mistake` where there is none for this reader."""
    named = {field.name: field for field in known(staff=staff)}
    found = named.get(ALSO.get(term.field, term.field))
    if found is not None:
        return found
    start = term.spot.start + term.is_not
    near = get_close_matches(
        term.field, [*named, *(name for name in ALSO if ALSO[name] in named)], 1
    )
    instead = ALSO.get(near[0], near[0]) if near else None
    if instead:
        said = gettext(
            "There is no field “%(typed)s”. Did you mean “%(near)s:”?",
            typed=term.field,
            near=instead,
        )
    else:
        said = gettext(
            "There is no field “%(typed)s”. To look for these words put them in quotation marks.",
            typed=term.field,
        )
    raise Mistake(said, Spot(start, start + len(term.field)), instead=instead)


def word_of(atom: Atom, values: tuple[str, ...], field: str) -> str:
    """The one of ``values`` that ``atom`` says; raises `Mistake` where it says none of them."""
    said = atom.said.strip().lower().replace("_", "-")
    if said in values:
        return said
    raise unknown(atom, field, values)


def unknown(atom: Atom, field: str, values: tuple[str, ...]) -> Mistake:
    """The mistake of a value that ``field`` never has, with the nearest that it has."""
    near = get_close_matches(atom.said.strip().lower(), values, 1)
    if near:
        said = gettext(
            "“%(field)s:” has no “%(typed)s”. Did you mean “%(near)s”?",
            field=field,
            typed=atom.said,
            near=near[0],
        )
    elif values:
        said = gettext(
            "“%(field)s:” has no “%(typed)s”. It takes %(values)s.",
            field=field,
            typed=atom.said,
            values=", ".join(values[:8]) + (" …" if len(values) > 8 else ""),
        )
    else:
        said = gettext("“%(field)s:” has no “%(typed)s”.", field=field, typed=atom.said)
    return Mistake(said, atom.spot, instead=quoted(near[0]) if near else None)
