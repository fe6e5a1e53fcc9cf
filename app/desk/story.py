"""The history of a ticket in words, with who did it and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from app.catalogue.words import Priority
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.tickets import distribution, kept
from app.tickets.history import Entry
from app.tickets.linking import Relation
from app.tickets.models import HistoryEntry
from app.tickets.stands import UNDONE
from app.tickets.words import Channel, Status

Facts = Mapping[str, Any]
NOT_TOLD = " not told: "
_CHANNELS = {
    Channel.PORTAL: lazy_gettext("portal"),
    Channel.MAIL: lazy_gettext("mail"),
    Channel.PHONE: lazy_gettext("phone"),
    Channel.DESK: lazy_gettext("desk"),
    Channel.API: lazy_gettext("api"),
    Channel.IMPORT: lazy_gettext("import"),
}


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    at: datetime
    words: str
    reason: str
    message_id: int | None = None


def told(entries: Iterable[HistoryEntry | Entry]) -> list[Line]:
    """The entries in words, in their order, newest first.

    Rungs in a row that nobody was told of, because of the same deed, are one line.
    """
    lines: list[Line] = []
    for cause, together in groupby(entries, key=_untold_because):
        group = list(together)
        if cause:
            said = _(
                "%(places)s not told: %(because)s",
                places=_places(group),
                because=kept.part(cause),
            )
            lines.append(Line(group[0].at, said, ""))
            continue
        lines += [line_of(one) for one in group]
    return lines


def line_of(entry: HistoryEntry | Entry) -> Line:
    """One entry in words; with the message that it tells of, where it tells of one."""
    said = entry.facts.get("message")
    return Line(
        entry.at,
        _words(entry),
        _reason(entry),
        said if isinstance(said, int) else None,
    )


def _reason(entry: HistoryEntry | Entry) -> str:
    reason = str(entry.facts.get("reason") or "")
    return _("taken back") if reason == UNDONE else kept.said(reason)


def _untold_because(entry: HistoryEntry | Entry) -> str:
    """Why a rung was told to nobody: "an answer came first"; empty for any other entry."""
    words = str(entry.facts.get("words") or "")
    return words.partition(NOT_TOLD)[2] if entry.verb == "not-told" else ""


def _places(untold: Iterable[HistoryEntry | Entry]) -> str:
    """ "75 %, 90 % of resolution; 100 % of first response", in the order in which they came."""
    points: dict[str, list[str]] = {}
    for entry in untold:
        place = str(entry.facts["words"]).partition(NOT_TOLD)[0]
        point, _of, measure = place.partition(" of ")
        points.setdefault(measure, []).insert(0, kept.part(point))
    return "; ".join(
        kept.part(f"{', '.join(each)} of {measure}") for measure, each in points.items()
    )


def _words(entry: HistoryEntry | Entry) -> str:
    who = entry.who or "Pledge"
    tell = _TOLD.get(entry.verb)
    if tell is not None:
        return tell(who, entry.facts)
    words = str(entry.facts.get("words") or "")
    return kept.said(words) if words else f"{who}: {entry.verb.replace('-', ' ')}"


def _opened(who: str, facts: Facts) -> str:
    channel = str(facts.get("channel", "import"))
    told = _("%(who)s opened it", who=who)
    if channel != "import":
        told = _("%(who)s opened it (%(channel)s)", who=who, channel=_channel(channel))
    if facts.get("follows"):
        told = _("%(told)s, following #%(other)s", told=told, other=facts["follows"])
    return _("%(told)s, written down later", told=told) if facts.get("known_at") else told


def _channel(value: str) -> str:
    return str(_CHANNELS[Channel(value)]) if value in {*Channel} else value


def _replied(who: str, facts: Facts) -> str:
    gave, answered = _("%(who)s gave a workaround", who=who), _("%(who)s answered", who=who)
    return _waiting(gave if facts.get("workaround") else answered, facts)


def _waiting(told: str, facts: Facts) -> str:
    """``told``, and that the requester's turn came with it where it did."""
    if facts.get("then") != "wait":
        return told
    return _("%(told)s; waiting for the requester", told=told)


