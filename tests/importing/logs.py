"""Logs for the tests: made-up tickets with everything a canonical log can tell, and short cuts."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.importing import mapping, promises, replaying
from app.importing.events import COLUMNS
from app.importing.rows import Account, Source
from tests.cast import NOW

Line = tuple[str, ...]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def made_up(tickets: int, seed: int = 7) -> list[Line]:
    """Rows about ``tickets`` tickets; some merged, reopened, spam, waiting, still open."""
    chance = random.Random(seed)
    rows: list[Line] = []
    for number in range(tickets):
        at = START + timedelta(minutes=chance.randrange(60 * 24 * 40))
        name = f"T-{number:03}"
        client = chance.choice(["Brenner & Voss", "Fjordbank", "brenner-voss"])
        urgency = chance.choice(["urgent", "high", "normal", "low"])
        value = f"priority={urgency};kind=incident;organisation={client};subject=Case \\; {number}"
        rows.append(_row(name, at, "opened", value, "elke.sommer@brenner-voss.example"))
        rows += _life(chance, name, at)
        if number % 10 == 9:
            rows += _merged_pair(name, at)
    return rows


def _life(chance: random.Random, name: str, at: datetime) -> list[Line]:
    rows: list[Line] = []
    steps = {
        "new": ["agent_reply", "assigned", "note", "priority", "spam?", "resolved"],
        "open": ["requester_message", "agent_reply", "status", "priority", "resolved", "note"],
        "waiting": ["requester_message", "agent_reply", "status", "resolved"],
        "resolved": ["closed", "reopened", "requester_message"],
    }
    state = "new"
    for _ in range(chance.randrange(9)):
        at += timedelta(minutes=chance.choice([3, 45, 240, 1500]), seconds=chance.randrange(1, 60))
        event = chance.choice(steps[state])
        if event == "spam?":
            if chance.random() < 0.2:
                return [*rows, _row(name, at, "spam", "", "mara.lindt@halden.example")]
            continue
        value, actor = f"words of {event}", "mara.lindt@halden.example"
        if event == "status":
            value = chance.choice(["open", "waiting_requester", "waiting_vendor", "on_hold"])
            state = "waiting" if value == "waiting_requester" else "open"
        elif event == "priority":
            value = chance.choice(["urgent", "high", "normal", "low"])
        elif event == "requester_message":
            actor = "elke.sommer@brenner-voss.example"
            state = "open" if state == "waiting" else state
        elif event == "agent_reply":
            state = "open" if state == "new" else state
        elif event == "assigned":
            value, state = "tomas.rivera@halden.example", "open"
        elif event == "resolved":
            state = "resolved"
        elif event == "reopened":
            value, state = chance.choice(["requester", "agent", ""]), "open"
        elif event == "closed":
            return [*rows, _row(name, at, "closed", "", actor)]
        rows.append(_row(name, at, event, value, actor))
    return rows


def _merged_pair(name: str, at: datetime) -> list[Line]:
    value = "priority=normal;kind=request;organisation=Fjordbank;subject=Twice"
    return [
        _row(f"{name}-a", at, "opened", value, "sigrid.moe@fjordbank.example"),
        _row(f"{name}-b", at + timedelta(hours=1), "opened", value, "sigrid.moe@fjordbank.example"),
        _row(f"{name}-b", at + timedelta(hours=2), "agent_reply", "Hello", "Somebody"),
        _row(f"{name}-b", at + timedelta(hours=3), "merged", f"{name}-a", "Somebody"),
    ]


def _row(ticket: str, at: datetime, event: str, value: str, actor: str) -> Line:
    return ticket, at.isoformat(), event, value, actor


def written(path: Path, rows: list[Line], header: tuple[str, ...] = COLUMNS) -> Path:
    """``rows`` as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return path


def replayed(
    path: Path,
    *,
    zone: str = "Europe/Berlin",
    log: mapping.Mapping | None = None,
    as_of: datetime | None = None,
) -> Account:
    """What became of the file at ``path``; nothing is committed."""
    return replaying.replay(path, Source(path.name, zone, log), at=NOW, as_of=as_of)


def promised(prefix: str = "") -> list[tuple[object, ...]]:
    """The export of promises without the refs, of tickets whose name begins with ``prefix``."""
    lines = promises.lines(at=NOW)
    return [line[:1] + line[2:] for line in lines if str(line[0]).startswith(prefix)]
