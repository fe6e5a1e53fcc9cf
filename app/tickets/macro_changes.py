"""What a macro changes besides its words: kept as JSON, said in words, applied to a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all

from app.catalogue.words import Priority
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person, Team
from app.statements import built_once, is_numbered, rows, spelled
from app.tickets import assignment, classification, lifecycle, stands, tagging
from app.tickets.conversation import Then
from app.tickets.desk_models import Macro
from app.tickets.history import note_down
from app.tickets.models import Message, Ticket
from app.tickets.remembering import held_until
from app.tickets.words import Status

ME, NOBODY = "me", "nobody"
VENDOR = Status.WAITING_VENDOR.value


@dataclass(frozen=True)
class Changes:
    """``status`` is "wait", "resolve" or "waiting_vendor"; ``assignee`` "me", "nobody" or an id.

    The empty text and None change nothing; ``tags`` are added.
    """

    status: str = ""
    priority: Priority | None = None
    tags: tuple[str, ...] = field(default=())
    team_id: int | None = None
    assignee: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return self == Changes()

    @property
    def then(self) -> Then | None:
        """What the reply does besides answering, where the macro says so."""
        return Then(self.status) if self.status in {Then.WAIT, Then.RESOLVE} else None

    def as_json(self) -> dict[str, Any]:
        """As they are stored: what changes nothing is left out."""
        found = {
            "status": self.status,
            "priority": self.priority.value if self.priority else "",
            "tags": list(self.tags),
            "team": self.team_id,
            "assignee": self.assignee,
        }
        return {name: value for name, value in found.items() if value}


def changes_of(macro: Macro) -> Changes:
    """The changes of a stored macro."""
    found: Mapping[str, Any] = macro.changes
    return Changes(
        status=found.get("status", ""),
        priority=Priority(found["priority"]) if found.get("priority") else None,
        tags=tuple(found.get("tags", ())),
        team_id=found.get("team"),
        assignee=str(found.get("assignee", "")),
    )


def said(changes: Changes) -> Sequence[str]:
    """The changes in words, one each: "priority High", "tag vpn"."""
    return said_of([changes])[0]


def said_of(several: Sequence[Changes]) -> list[Sequence[str]]:
    """As `said`, of each; one statement for all their teams and all their people."""
    persons = {int(one.assignee) for one in several if one.assignee.isdigit()}
    ids = {one.team_id for one in several if one.team_id}
    teams: dict[int, str] = {}
    names: dict[int, str] = {}
    known = {"teams": ids, "persons": persons}
    for is_team, id_, name in rows(_names(), known) if ids or persons else ():
        (teams if is_team else names)[id_] = name
    return [_said(one, teams, names) for one in several]


@built_once
def _names() -> CompoundSelect[Any]:
    return union_all(
        select(spelled(1).label("is_team"), Team.id, Team.name).where(
            is_numbered(Team.id, "teams")
        ),
        select(spelled(0), Person.id, Person.name).where(is_numbered(Person.id, "persons")),
    )


def _said(changes: Changes, teams: Mapping[int, str], names: Mapping[int, str]) -> Sequence[str]:
    found = [_STATUS_WORDS[changes.status]()] if changes.status else []
    if changes.priority is not None:
        found.append(_("priority %(name)s", name=changes.priority.label))
    found += [_("tag %(name)s", name=tag) for tag in changes.tags]
    team = teams.get(changes.team_id or 0)
    if team is not None:
        found.append(_("team %(name)s", name=team))
    if changes.assignee:
        found.append(_assignee_words(changes.assignee, names))
    return found


def apply(ticket: Ticket, macro: Macro, *, by: Person, at: datetime, undo_s: int = 0) -> None:
    """Change what the macro changes and is not so already, all but `Changes.then`.

    Before the words are sent: so they count under the priority that holds from now on. The caller
    holds the ticket's lock. The history keeps which macro it was and where the ticket stood before
    and after, so that an undo of the Send puts it back; for ``undo_s`` seconds nobody is told of
    the changes. Raises `Refusal` as each of the changes does.
    """
    changes = changes_of(macro)
    if changes.is_empty:
        return
    at = max(at, ticket.last_event_at)
    because, until = f"Macro: {macro.name}", held_until(at, undo_s)
    was = stands.stand(ticket) | {"status": ticket.status.value}
    used = note_down(ticket, "macro", by=by, at=at, name=macro.name, id=macro.id)
    if changes.priority is not None and changes.priority is not ticket.priority:
        classification.prioritise(
            ticket, priority=changes.priority, reason=because, by=by, at=at, held_until=until
        )
    for tag in changes.tags:
        tagging.tag(ticket, tag, by=by, at=at)
    told = _assign(ticket, changes, reason=because, by=by, at=at, until=until)
    used.facts = used.facts | {"was": was, "now": stands.stand(ticket), "told": told}


def wait_for_vendor(
    ticket: Ticket, macro: Macro, *, by: Person, at: datetime, sent: Message
) -> None:
    """What is left once the words are ``sent``: wait for a vendor, where the macro says so."""
    if changes_of(macro).status == VENDOR and ticket.status is not Status.WAITING_VENDOR:
        lifecycle.wait_for_vendor(
            ticket, by=by, reason=macro.name, at=at, cause=f"message:{sent.id}"
        )


def _assign(
    ticket: Ticket,
    changes: Changes,
    *,
    reason: str,
    by: Person,
    at: datetime,
    until: datetime | None,
) -> str | None:
    """Give the ticket to whom the macro says; the event that a letter of it tells of."""
    team = db.session.get(Team, changes.team_id) if changes.team_id else None
    moves = team is not None and team.id != ticket.team_id
    assignee = _assignee(ticket, changes, team if moves else None, by=by)
    if not moves and (assignee.id if assignee else None) == ticket.assignee_id:
        return None
    return assignment.assign(
        ticket,
        assignee=assignee,
        team=team if moves else None,
        by=by,
        at=at,
        held_until=until,
        reason=reason if moves else "",
    )


def _assignee(
    ticket: Ticket, changes: Changes, to_team: Team | None, *, by: Person
) -> Person | None:
    """Who has it afterwards: whom the macro names, else who keeps it."""
    match changes.assignee:
        case "":
            return assignment.keeper(ticket, to_team)
        case "me":
            return by
        case "nobody":
            return None
        case _:
            found = db.session.get(Person, int(changes.assignee))
            if found is None:
                raise Refusal(_("Whom this macro assigns to is no longer known."))
            return found


def _assignee_words(assignee: str, names: Mapping[int, str]) -> str:
    if assignee == ME:
        return _("yours")
    name = names.get(int(assignee)) if assignee.isdigit() else None
    return _("assigned to %(name)s", name=name) if name else _("assigned to nobody")


_STATUS_WORDS = {
    Then.WAIT.value: lambda: _("waits for the requester"),
    Then.RESOLVE.value: lambda: _("resolves"),
    VENDOR: lambda: _("waits for a vendor"),
}