def _acknowledged(who: str, facts: Facts) -> str:
    return _("The requester was told that %(name)s has it in hand", name=facts["who"])


def _called(who: str, facts: Facts) -> str:
    if facts.get("workaround"):
        told = _("%(who)s called and gave the requester a workaround", who=who)
    elif facts.get("outcome") == "reached":
        told = _("%(who)s called and reached the requester", who=who)
    else:
        told = _("%(who)s called and reached nobody", who=who)
    return _waiting(told, facts)


def _taken_back(who: str, facts: Facts) -> str:
    if facts.get("words"):
        return kept.said(str(facts["words"]))
    return _("%(who)s took an answer back", who=who)


def _escalated(_who: str, facts: Facts) -> str:
    return kept.said(str(facts["words"])) if "words" in facts else _("The ladder told people")


def _dropped(who: str, facts: Facts) -> str:
    return _("%(who)s gave up %(points)s: told to nobody", who=who, points=_points(facts["points"]))


def _points(kept_points: Any) -> str:
    return ", ".join(kept.part(point) for point in str(kept_points).split(", "))


def _prioritised(who: str, facts: Facts) -> str:
    after = Priority(facts["after"]).label.lower()
    if facts.get("taken_back"):
        return _("%(who)s took a change of priority back: %(name)s again", who=who, name=after)
    return _("%(who)s: %(name)s priority", who=who, name=after)


def _tagged(who: str, facts: Facts) -> str:
    return _("%(who)s put the tag “%(tag)s” on it", who=who, tag=facts["tag"])


def _untagged(who: str, facts: Facts) -> str:
    return _("%(who)s took the tag “%(tag)s” off", who=who, tag=facts["tag"])


def _linked(who: str, facts: Facts) -> str:
    relation = Relation(facts["relation"]).label.lower()
    return _("%(who)s linked it: %(how)s #%(other)s", who=who, how=relation, other=facts["other"])


def _unmerged(who: str, facts: Facts) -> str:
    return _("%(who)s took it apart from #%(into)s again", who=who, into=facts["into"])


def _unmerged_from(who: str, facts: Facts) -> str:
    return _("%(who)s took #%(source)s out of it again", who=who, source=facts["source"])


def _split(who: str, facts: Facts) -> str:
    return _("%(who)s split #%(into)s off", who=who, into=facts["into"])


def _split_off(who: str, facts: Facts) -> str:
    return _("%(who)s split it off #%(source)s", who=who, source=facts["source"])


def _unlinked(who: str, facts: Facts) -> str:
    return _("%(who)s took the link to #%(other)s away", who=who, other=facts["other"])


def _assigned(who: str, facts: Facts) -> str:
    name, team = facts.get("to"), facts.get("team") if "team_was" in facts else None
    if not name and team:
        return _("%(who)s gave it to the team %(team)s, to nobody in it", who=who, team=team)
    if not name:
        return _("%(who)s assigned it to nobody", who=who)
    told = _("%(who)s assigned it to %(name)s", who=who, name=name)
    if team:
        told = _("%(who)s assigned it to %(name)s, team %(team)s", who=who, name=name, team=team)
    if not facts.get("rule"):
        return told
    because = distribution.because(str(facts["rule"]), int(facts["of"]))
    return _("%(told)s: %(because)s", told=told, because=because)


