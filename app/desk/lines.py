"""The lines of the queue and of what a search found, as they stand in the page.

They are drawn here and by no template: fifty of them were a third of what a page costs.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from app.catalogue.words import Priority
from app.desk import rows
from app.http import markup
from app.http.markup import text
from app.languages import gettext as _
from app.tickets import kept
from app.tickets.presence import Here
from app.tickets.queue import Row
from app.tickets.search.highlighting import Part
from app.tickets.search.listing import Row as Found
from app.tickets.words import Status

if TYPE_CHECKING:
    from app.desk import search

_MOST_SHOWN = 2
"""Who has a ticket open is named as far as there is room."""


def of_queue(shown: Iterable[rows.Shown]) -> Markup:
    """The lines of the queue, each with the box that selects it."""
    words = _Words()
    return Markup("".join([_queued(each, words) for each in shown]))


def of_search(shown: "Iterable[search.Shown]") -> Markup:
    """The lines of what was found, with the words that were looked for marked."""
    words = _Words()
    return Markup("".join([_found(each, words) for each in shown]))


def viewers(here: Sequence[Here], ticket_id: int) -> Markup:
    """Who else has the ticket open; that somebody writes is said in words as well."""
    said = [_viewer(one) for one in here[:_MOST_SHOWN]]
    if len(here) > _MOST_SHOWN:
        more = _("%(number)s more", number=len(here) - _MOST_SHOWN)
        said.append(f'<span class="viewer">{text(more)}</span>')
    return Markup(f'<span class="viewers" data-viewers="{ticket_id}">{"".join(said)}</span>')


class _Words:
    """What the lines of a page say again and again, said once."""

    def __init__(self) -> None:
        self.nobody_known = text(_("nobody known"))
        self.nobody, self.no_team = text(_("Nobody")), text(_("No team"))
        self._standing: dict[tuple[Status, Priority], str] = {}

    def of(self, row: Row | Found) -> str:
        """The cells of a line that say who, how it stands, and whose it is."""
        ticket = row.ticket
        requester = text(row.requester) if row.requester else self.nobody_known
        return (
            f'<td class="c-who"><span class="ref-m">{ticket.ref}</span><span>{requester}</span>'
            f"<small>{text(row.organisation or '')}</small></td>"
            f"{self._stands(ticket.status, ticket.priority)}"
            f"{_whose(row.assignee, ticket.assignee_id, row.team, self.nobody, self.no_team)}"
        )

    def _stands(self, status: Status, priority: Priority) -> str:
        said = self._standing.get((status, priority))
        if said is None:
            said = f"{_status(status)}{markup.priority(priority)}"
            said = self._standing[status, priority] = f'<td class="c-st">{said}</td>'
        return said


def _queued(shown: rows.Shown, words: _Words) -> str:
    row, chip = shown.row, shown.chip
    ticket = row.ticket
    number, unread = ticket.id, ' class="is-unread"' if ticket.agent_unread else ""
    here = (
        viewers(shown.here, number)
        if shown.here
        else f'<span class="viewers" data-viewers="{number}"></span>'
    )
    return (
        f'<tr data-ticket="{number}"{unread}>'
        f'<td class="c-sel"><label><input type="checkbox" name="ticket" value="{number}"'
        f' form="bulk" aria-label="{text(shown.select)}"></label></td>'
        f'<td class="c-due">{markup.chip(chip)}{markup.caption(chip)}</td>'
        f'<td class="c-sub"><span class="line"><a href="{text(shown.url)}" dir="auto">'
        f'{text(ticket.subject)}</a>{here}</span><span class="snip">'
        f'<span class="ref">{ticket.ref}</span><bdi>{text(ticket.snippet)}</bdi></span></td>'
        f"{words.of(row)}"
        f'<td class="c-why">{text(kept.said(ticket.why))}</td>'
        f'<td class="c-up">{text(shown.updated)}</td></tr>\n'
    )


def _found(shown: "search.Shown", words: _Words) -> str:
    ticket = shown.row.ticket
    unread = ' class="is-unread"' if ticket.agent_unread and ticket.is_open else ""
    return (
        f'<tr data-ticket="{ticket.id}"{unread}><td class="c-due">{_due(shown)}</td>'
        f'<td class="c-sub"><span class="line"><a href="{text(shown.url)}" dir="auto">'
        f'{_marked(shown.subject)}</a></span><span class="snip">'
        f'<span class="ref">{ticket.ref}</span>{_excerpt(shown)}</span></td>'
        f'{words.of(shown.row)}<td class="c-up">{text(shown.updated)}</td></tr>\n'
    )


def _due(shown: "search.Shown") -> str:
    if shown.chip is not None:
        return f"{markup.chip(shown.chip)}{markup.caption(shown.chip)}"
    ended = f'<small class="ended">{text(shown.ended)}</small>' if shown.ended else ""
    return f"{_status(shown.row.ticket.status)}{ended}"


def _excerpt(shown: "search.Shown") -> str:
    found = shown.excerpt
    if found is None:
        return f"<bdi>{text(shown.row.ticket.snippet)}</bdi>"
    note = ""
    if found.is_note:
        note = f'<span class="from-note">{markup.icon("note")}{text(_("note"))}</span>'
    return f"{note}<bdi>{_marked(found.parts)}</bdi>"


def _marked(parts: Iterable[Part]) -> str:
    said = [f"<mark>{text(part.said)}</mark>" if part.is_hit else text(part.said) for part in parts]
    return "".join(said)


def _status(status: Status) -> str:
    return f'<span class="status">{text(status.label)}</span>'


def _viewer(one: Here) -> str:
    first = one.name.split()[0]
    title, said = _("%(name)s has this ticket open", name=one.name), first
    if one.is_answering:
        title = _("%(name)s is writing an answer", name=one.name)
        said = _("%(name)s is writing", name=first)
    icon = markup.icon("reply" if one.is_answering else "eye")
    return f'<span class="viewer" title="{text(title)}">{icon}{text(said)}</span>'


@lru_cache(maxsize=2048)
def _whose(name: str | None, id_: int | None, team: str | None, nobody: str, no_team: str) -> str:
    called = f"<span>{text(name)}</span>" if name else f'<span class="nobody">{nobody}</span>'
    of_team = text(team) if team else no_team
    drawn = markup.avatar(name, id_)
    return f'<td class="c-as">{drawn}<span>{called}<small>{of_team}</small></span></td>'
