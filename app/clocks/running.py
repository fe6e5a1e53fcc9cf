"""The live verbs: load a ticket's course, let one thing happen, write what changed.

The caller holds the ticket's row lock (`tickets.queries.for_change`) and commits. Every verb
settles first, keeps `next_at` and `deadline` right, and raises `Refusal` where the rules say
that it cannot happen. ``terms`` are the ticket's from there on; ``cause`` names the change
("message:123"): calls with one cause and instant are one change.
"""

from collections.abc import Collection
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import beginning, catching_up, foreseeing, keeping
from app.clocks.board import Board
from app.clocks.catching_up import caught_up, happened
from app.clocks.course import Happening, What
from app.clocks.happenings import Course
from app.clocks.keeping import Outcome
from app.clocks.ladders import Undo
from app.clocks.state import DISPUTE
from app.errors import Refusal
from app.languages import gettext as _


def opened(
    ticket_id: int,
    *,
    terms: Terms,
    contact_at: datetime,
    at: datetime,
    actor_id: int | None,
    cause: str,
    response: bool = False,
    reason: str | None = None,
) -> Outcome:
    """Start the clocks at contact; with ``response`` the answer was given in the same breath.

    That is an agent's own message, or a call that reached the requester (clocks.md, "Contact").
    """
    happening = Happening(
        What.OPENED, at, cause, actor_id, reason, happened_at=contact_at, response=response
    )
    return beginning.write(ticket_id, happened(Course(), happening, terms), terms)


def requester_wrote(
    ticket_id: int,
    *,
    terms: Terms,
    at: datetime,
    actor_id: int | None,
    cause: str,
    happened_at: datetime | None = None,
) -> Outcome:
    """A message of the requester's side; ``happened_at`` where it is known late."""
    return _change(
        ticket_id, Happening(What.WROTE, at, cause, actor_id, happened_at=happened_at), terms
    )


def responded(
    ticket_id: int,
    *,
    terms: Terms,
    at: datetime,
    actor_id: int | None,
    cause: str,
    happened_at: datetime | None = None,
    workaround: bool = False,
) -> Outcome:
    """A qualifying response; with ``workaround`` it says how to go on until the solution."""
    what = What.WORKED_AROUND if workaround else What.RESPONDED
    return _change(ticket_id, Happening(what, at, cause, actor_id, happened_at=happened_at), terms)


def acknowledged(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str
) -> Outcome:
    """A person has taken it in hand: no answer, but a new ticket is open from then on."""
    return _change(ticket_id, Happening(What.ACKNOWLEDGED, at, cause, actor_id), terms)


def status_changed(
    ticket_id: int,
    *,
    terms: Terms,
    status: str,
    at: datetime,
    actor_id: int | None,
    cause: str,
    reason: str | None = None,
    happened_at: datetime | None = None,
) -> Outcome:
    """Another status among new, open, waiting_requester, waiting_vendor and on_hold."""
    happening = Happening(What.STATUS, at, cause, actor_id, reason, happened_at, status)
    return _change(ticket_id, happening, terms)


def retargeted(
    ticket_id: int,
    *,
    terms: Terms,
    at: datetime,
    actor_id: int | None,
    cause: str,
    reason: str | None,
    held_until: datetime | None = None,
) -> Outcome:
    """Priority, kind, service, organisation or version changed; ``terms`` are the new ones.

    With ``held_until`` it can be undone until then (`retracted`), and the ladders of clocks that
    it moves tell nobody before. Raises `Refusal` (field ``reason``) when a due time moves out and
    no reason is given.
    """
    happening = Happening(What.RETARGETED, at, cause, actor_id, reason)
    loaded = keeping.load(ticket_id, happening.what)
    after = happened(loaded.course, happening, terms)
    foreseen = foreseeing.compared(caught_up(loaded.course), after, at)
    if not reason and any(each.moves_out for each in foreseen):
        raise Refusal(_("This moves a promise out: say why."), field="reason")
    return keeping.write(loaded, after, terms, undo=Undo(lapses_at=held_until))