_TOLD: Mapping[str, Callable[[str, Facts], str]] = {
    "opened": _opened,
    "replied": _replied,
    "in-hand": _acknowledged,
    "called": _called,
    "noted": lambda who, facts: _("%(who)s wrote a note", who=who),
    "requester-answered": lambda who, facts: _("%(who)s wrote", who=who),
    "taken-back": _taken_back,
    "needs-no-answer": lambda who, facts: _("%(who)s: the last message needs no answer", who=who),
    "status": lambda who, facts: _(
        "%(who)s: %(status)s", who=who, status=Status(facts["after"]).label.lower()
    ),
    "priority": _prioritised,
    "classified": lambda who, facts: _("%(who)s corrected the classification", who=who),
    "requester": lambda who, facts: _("%(who)s gave it to %(name)s", who=who, name=facts["after"]),
    "version": lambda who, facts: _(
        "%(who)s moved it to version %(n)s of its agreement", who=who, n=facts["after"]
    ),
    "assigned": _assigned,
    "disputed": lambda who, facts: _(
        "%(who)s contested a promise: dispute %(number)s", who=who, number=facts["dispute"]
    ),
    "dispute-corrected": lambda who, facts: _(
        "Both parties decided in dispute %(number)s: the promise counts in no figure",
        number=facts["dispute"],
    ),
    "unqualified": lambda who, facts: _(
        "%(who)s, though not qualified (%(lacks)s): %(reason)s",
        who=who,
        lacks=", ".join(facts["lacks"]),
        reason=facts["reason"],
    ),
    "not-given": lambda who, facts: _("Nobody of the team was free: it is given to nobody"),
    "escalated": _escalated,
    "escalation-dropped": _dropped,
    "resolved": lambda who, facts: _("%(who)s resolved it", who=who),
    "closed": lambda who, facts: _("%(who)s closed it", who=who),
    "reopened": lambda who, facts: _("%(who)s reopened it", who=who),
    "merged": lambda who, facts: _(
        "%(who)s merged it into #%(into)s", who=who, into=facts.get("into")
    ),
    "merged-in": lambda who, facts: _(
        "%(who)s merged #%(source)s into it", who=who, source=facts.get("source")
    ),
    "unmerged": _unmerged,
    "unmerged-from": _unmerged_from,
    "split": _split,
    "split-off": _split_off,
    "tagged": _tagged,
    "untagged": _untagged,
    "linked": _linked,
    "unlinked": _unlinked,
    "macro": lambda who, facts: _("%(who)s used the macro “%(name)s”", who=who, name=facts["name"]),
    "spam": lambda who, facts: _("%(who)s set it aside as spam", who=who),
    "not-spam": lambda who, facts: _("%(who)s: no spam after all", who=who),
    "agreed": lambda who, facts: _(
        "%(who)s agreed a date with %(name)s", who=who, name=facts.get("accepted_by")
    ),
    "agreed-removed": lambda who, facts: _("%(who)s removed the agreed date", who=who),
}
"""By verb; another tells its own words, or its name."""

KINDS: Mapping[str, frozenset[str]] = {
    "said": frozenset(
        {
            "opened",
            "in-hand",
            "replied",
            "called",
            "noted",
            "requester-answered",
            "taken-back",
            "resolved",
        }
        | {"needs-no-answer", "came-back", "asked-again"}
    ),
    "status": frozenset({"opened", "status", "resolved", "closed", "reopened", "spam", "not-spam"}),
    "people": frozenset(
        {"assigned", "requester", "watched", "unwatched", "copied", "left-copy", "guest-link"}
    ),
    "about": frozenset(
        {
            "priority",
            "classified",
            "version",
            "tagged",
            "untagged",
            "agreed",
            "agreed-removed",
            "macro",
        }
    ),
    "tickets": frozenset(
        {"merged", "merged-in", "unmerged", "unmerged-from", "split", "split-off"}
        | {"linked", "unlinked", "followed"}
    ),
    "ladder": frozenset({"escalated", "escalation-dropped", "not-told", "acknowledged"}),
}
"""The verbs of each kind of entry, by its word in the history's URL."""


def kinds() -> list[tuple[str, str]]:
    """The kinds of entries to narrow the history to: the word in the URL, and what it is called."""
    return [
        ("said", _("What was said")),
        ("status", _("Status")),
        ("people", _("People")),
        ("about", _("What it is about")),
        ("tickets", _("Other tickets")),
        ("ladder", _("Escalation")),
    ]
