"""What rows keep in English, as the reader says it: why a ticket is here, lines of its history.

Such sentences are kept as they were said first. Who reads another language reads them in it;
what has no words here, above all what people wrote, stays as it is.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from app.catalogue.words import Kind, Priority
from app.clocks import words
from app.languages import lazy_gettext, speaking, spoken
from app.tickets.words import Status

_MOST = 4096
"""Sentences that are kept as they are said, in all languages together."""
_WHOLE = (
    lazy_gettext("Acknowledged by %(name)s"),
    lazy_gettext("Acknowledged"),
    lazy_gettext("An answer was taken back"),
    lazy_gettext("Answered"),
    lazy_gettext("Apart from %(ref)s again"),
    lazy_gettext("Assigned to %(name)s"),
    lazy_gettext("Assigned to %(name)s: %(because)s"),
    lazy_gettext("Called, not reached"),
    lazy_gettext("Closed"),
    lazy_gettext("Follows %(ref)s"),
    lazy_gettext("Given a workaround"),
    lazy_gettext("Ladder at %(place)s; %(name)s told"),
    lazy_gettext("Ladder at %(place)s passed on; %(name)s told"),
    lazy_gettext("Macro: %(name)s"),
    lazy_gettext("Merged into %(ref)s"),
    lazy_gettext("Merged"),
    lazy_gettext("Needs no answer"),
    lazy_gettext("New, unassigned"),
    lazy_gettext("No answer from the requester"),
    lazy_gettext("No spam after all"),
    lazy_gettext("On hold"),
    lazy_gettext("Over; %(name)s told"),
    lazy_gettext("Reopened by %(name)s"),
    lazy_gettext("Reopened"),
    lazy_gettext("Requester answered"),
    lazy_gettext("Resolved"),
    lazy_gettext("Spam"),
    lazy_gettext("Split off %(ref)s"),
    lazy_gettext("Spoken with the requester"),
    lazy_gettext("Taken by %(name)s"),
    lazy_gettext("Taken up again"),
    lazy_gettext("The answer came back"),
    lazy_gettext("Unassigned"),
    lazy_gettext("Waiting for a supplier"),
    lazy_gettext("Waiting for the requester"),
    lazy_gettext("We wrote first"),
    lazy_gettext("Withdrawn by the requester"),
    lazy_gettext("%(name)s is on it"),
    lazy_gettext("%(ref)s was merged into it"),
    lazy_gettext("A letter asked the requester to answer"),
    lazy_gettext("Agreed date: told %(people)s"),
    lazy_gettext("Ladder %(place)s covered: a later reminder was due, too"),
    lazy_gettext("Ladder %(place)s: %(because)s"),
    lazy_gettext("Ladder %(place)s: told %(people)s"),
    lazy_gettext("Not resolved for want of an answer: the requester has had no answer either"),
    lazy_gettext("Plan “%(name)s” started because %(because)s"),
    lazy_gettext("The answer came back, but counts: %(because)s"),
    lazy_gettext("The answer came back: it does not count"),
    lazy_gettext("The ladder moved it"),
    lazy_gettext("The ladder raised it"),
    lazy_gettext("The letter of the ladder to %(name)s came back"),
    lazy_gettext("The requester answered"),
    lazy_gettext("The service hours were changed: due times are reckoned anew"),
    lazy_gettext("%(name)s is on it: %(place)s"),
    lazy_gettext("%(name)s left"),
    lazy_gettext("%(name)s put %(other)s in copy"),
    lazy_gettext("%(name)s rated it %(score)s of 5"),
    lazy_gettext("%(name)s took %(other)s out of copy"),
    lazy_gettext("%(name)s took the personal link of %(other)s back"),
    lazy_gettext("%(name)s watches it no longer"),
    lazy_gettext("%(name)s watches it: %(because)s"),
    lazy_gettext("%(ref)s follows it"),
    lazy_gettext("%(clock)s rewritten from its events: %(changes)s"),
)
_PARTS = (
    lazy_gettext("%(place)s of %(measure)s"),
    lazy_gettext("%(place)s, reminder %(nth)s"),
    lazy_gettext("%(time)s before due"),
    lazy_gettext("%(time)s after due"),
    lazy_gettext("due"),
    lazy_gettext("a rung"),
    lazy_gettext("told %(people)s"),
    lazy_gettext("%(people)s and %(others)s"),
    lazy_gettext("%(person)s for %(name)s, who is away"),
    lazy_gettext("for %(name)s, who is away"),
    lazy_gettext("%(person)s because %(because)s"),
    lazy_gettext("because %(because)s and nobody is present"),
    lazy_gettext("because %(because)s"),
    lazy_gettext("there is no %(role)s"),
    lazy_gettext("%(name)s is away"),
    lazy_gettext("%(name)s has no mail address"),
    lazy_gettext("nobody is present"),
    lazy_gettext("nobody: nobody is there"),
    lazy_gettext("assignee"),
    lazy_gettext("team lead"),
    lazy_gettext("person on call"),
    lazy_gettext("owner of the service"),
    lazy_gettext("service manager"),
    lazy_gettext("assigned to %(name)s"),
    lazy_gettext("moved to %(name)s"),
    lazy_gettext("raised to %(priority)s priority"),
    lazy_gettext("%(name)s is not qualified to be assigned"),
    lazy_gettext("%(people)s watch it now"),
    lazy_gettext("%(name)s watches it now"),
    lazy_gettext("started the plan “%(name)s”"),
    lazy_gettext("the plan %(name)s is not in use"),
    lazy_gettext("%(places)s passed over because %(because)s"),
    lazy_gettext("again, because %(because)s"),
    lazy_gettext("%(time)s late"),
    lazy_gettext("%(because)s: “%(reason)s”"),
    lazy_gettext("%(because)s by %(name)s"),
    lazy_gettext("the hours of its promise were changed"),
    lazy_gettext("it was opened again"),
    lazy_gettext("it was taken up again"),
    lazy_gettext("an answer was taken back"),
    lazy_gettext("another ticket was merged into it"),
    lazy_gettext("the time of its promise was moved"),
    lazy_gettext("a merge was taken apart"),
    lazy_gettext("the priority was raised to %(priority)s"),
    lazy_gettext("the priority was lowered to %(priority)s"),
    lazy_gettext("it was found to be %(name)s's"),
    lazy_gettext("it went to another team"),
    lazy_gettext("what it asks for was corrected"),
    lazy_gettext("another target holds for it"),
    lazy_gettext("the letter to %(people)s came back"),
    lazy_gettext("%(people)s did not say “I am on it” within %(time)s"),
    lazy_gettext("nobody said “I am on it” within %(time)s"),
    lazy_gettext("nobody else is told: %(because)s"),
    lazy_gettext("the promise has ended"),
    lazy_gettext("another ladder holds by now"),
    lazy_gettext("the rung lies ahead again"),
    lazy_gettext("%(name)s was told already"),
    lazy_gettext("the ladder at %(place)s added them"),
    lazy_gettext("the ladder at %(place)s started it"),
    lazy_gettext("the wait after %(place)s"),
    lazy_gettext("nothing that is still due"),
    lazy_gettext("the requester has opened it"),
    lazy_gettext("the requester has written since"),
    lazy_gettext("the mail server had taken it more than an hour before"),
    lazy_gettext("there is nothing of that left to take back"),
    lazy_gettext("too much has happened to the ticket since"),
    lazy_gettext("the only one free"),
    lazy_gettext("least loaded of %(count)s"),
    lazy_gettext("next in turn of %(count)s"),
    lazy_gettext("%(cause)s came first"),
    lazy_gettext("a call"),
    lazy_gettext("acknowledgement"),
    lazy_gettext("an answer that came back"),
    lazy_gettext("an answer"),
    lazy_gettext("classified"),
    lazy_gettext("merging"),
    lazy_gettext("needs no answer"),
    lazy_gettext("no spam"),
    lazy_gettext("priority"),
    lazy_gettext("requester"),
    lazy_gettext("resolve"),
    lazy_gettext("spam"),
    lazy_gettext("splitting"),
    lazy_gettext("team"),
    lazy_gettext("undo"),
    lazy_gettext("unmerging"),
    lazy_gettext("version"),
    lazy_gettext("waiting"),
    lazy_gettext("came back"),
    lazy_gettext("undone"),
    lazy_gettext("rule %(number)s of %(name)s: every request; § %(clause)s"),
    lazy_gettext("rule %(number)s of %(name)s: %(matched)s; § %(clause)s"),
    lazy_gettext("priority %(priority)s"),
    lazy_gettext("kind %(kind)s"),
    lazy_gettext("service %(name)s"),
    lazy_gettext("team %(name)s"),
)
"""What stands within such a sentence."""

Known = tuple[re.Pattern[str], Any]


def said(kept: str) -> str:
    """A sentence that a row keeps; what follows after ";" is said for itself.

    What has no words here stays as it is.
    """
    language = spoken()
    return kept if language == "en" else _said(kept, language)


def part(kept: str) -> str:
    """What stands within such a sentence, as why a rung was told to nobody."""
    language = spoken()
    return kept if language == "en" else _part(kept, language)


@lru_cache(maxsize=_MOST)
def _said(kept: str, language: str) -> str:
    first, *others = kept.split("; ")
    begun = _found(first, _whole()) if others else None
    if begun:
        return "; ".join([begun, *(_part(other, language) for other in others)])
    return _found(kept, _whole()) or kept


@lru_cache(maxsize=_MOST)
def _part(kept: str, _language: str) -> str:
    return _found(kept, _parts()) or kept


def _found(kept: str, known: tuple[Known, ...]) -> str | None:
    for pattern, sentence in known:
        found = pattern.fullmatch(kept)
        if found is not None:
            facts = {name: _FACTS.get(name, str)(fact) for name, fact in found.groupdict().items()}
            return str(sentence) % facts if facts else str(sentence)
    return None


@cache
def _whole() -> tuple[Known, ...]:
    return _patterns(_WHOLE)


@cache
def _parts() -> tuple[Known, ...]:
    return _patterns((*_WHOLE, *_PARTS))


def _patterns(sentences: tuple[Any, ...]) -> tuple[Known, ...]:
    """What finds each sentence in English; of two that fit, the one with more words of its own."""
    with speaking("en"):
        english = {str(sentence): sentence for sentence in sentences}
    own = sorted(english, key=lambda said: len(re.sub(r"%\(\w+\)s", "", said)), reverse=True)
    return tuple((_pattern(said), english[said]) for said in own)


def _pattern(said: str) -> re.Pattern[str]:
    pieces = re.split(r"%\((\w+)\)s", said)
    texts = [re.escape(text) for text in pieces[::2]]
    facts = [f"(?P<{name}>.+)" for name in pieces[1::2]]
    return re.compile(
        "".join(text + fact for text, fact in zip(texts, [*facts, ""], strict=True)), re.DOTALL
    )


def _measure(name: str) -> str:
    keys = {key.replace("_", " "): key for key in words.NAMES}
    return words.measure(keys[name]).lower() if name in keys else name


def _priority(value: str) -> str:
    return Priority(value).label.lower() if value in {*Priority} else value


def _cause(said_first: str) -> str:
    of_status = {status.in_english: status for status in Status}
    return of_status[said_first].label.lower() if said_first in of_status else part(said_first)


_FACTS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("because", "others", "people", "person", "place", "role"), part),
    "places": lambda several: " and ".join(map(part, several.split(" and "))),
    "matched": lambda several: ", ".join(map(part, several.split(", "))),
    "cause": _cause,
    "measure": _measure,
    "kind": lambda value: Kind(value).label.lower() if value in {*Kind} else value,
    "priority": _priority,
}