def retracted(
    ticket_id: int,
    *,
    terms: Terms,
    undoes: str,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> Outcome:
    """The newest `retargeted` of cause ``undoes`` was undone at once: as if it had never been.

    ``terms`` are those from before. Their ladders stand as they did then, and tell nobody of it.
    """
    happening = Happening(What.RETRACTED, at, cause, actor_id, undoes=undoes)
    loaded = keeping.load(ticket_id, happening.what)
    after = happened(loaded.course, happening, terms)
    return keeping.write(loaded, after, terms, undo=Undo(is_one=True))


def resolved(
    ticket_id: int,
    *,
    terms: Terms,
    text_sent: bool,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> Outcome:
    """Resolved; ``text_sent`` when a text reaches the requester, which also answers.

    Raises `Refusal` without a text while first response is unmet.
    """
    return _change(
        ticket_id, Happening(What.RESOLVED, at, cause, actor_id, response=text_sent), terms
    )


def reopened(
    ticket_id: int,
    *,
    terms: Terms,
    by_requester: bool,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> Outcome:
    """Opened again; the requester's side earns the grant, an agent does not.

    What changed since it was resolved must be in ``terms``: it is applied before the grant.
    """
    return _change(
        ticket_id, Happening(What.REOPENED, at, cause, actor_id, by_requester=by_requester), terms
    )


def closed(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str
) -> Outcome:
    """A resolved ticket is closed; no clock moves."""
    return _change(ticket_id, Happening(What.CLOSED, at, cause, actor_id), terms)


def withdrawn(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str
) -> Outcome:
    """Closed by its requester: open clocks are cancelled, a breach stays."""
    return _change(ticket_id, Happening(What.WITHDRAWN, at, cause, actor_id), terms)


def spam(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str
) -> Outcome:
    """Marked as spam: open clocks are cancelled and out of the ratios."""
    return _change(ticket_id, Happening(What.SPAM, at, cause, actor_id), terms)


def unspam(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str
) -> Outcome:
    """No spam after all: the clocks go on without the span in between."""
    return _change(ticket_id, Happening(What.UNSPAM, at, cause, actor_id), terms)


def answered_enough(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str, reason: str
) -> Outcome:
    """The requester's message needs no answer: its next response is cancelled, with the reason."""
    return _change(ticket_id, Happening(What.NEEDS_NO_ANSWER, at, cause, actor_id, reason), terms)


def taken_back(
    ticket_id: int,
    *,
    terms: Terms,
    undoes: str,
    at: datetime,
    actor_id: int | None,
    cause: str,
    bounced: bool = False,
) -> Outcome:
    """The change of cause ``undoes`` did not stand: undone, or (``bounced``) sent back."""
    return _change(
        ticket_id,
        Happening(What.TAKEN_BACK, at, cause, actor_id, undoes=undoes, bounced=bounced),
        terms,
    )


def recalculated(
    ticket_id: int, *, terms: Terms, at: datetime, actor_id: int | None, cause: str, reason: str
) -> Outcome:
    """The hours of a target have a new version: what is left runs under it from ``at``."""
    return _change(ticket_id, Happening(What.RECALCULATED, at, cause, actor_id, reason), terms)


def excluded(
    ticket_id: int,
    *,
    terms: Terms,
    measure: str,
    sequence: int,
    dispute_id: int,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> Outcome:
    """Both parties decided in a dispute that this promise counts in no figure, kept or broken.

    A correction is a new fact: the clock, its due time and its breach stay as they are. Raises
    `Refusal` when it counts in none already.
    """
    happening = Happening(
        What.EXCLUDED,
        at,
        cause,
        actor_id,
        f"{DISPUTE}{dispute_id}",
        measure=measure,
        sequence=sequence,
    )
    return _change(ticket_id, happening, terms)


def settled(ticket_id: int, *, terms: Terms, at: datetime, board: Board | None = None) -> Outcome:
    """Record every breach whose instant has passed; ``board`` has the rows, if read already."""
    happening = Happening(What.SETTLED, at)
    if board is None:
        return _change(ticket_id, happening, terms)
    clocks, known = board.clocks(ticket_id), board.known_by_clock
    loaded = keeping.load(ticket_id, happening.what, clocks=clocks, known=known)
    board.settled(ticket_id)
    return keeping.write(loaded, happened(loaded.course, happening, terms), terms)


def merged(
    source_id: int,
    into_id: int,
    *,
    source_terms: Terms,
    terms: Terms,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> tuple[Outcome, Outcome]:
    """``source_id`` goes into ``into_id``; the caller holds both locks, the lower id first."""
    happening = Happening(What.MERGED, at, cause, actor_id)
    source, into = keeping.load(source_id, What.MERGED), keeping.load(into_id, What.MERGED)
    after = catching_up.merged(
        source.course, into.course, happening, source_terms=source_terms, terms=terms
    )
    return keeping.write(source, after[0], source_terms), keeping.write(into, after[1], terms)


def unmerged(
    source_id: int,
    into_id: int,
    *,
    source_terms: Terms,
    terms: Terms,
    undoes: str,
    at: datetime,
    actor_id: int | None,
    cause: str,
) -> tuple[Outcome, Outcome]:
    """``source_id`` comes out of ``into_id`` again; ``undoes`` is the cause of the merge.

    The caller holds both locks, the lower id first.
    """
    happening = Happening(What.UNMERGED, at, cause, actor_id, undoes=undoes)
    source, into = keeping.load(source_id, What.UNMERGED), keeping.load(into_id, What.UNMERGED)
    after = catching_up.unmerged(
        source.course, into.course, happening, source_terms=source_terms, terms=terms
    )
    return keeping.write(source, after[0], source_terms), keeping.write(into, after[1], terms)


def split(
    ticket_id: int,
    from_id: int,
    *,
    terms: Terms,
    contact_at: datetime,
    causes: Collection[str],
    at: datetime,
    actor_id: int | None,
    cause: str,
    reason: str | None = None,
) -> Outcome:
    """Start the clocks of a ticket that was split off ``from_id``, as promises gained late.

    ``contact_at`` is the instant of the split message, ``causes`` are those of the messages that
    went along ("message:12"). The caller holds the locks of both.
    """
    happening = Happening(What.SPLIT, at, cause, actor_id, reason, happened_at=contact_at)
    told = keeping.load(from_id, What.SPLIT).course
    loaded = keeping.load(ticket_id, What.SPLIT)
    after = catching_up.split(told, happening, terms, causes=causes)
    return keeping.write(loaded, after, terms)


def _change(ticket_id: int, happening: Happening, terms: Terms) -> Outcome:
    loaded = keeping.load(ticket_id, happening.what)
    return keeping.write(loaded, happened(loaded.course, happening, terms), terms)
