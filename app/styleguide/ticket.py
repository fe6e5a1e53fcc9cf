"""A ticket for the style guide: what its page shows, in each state that a part can be in."""

from dataclasses import replace
from datetime import UTC, timedelta
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from app.businesstime import Calendar
from app.clocks.explanation import Explanation
from app.clocks.moving import Move
from app.clocks.state import ClockState, Phase
from app.clocks.stretches import CLOSED, COUNTED, PAUSED, ExplainedSpan
from app.desk.band import LadderCell
from app.desk.composing import Box, Composer, Writing
from app.desk.forms import NoteForm
from app.styleguide import examples
from app.styleguide.rows import NOW
from app.tickets.presence import Here
from app.tickets.quotes import Part
from app.tickets.recipients import Mailbox, Recipients
from app.tickets.search.suggesting import Suggestion
from app.tickets.search.terms import Mistake, Spot
from app.tickets.spoken import Spoken
from app.tickets.words import Channel, MessageKind, Side, Status

ZONE = "Europe/Berlin"
NUMBER = 1042
MINUTE = timedelta(minutes=1)
LINE = "vpn is:opne"
MISTAKE = Mistake("There is no such state.", Spot(7, 11), instead="open")
SUGGESTED = (
    Suggestion("vpn is:open", 11, "is:open", "somebody has to do something"),
    Suggestion("vpn is:overdue", 14, "is:overdue", "a due time has passed"),
)
MENU_OPENED = (Markup('<details class="menu"'), Markup('<details class="menu" open'))
PAGING_NAMED = (Markup('aria-label="'), Markup('aria-label="Last, '))
"""What a part that is drawn as ever has here instead."""
QUOTED = (
    Part("The second gateway answers again."),
    Part("Which of the two is it?\nWe see both.", lines=2, whom="Mara Lindt"),
)
FILES = (
    SimpleNamespace(id=1, name="gateway.log", size=21_400),
    SimpleNamespace(id=2, name="„Zitat“ – Łódź.pdf", size=1_400_000),
)
SENT = tuple(SimpleNamespace(**vars(file), has_preview=False) for file in FILES)
HERE = (Here(2, "Petra Weiss", is_answering=True), Here(3, "Tomás Rivera", is_answering=False))
BAR = SimpleNamespace(url="#content", path="#content")
NARROWED = (
    SimpleNamespace(sentence=Markup("Team is <b>Network</b>"), title="Network", without="#content"),
    SimpleNamespace(sentence=Markup("Tag is <b>vpn</b>"), title="vpn", without="#content"),
)
CHOICES = Markup(
    '<option value="">Leave as it is</option><option value="1">Mara Lindt (me)</option>'
)
BULK = SimpleNamespace(assignee=CHOICES, status=CHOICES, priority=CHOICES)
SCORES = {5: "Very good", 4: "Good", 3: "Fair", 2: "Poor", 1: "Very poor"}
MAILBOXES = Recipients(
    to=(Mailbox(6, "Elke Sommer", "elke.sommer@brenner-voss.example"),),
    copies=(Mailbox(7, "Martin Voss", "martin.voss@brenner-voss.example"), Mailbox(8, "Ida", None)),
    muted=frozenset({7}),
)
STANDING = (
    ("is-fired", "check", "Told", "75 % used", "Wed 14:05 CET", "Mara Lindt"),
    ("is-come", "bell", "Due now", "90 % used", "14:20 CET", "Jens Adler"),
    ("is-ahead", "clock", "Ahead", "At the due time", "15:00 CET", "Lars Winkler"),
    ("is-covered", "merge", "Covered", "50 % used", "13:40 CET", "Nobody"),
    ("is-not-told", "x", "Not told", "30 % used", "13:00 CET", "Nobody"),
)


def of(*, is_open: bool) -> dict[str, Any]:
    """What the pieces of a ticket's page need; one that is closed takes notes alone."""
    spoken = _spoken()
    return {
        "ticket": SimpleNamespace(
            id=NUMBER, ref=f"#{NUMBER}", is_open=is_open, merged_into_id=None, status=Status.OPEN
        ),
        "band": SimpleNamespace(cells=_cells(), ladder=LadderCell("Next at 15:00: Jens Adler", "")),
        "talk": SimpleNamespace(items=_items(spoken)),
        "messages": spoken,
        "undoable": {},
        "owed_to": spoken[0],
        "may_correct": True,
        "why": explanation(),
        "clock": SimpleNamespace(id=1),
        "composer": composer(is_open=is_open),
        "current_person": SimpleNamespace(signature="Mara Lindt\nHalden service desk"),
        "zone": ZONE,
        "now": NOW.astimezone(UTC),
    }


def composer(*, is_open: bool) -> Composer:
    """An answer with all that can go along with it; or a note that came back with an error."""
    empty = Writing(
        form=None,
        body=Box("reply-body", "Dear Elke,\n\nthe second gateway is back."),
        files=Box("files", waiting=FILES),  # type: ignore[arg-type]
        copy=Box("reply-copy"),
        once="",
        seen=1,
        draft=SimpleNamespace(saved_at=NOW),  # type: ignore[arg-type]
        since=(),
        macro=SimpleNamespace(id=1, name="Many are affected", changes={}),  # type: ignore[arg-type]
        changes=("priority Urgent", "tag major"),
    )
    empty_note = replace(empty, body=Box("note-body"), draft=None, macro=None, changes=())
    return Composer(
        reply=empty,
        note=empty_note if is_open else replace(empty_note, form=_came_back()),
        tab="reply" if is_open else "note",
        recipients=MAILBOXES,
        reaches="Goes to 2 people outside Halden.",
        effects=(Markup("<b>Send</b> keeps the next response."),),
        workaround="it keeps the workaround",
        newest=1,
    )


