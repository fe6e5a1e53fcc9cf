"""Compares the driver's log, the tables and what the mail server took. Imports nothing of the app.

Five sets have to be empty: *lost* (it had to be and is not), *ghost* (it is and had no reason),
*twice*, *early* and *unexplained*. Source: escalation.md, "Invariants" and "Faults".
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.faults import tables as reading
from tests.faults.letters import Post, who
from tests.faults.oracle import COVERED, FIRED, NOT_TOLD, Deed, Expected, Key, Oracle, Row
from tests.faults.tables import Record, Tables
from tests.faults.verdict import Verdict

PATIENCE_S = 60
"""E2: a row within so many seconds of healing."""
LEFT_BEHIND = re.compile(r"(rung:\d+:\d+:\d+:\d+):(\d+)")
"""The event of a notice by which a change was told that left a rung behind, and its instant."""
PASSED_ON = ":passed"
"""How the event of a notice ends by which a rung was passed on to the next responsible."""


def check(url: str, folder: Path, *, patience_s: int = PATIENCE_S) -> Verdict:
    """Check the database at ``url`` against the logs in ``folder``, once all is quiet."""
    return judge(
        reading.read(url),
        driver=read_lines(folder / "driver.jsonl"),
        sink=read_lines(folder / "sink.jsonl"),
        nemesis=read_lines(folder / "nemesis.jsonl"),
        now=reading.now(url),
        patience_s=patience_s,
    )


def judge(
    tables: Tables,
    *,
    driver: Sequence[Record],
    sink: Sequence[Record],
    nemesis: Sequence[Record],
    now: int,
    patience_s: int = PATIENCE_S,
) -> Verdict:
    """The same on values; ``now`` is the installation's clock after the tables were read."""
    judging = _Judging(tables, driver, sink, nemesis, now, patience_s)
    judging.verbs()
    judging.rungs()
    judging.notices()
    Post(tables, sink, nemesis, judging.verdict).judge()
    return judging.verdict


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSON log; none when it was never written."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class _Judging:
    """One run: what each part found so far."""

    def __init__(
        self,
        tables: Tables,
        driver: Sequence[Record],
        sink: Sequence[Record],
        nemesis: Sequence[Record],
        now: int,
        patience_s: int,
    ) -> None:
        self.tables, self.sink, self.nemesis, self.now = tables, sink, nemesis, now
        self.patience_s = patience_s
        self.verdict = Verdict()
        self.oracle = Oracle(next(line["world"] for line in driver if "world" in line))
        self.intents = [line for line in driver if "verb" in line]
        self.outcomes = {line["op"]: line["outcome"] for line in driver if "outcome" in line}
        self.deeds: dict[int, list[Deed]] = defaultdict(list)
        self.told: dict[tuple[str, str], Expected] = {}

    # -- what the driver did ------------------------------------------------------------------

    def verbs(self) -> None:
        """Every acknowledged verb is in the tables, nothing else is; the unknown are asked."""
        written = self._written()
        for op, times in Counter(one["op"] for one in self.tables.ops).items():
            if times > 1:
                self.verdict.twice.append(f"{op} was done {times} times")
        for line in self.intents:
            op, outcome = line["op"], self.outcomes.get(line["op"], "unknown")
            ticket = written.get(op)
            self.verdict.unknown += outcome == "unknown"
            if outcome == "committed" and ticket is None:
                self.verdict.lost.append(f"{op}: {line['verb']} was acknowledged and is gone")
            if outcome in {"failed", "refused"} and ticket is not None:
                self.verdict.ghost.append(f"{op}: {line['verb']} failed and is there")
            if ticket is not None:
                deed = Deed(op, line["verb"], line["at"], ticket, line.get("priority", ""))
                self.deeds[ticket].append(deed)
        known = {line["op"] for line in self.intents}
        for op in sorted(set(written) - known):
            self.verdict.unexplained.append(f"nobody did {op} of ticket {written[op]}")

    def _written(self) -> dict[str, int]:
        """Every deed that the tables know, and its ticket."""
        found = {str(one["op"]): int(one["ticket_id"]) for one in self.tables.ops}
        for one in self.tables.reasons:
            if str(one["facts"].get("reason") or "").startswith("op-"):
                found[one["facts"]["reason"]] = one["ticket_id"]
        return found

    # -- rungs --------------------------------------------------------------------------------

    def rungs(self) -> None:
        """Each rung of each clock came to what the oracle says, once, and not too soon."""
        by_key: dict[Key, list[Record]] = defaultdict(list)
        for row in self.tables.rungs:
            by_key[row["ticket_id"], row["measure"], row["position"], row["generation"]].append(row)
        for key, rows in by_key.items():
            if len(rows) > 1:
                self.verdict.twice.append(f"rung {_name(key)} has {len(rows)} rows")
        expected = self._expected(by_key)
        for key, one in expected.items():
            self._compare(one, by_key.get(key, []))
        for key in sorted(set(by_key) - set(expected)):
            self._unasked(key, by_key[key][0])
        self._order()

    def _expected(self, by_key: Mapping[Key, Sequence[Record]]) -> dict[Key, Expected]:
        def row_of(key: Key) -> Row | None:
            rows = by_key.get(key)
            if not rows:
                return None
            return Row(rows[0]["state"], rows[0]["instant_at"], rows[0]["fired_at"])

        found: dict[Key, Expected] = {}
        until = self.now - 1
        for ticket, deeds in sorted(self.deeds.items()):
            if deeds[0].verb != "open":
                self.verdict.unexplained.append(f"ticket {ticket} was never opened")
                continue
            for one in self.oracle.expected(deeds, row_of, until=until):
                found[one.key] = one
        return found

    def _compare(self, one: Expected, rows: Sequence[Record]) -> None:
        name, row = _name(one.key), rows[0] if rows else None
        if one.fate == NOT_TOLD:
            self.verdict.not_told += 1
            if one.until is not None and one.until - one.instant > self._patience(one.instant):
                self.verdict.lost.append(f"rung {name} was due long before a verb came first")
            if row is None or row["state"] != NOT_TOLD:
                self._wrong(one, row)
            return
        if one.fate == COVERED:
            self.verdict.covered += 1
            if row is None or row["state"] != COVERED:
                self._wrong(one, row)
            return
        self.verdict.expected += 1
        if row is None or row["state"] != FIRED or row["instant_at"] != one.instant:
            self._wrong(one, row)
            return
        self._fired(one, row)

    def _wrong(self, one: Expected, row: Record | None) -> None:
        name = _name(one.key)
        if row is not None and row["state"] == FIRED:
            self.verdict.fired += 1
            if row["fired_at"] <= one.instant:
                self.verdict.early.append(f"rung {name}: {_brief(row)}, due at {one.instant}")
            else:
                self.verdict.ghost.append(f"rung {name} fired: {_brief(row)}, expected {one}")
        elif one.fate == FIRED or row is None:
            self.verdict.lost.append(f"rung {name}: {_brief(row)}, expected {one}")
        else:
            self.verdict.unexplained.append(f"rung {name}: {_brief(row)}, expected {one}")

    def _fired(self, one: Expected, row: Record) -> None:
        name = _name(one.key)
        self.verdict.fired += 1
        self.verdict.again += row["generation"] > 1
        lag = row["fired_at"] - one.instant
        self.verdict.lag.append(lag)
        if lag <= 0 or row["fired_at"] > self.now:
            self.verdict.early.append(f"rung {name}: {_brief(row)}, now {self.now}")
        if lag > self._patience(one.instant):
            self.verdict.lost.append(f"rung {name} fired {lag} s late: {_brief(row)}")
        if row["late_by_s"] != lag:
            self.verdict.unexplained.append(f"rung {name} says {row['late_by_s']} s, not {lag} s")
        for address in one.tell:
            self.told[_event(row), address] = one

    def _patience(self, instant: int) -> float:
        """How late it may be: a minute after the last trouble that began before it would fire."""
        healed = float(instant)
        for line in sorted(self.nemesis, key=lambda line: line["at"]):
            if line["at"] <= healed + self.patience_s:
                healed = max(healed, line.get("until", line["at"]))
        return healed - instant + self.patience_s

    def _unasked(self, key: Key, row: Record) -> None:
        words = f"rung {_name(key)}: {_brief(row)}, now {self.now}"
        is_early = (row["fired_at"] or 0) <= row["instant_at"] or row["instant_at"] >= self.now - 1
        if row["state"] == FIRED and is_early:
            self.verdict.early.append(words)
        elif row["state"] == FIRED:
            self.verdict.ghost.append(words)
        else:
            self.verdict.unexplained.append(words)

    def _order(self) -> None:
        """E5: within a clock and generation, rungs fire in the order of their instants.

        A lower rung may come after a higher one: a change that gave more time arms it again, when
        it was covered before, in the generation that it never fired in.
        """
        latest: dict[tuple[int, int], int] = {}
        fired = [row for row in self.tables.rungs if row["state"] == FIRED]
        for row in sorted(fired, key=lambda row: (row["fired_at"], row["position"])):
            clock = row["clock_id"], row["generation"]
            if row["instant_at"] < latest.get(clock, 0):
                self.verdict.unexplained.append(f"clock {clock[0]} fired not rising: {_brief(row)}")
            latest[clock] = max(row["instant_at"], latest.get(clock, 0))

    # -- notices ------------------------------------------------------------------------------

    def notices(self) -> None:
        """E7, E16: one notice per event and recipient, in the event's own transaction."""
        rows = {_event(row): row for row in self.tables.rungs}
        refused = self._refused()
        seen: Counter[tuple[str, str]] = Counter()
        for notice in self.tables.notices:
            if not notice["event"].startswith("rung:"):
                continue
            seen[notice["event"], notice["address"]] += 1
            if left := LEFT_BEHIND.fullmatch(notice["event"]):
                self._left_behind(notice, int(left[2]))
                continue
            first = notice["event"].removesuffix(PASSED_ON)
            row = rows.get(first)
            if first != notice["event"]:
                if first not in refused:
                    words = f"{who(notice)} was told, but no letter came back"
                    self.verdict.unexplained.append(words)
            elif row is None or row["state"] != FIRED:
                self.verdict.ghost.append(f"{who(notice)} was told, but there is no such rung")
            elif notice["at"] != row["fired_at"]:
                self.verdict.ghost.append(
                    f"{who(notice)} was told at {notice['at']}, rung {_brief(row)}"
                )
            elif (notice["event"], notice["address"]) not in self.told:
                self.verdict.unexplained.append(f"{who(notice)} was told and nobody said so")
        for (event, address), times in seen.items():
            if times > 1:
                self.verdict.twice.append(f"{address} was told {times} times of {event}")
        for event, address in sorted(set(self.told) - set(seen)):
            self.verdict.lost.append(f"{address} was not told of {event}")

    def _left_behind(self, notice: Record, instant: int) -> None:
        """Told of a change: there was one at that instant. The rung may have come since."""
        if not any(deed.at == instant for deed in self.deeds[notice["ticket_id"]]):
            self.verdict.ghost.append(f"{who(notice)} was told, but nothing changed then")
        elif notice["at"] < instant:
            self.verdict.early.append(f"{who(notice)} was told at {notice['at']}")

    def _refused(self) -> set[str]:
        """The events of which a letter was refused: somebody else may be told of them."""
        parked = {one["id"] for one in self.tables.letters if one["state"] == "parked"}
        told = (one for one in self.tables.notices if one["letter_id"] in parked)
        return {_rung_of(one["event"]) for one in told}


def _rung_of(event: str) -> str:
    """The rung that an event is about, whether it came, was left behind or passed on."""
    left = LEFT_BEHIND.fullmatch(event)
    return left[1] if left else event.removesuffix(PASSED_ON)


def _event(row: Record) -> str:
    return f"rung:{row['clock_id']}:{row['rung_id']}:{row['generation']}:{row['nth']}"


def _name(key: Key) -> str:
    return f"{key[2]} of {key[1]} on ticket {key[0]}, generation {key[3]}"


def _brief(row: Record | None) -> str:
    if row is None:
        return "no row"
    return f"{row['state']}, instant {row['instant_at']}, fired {row['fired_at']}"
