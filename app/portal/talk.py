"""The conversation of a request: what was said and, in between, when the time stood still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clocks import words
from app.clocks.explaining import ExplainedSpan
from app.clocks.models import Clock
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Person
from app.portal import reasons, times
from app.tickets import quotes
from app.tickets.models import Message
from app.tickets.quotes import Part
from app.tickets.words import Channel, MessageKind, Side

CHANNELS = {
    Channel.MAIL: lazy_gettext("by mail"),
    Channel.PHONE: lazy_gettext("by phone"),
    Channel.API: lazy_gettext("by another system"),
}


@dataclass(frozen=True)
class Said:
    """A message: whose, how it came, when, and whether it kept the promise of a first answer.

    `is_workaround`: it helps until the solution.

    `is_own` says that it is of the requester's side, the reader's or a colleague's.
    """

    id: int
    name: str
    author: str
    author_id: int | None
    is_own: bool
    meta: str
    at: datetime
    when: str
    parts: Sequence[Part]
    is_markdown: bool = False
    answered: str = ""
    is_workaround: bool = False
    is_late: bool = False
    is_pause: bool = False


@dataclass(frozen=True)
class Pause:
    """A stretch in which the solution's clock stood still, now over."""

    at: datetime
    label: str
    sentence: str
    is_pause: bool = True


def of(
    messages: Iterable[Message],
    *,
    reader: Person,
    asker: str | None,
    house: str,
    first: Clock | None,
    pauses: Sequence[ExplainedSpan],
    zone: str,
    at: datetime,
) -> list[Said | Pause]:
    """Messages and pauses, oldest first, as ``reader`` sees them at ``at``.

    ``first`` is the clock of the first response, if one was promised; ``asker`` is whose request
    it is where that is not the reader.
    """
    said: list[Said | Pause] = [
        _said(message, reader=reader, house=house, first=first, zone=zone, at=at)
        for message in messages
    ]
    said += [_pause(span, asker=asker, zone=zone, at=at) for span in pauses]
    return sorted(said, key=lambda item: (item.at, item.is_pause))


def _said(
    message: Message, *, reader: Person, house: str, first: Clock | None, zone: str, at: datetime
) -> Said:
    is_own = message.side is Side.REQUESTER
    answers = first is not None and message.is_response and first.met_at == message.at
    return Said(
        id=message.id,
        name=message.author_name,
        author=_("You") if is_own and message.author_id == reader.id else message.author_name,
        author_id=message.author_id,
        is_own=is_own,
        meta=_meta(message, house),
        at=message.at,
        when=times.said(message.at, zone=zone, now=at),
        parts=quotes.parts(message.body.strip()),
        is_markdown=message.is_markdown,
        is_workaround=message.is_workaround,
        answered=_answered(first) if answers and first else "",
        is_late=answers and first is not None and first.breached_at is not None,
    )


def _meta(message: Message, house: str) -> str:
    if message.kind is MessageKind.CALL:
        return str(CHANNELS[Channel.PHONE])
    if message.side is Side.DESK:
        return house
    return str(CHANNELS.get(message.channel, ""))


def _answered(first: Clock) -> str:
    took = words.duration(first.used_s)
    if first.breached_at is None:
        return _("Answered in %(took)s, as promised", took=took)
    return _("Answered in %(took)s, later than promised", took=took)


def _pause(span: ExplainedSpan, *, asker: str | None, zone: str, at: datetime) -> Pause:
    when = times.from_to(span.starts_at, span.ends_at, zone=zone, now=at)
    skipped = words.duration(int((span.ends_at - span.starts_at).total_seconds()))
    if not reasons.waited_for_requester(span):
        sentence = _("%(when)s. Not counted: %(time)s.", when=when, time=skipped)
        return Pause(span.starts_at, reasons.waited(span), sentence)
    if asker is None:
        sentence = _(
            "%(when)s, until you answered. Not counted: %(time)s.", when=when, time=skipped
        )
        return Pause(span.starts_at, reasons.waited(span), sentence)
    sentence = _(
        "%(when)s, until there was an answer. Not counted: %(time)s.",
        when=when,
        time=skipped,
    )
    return Pause(span.starts_at, _("waited for %(name)s", name=asker), sentence)
