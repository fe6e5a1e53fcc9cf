"""Rows of lists for the style guide, drawn by what draws them in the queue and in the search."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.catalogue.words import Kind, Priority
from app.clocks.chips import Chip
from app.desk import lines, rows, search
from app.styleguide import examples
from app.tickets.lines import Listed
from app.tickets.presence import Here
from app.tickets.queue import Row
from app.tickets.search import listing
from app.tickets.search.excerpts import Excerpt
from app.tickets.search.highlighting import Part
from app.tickets.words import Channel, Status

NOW = datetime(2026, 11, 18, 14, 20, tzinfo=ZoneInfo("Europe/Berlin"))
"""The moment of look.md."""
STATES = {
    "read": "",
    "unread": ' class="is-unread"',
    "cursor": ' class="is-cursor"',
    "selected": "",
    "new": ' class="is-new"',
    "open elsewhere": "",
}
SUBJECTS = (
    ("VPN down for the finance team", "Still the same after the new profile."),
    ("Label printer prints half labels", "It began with the new roll."),
    ("Badge readers at gate B reject everybody", "Since the update of Tuesday."),
    ("Archive access for the auditor", "From Monday on, for two weeks."),
    ("الطابعة لا تعمل منذ الصباح", "الطابعة في الطابق الثالث لا تطبع شيئًا"),
    ("Which plan covers the guest Wi-Fi?", "We have visitors on Thursday."),
)
PEOPLE = ("Elke Sommer", "Jan Nowak", "Agnes Mrowka", "Sabine Groß", "Sigrid Moe", "Owen Hale")
STATUSES = (Status.OPEN, Status.NEW, Status.WAITING_REQUESTER, Status.ON_HOLD, Status.NEW)
PRIORITIES = tuple(Priority)


def of_queue(first: int) -> Markup:
    """A row in each of its states; the number of the first ticket is ``first``."""
    chips = [_short(each.chip) for each in examples.chips()]
    shown = [_queued(first, place, chips[(place + 1) % len(chips)]) for place in range(len(STATES))]
    drawn = [str(lines.of_queue([each])) for each in shown]
    return Markup("".join(map(_in_state, drawn, STATES)))


def of_search() -> Markup:
    """What a search found: a hit in a message, one in a note, and a ticket that is done."""
    return lines.of_search([_found(place) for place in range(3)])


def _queued(first: int, place: int, chip: Chip) -> rows.Shown:
    subject, snippet = SUBJECTS[place]
    ticket = Listed(
        id=first + place,
        subject=subject,
        snippet=snippet,
        status=STATUSES[place % len(STATUSES)],
        priority=PRIORITIES[place % len(PRIORITIES)],
        assignee_id=place or None,
        why="Requester answered" if place else "New, unassigned",
        agent_unread=False,
        updated_at=NOW,
    )
    assignee = examples.PEOPLE[place] if place else None
    row = Row(ticket, None, PEOPLE[place], "Fjordbank", assignee, "Service desk", NOW)
    here = [Here(1, "Petra Weiss", is_answering=True)] if place == len(STATES) - 1 else []
    return rows.Shown(row, chip, f"Select {ticket.ref}", f"{place + 2} m", "#content", here)


def _short(chip: Chip) -> Chip:
    """As the queue has it: a pause says who, and its caption since when."""
    if chip.state != "paused":
        return chip
    return chip._replace(words="waiting for Sabine", caption="since Tue 16:38")


def _in_state(drawn: str, state: str) -> str:
    """A row as it looks when somebody has selected it, is at it, or it has just come."""
    if state == "selected":
        return drawn.replace('type="checkbox"', 'type="checkbox" checked')
    return drawn.replace("<tr ", f"<tr{STATES[state]} ", 1)


def _found(place: int) -> search.Shown:
    subject, _snippet = SUBJECTS[place]
    is_done = place == 2
    ticket = listing.Told(
        id=1042 + place,
        subject=subject,
        snippet="",
        status=Status.RESOLVED if is_done else Status.OPEN,
        priority=Priority.NORMAL,
        kind=Kind.INCIDENT,
        channel=Channel.PORTAL,
        assignee_id=1,
        merged_into_id=None,
        agent_unread=not place,
        opened_at=NOW - timedelta(days=1),
        updated_at=NOW,
        resolved_at=NOW if is_done else None,
        closed_at=None,
    )
    said = [Part("The window says that the "), Part("gateway", is_hit=True), Part(" is gone.")]
    return search.Shown(
        row=listing.Row(ticket, None, PEOPLE[place], "Fjordbank", "Mara Lindt", "Network"),
        chip=None if is_done else examples.chips()[1].chip,
        ended="14:05 CET" if is_done else "",
        updated="8 m",
        url="#content",
        subject=[Part(subject)],
        excerpt=Excerpt(said, "Mara Lindt", is_note=place == 1),
    )