def explanation() -> Explanation:
    """Why a promise is due when it is: two hours that counted, a pause, a night."""
    began, ends = NOW - 26 * 60 * MINUTE, NOW
    cuts = [began, began + 80 * MINUTE, began + 220 * MINUTE, began + 1340 * MINUTE, ends]
    kinds = (
        (COUNTED, "counted", 80 * 60),
        (PAUSED, "waiting for the requester", 0),
        (CLOSED, "closed", 0),
        (COUNTED, "counted", 220 * 60),
    )
    spans = tuple(
        ExplainedSpan(start, end, kind, what, counted_s, 0, 1)
        for start, end, (kind, what, counted_s) in zip(cuts[:-1], cuts[1:], kinds, strict=True)
    )
    counted_s, due_at = sum(span.counted_s for span in spans), NOW + 40 * MINUTE
    clock = ClockState(
        measure="resolution",
        sequence=1,
        state=Phase.RUNNING,
        version_id=1,
        tier_id=1,
        target_id=1,
        target_s=counted_s + 2400,
        calendar_version_id=1,
        budget_s=counted_s + 2400,
        started_at=began,
        calendar=Calendar(ZONE, {day: (("00:00", "24:00"),) for day in range(7)}),
        due_at=due_at,
    )
    return Explanation(
        measure="Resolution",
        sequence=1,
        agreement="Managed workplace",
        version_number=2,
        tier="Gold",
        clause="4.2",
        sentence="Incidents of high priority are resolved within one business day.",
        target="one business day",
        because="rule 4 of Gold: priority high; § 4.2",
        calendar="Berlin office hours",
        zone=ZONE,
        at=NOW,
        clock=clock,
        excluded_because="",
        story=(),
        spans=spans,
        pauses=(),
        hours={},
        counted_s=counted_s,
        paused_s=0,
        moves=(
            Move("asking the requester back", "pauses", None),
            Move("Urgent", "moves", NOW + 10 * MINUTE, "2 h in all"),
            Move("Low", "nothing", due_at),
        ),
    )


def _came_back() -> NoteForm:
    form = NoteForm(formdata=None, meta={"csrf": False})
    form.body.errors = ("Write a note first.",)
    return form


def _cells() -> list[SimpleNamespace]:
    shown = [each.chip for each in examples.chips()[:5]]
    measures = ("First response", "Next response", "Workaround", "Resolution", "Acknowledgement")
    return [
        SimpleNamespace(
            chip=chip._replace(
                measure=measure,
                due_at=None if chip.state == "paused" else NOW,
                caption=chip.caption.removeprefix("was due "),
            ),
            clock=SimpleNamespace(id=place, state=chip.state),
        )
        for place, (chip, measure) in enumerate(zip(shown, measures, strict=True))
    ]


def _spoken() -> list[Spoken]:
    theirs = Spoken(
        id=1,
        ticket_id=NUMBER,
        author_id=6,
        author_name="Elke Sommer",
        side=Side.REQUESTER,
        kind=MessageKind.MESSAGE,
        channel=Channel.MAIL,
        body="",
        is_markdown=False,
        copied_from_id=None,
        at=NOW - 18 * MINUTE,
        is_response=False,
        is_workaround=False,
        outcome=None,
        happened_at=None,
        opened_at=None,
        taken_back_at=None,
        taken_back_because=None,
    )
    ours = theirs._replace(
        id=2, author_id=1, author_name="Mara Lindt", side=Side.DESK, is_response=True,
        channel=Channel.DESK, opened_at=NOW, is_workaround=True, at=NOW - 11 * MINUTE,
    )  # fmt: skip
    back = ours._replace(id=3, taken_back_at=NOW, taken_back_because="it came back")
    note = ours._replace(id=4, kind=MessageKind.NOTE, is_response=False, opened_at=None)
    return [theirs, ours, back, note._replace(is_workaround=False, author_name="Tomás Rivera")]


def _items(spoken: list[Spoken]) -> list[tuple[str, Any]]:
    theirs, ours, back, note = spoken
    letter = SimpleNamespace(
        way="accepted", name="Elke", address="elke.sommer@brenner-voss.example", at=NOW, reason=""
    )
    returned = SimpleNamespace(**{**vars(letter), "way": "came back", "reason": "mailbox is full"})
    fold = SimpleNamespace(messages=179, events=4, since=NOW - 90 * MINUTE, until=NOW - 20 * MINUTE)
    return [
        ("said", _said(theirs, "Nobody in finance can connect.", may_split=True)),
        ("fold", fold),
        ("said", _said(ours, "We are looking at gateway 2.", [letter], ["Met the first response"])),
        ("said", _said(back, "The letter of this answer came back.", [returned])),
        ("event", SimpleNamespace(words="Jens Adler: high priority", reason="Month end", at=NOW)),
        ("said", _said(note, "Gateway 2 lost its certificate chain.")),
    ]


def _said(
    message: Spoken,
    words: str,
    deliveries: list[SimpleNamespace] | None = None,
    remarks: list[str] | None = None,
    *,
    may_split: bool = False,
) -> SimpleNamespace:
    return SimpleNamespace(
        message=message,
        words=Markup("<p>{}</p>").format(words),
        files=(),
        deliveries=deliveries or [],
        remarks=remarks or [],
        may_split=may_split,
    )
