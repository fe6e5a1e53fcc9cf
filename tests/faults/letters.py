"""The checker's part about letters: what the mail server took against what the tables say."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.faults.tables import Record, Tables
from tests.faults.verdict import Verdict

LETTERS_OF_RUNGS = ("escalation", "client-promise", "escalation-digest")
Refusals = dict[str, list[Record]]
"""What the mail server refused, by Message-ID or by address."""
DEADLY = ("kill", "stop", "database", "clock", "locked", "full")


class Post:
    """All letters of one run."""

    def __init__(
        self,
        tables: Tables,
        sink: Sequence[Record],
        nemesis: Sequence[Record],
        verdict: Verdict,
    ) -> None:
        self.tables, self.sink, self.nemesis, self.verdict = tables, sink, nemesis, verdict

    def judge(self) -> None:
        """E2, E8, E9, E16: sent at least once, a copy only for a reason, none out of nothing."""
        taken: dict[str, list[Record]] = defaultdict(list)
        refused: dict[str, list[Record]] = defaultdict(list)
        for line in self.sink:
            if line.get("refused"):
                refused[line["message_id"] or line["to"][0]].append(line)
            else:
                taken[line["message_id"]].append(line)
        letters = {letter["message_id"]: letter for letter in self.tables.letters}
        for message_id in sorted(set(taken) - set(letters)):
            self.verdict.ghost.append(f"a letter that no table knows came: {taken[message_id][0]}")
        for message_id, letter in letters.items():
            self._letter(letter, taken.get(message_id, []), refused)
        self._bound()
        self._told_by_two()

    def _letter(self, letter: Record, came: Sequence[Record], refused: Refusals) -> None:
        name = f"letter {letter['id']} ({letter['kind']}) to {letter['to_address']}"
        self.verdict.letters += bool(came)
        if letter["state"] == "parked":
            self.verdict.parked += 1
            if not letter["reason"] or letter["to_address"] not in refused:
                self.verdict.unexplained.append(f"{name} is parked: {letter['reason']}")
            if came and not self._is_refused_copy(came[-1], refused[letter["to_address"]]):
                self.verdict.unexplained.append(f"{name} is parked though it was taken")
        elif letter["state"] != "sent":
            self.verdict.lost.append(f"{name} is still {letter['state']}: {letter['reason']}")
        elif not came:
            self.verdict.lost.append(f"{name} is marked sent and never came")
        for before, copy in itertools.pairwise(came):
            self.verdict.copies += 1
            if not self._is_excused(before, copy):
                self.verdict.twice.append(f"{name} came twice: {before} and {copy}")
        if any(line["to"] != [letter["to_address"]] for line in came):
            self.verdict.ghost.append(f"{name} came to {[line['to'] for line in came]}")
        if came and letter["kind"] in LETTERS_OF_RUNGS:
            self.verdict.mail_lag.append(came[0]["at"] - letter["created_at"])

    def _is_refused_copy(self, taken: Record, refusals: Sequence[Record]) -> bool:
        """Nobody learned that it was taken, as for a copy, and the next try was refused."""
        later = [refusal for refusal in refusals if refusal["at"] >= taken["at"]]
        return any(self._is_excused(taken, refusal) for refusal in later)

    def _is_excused(self, before: Record, copy: Record) -> bool:
        """E9: the reply was lost, or there was a death or worse before the mark."""
        if before["lost"]:
            return True
        return any(
            line["kind"] in DEADLY
            and line["at"] <= copy["at"] + 1
            and line.get("until", line["at"]) >= before["at"] - 1
            for line in self.nemesis
        )

    def _bound(self) -> None:
        """Every notice has its letter, every letter of a rung its notice."""
        carried = {notice["letter_id"] for notice in self.tables.notices}
        for notice in self.tables.notices:
            if notice["gathered_at"] is None or notice["letter_id"] is None:
                self.verdict.lost.append(f"{who(notice)} was told and got no letter")
        for letter in self.tables.letters:
            if letter["kind"] in LETTERS_OF_RUNGS and letter["id"] not in carried:
                self.verdict.ghost.append(f"letter {letter['id']} carries no notice")

    def _told_by_two(self) -> None:
        """A rung is in one letter to a person, however the letters are called."""
        seen: dict[tuple[Any, ...], int] = {}
        for letter in self.tables.letters:
            items = letter["facts"].get("items", [letter["facts"]])
            for facts in items if letter["kind"] in LETTERS_OF_RUNGS else ():
                what = (letter["to_address"], facts.get("clock_id"), facts.get("fired_at"))
                what += (facts.get("point"), facts.get("nth"))
                if what in seen and facts.get("clock_id") is not None:
                    words = f"letters {seen[what]} and {letter['id']} tell {what[0]} the same"
                    self.verdict.twice.append(words)
                seen[what] = letter["id"]


def who(notice: Record) -> str:
    """A notice in words."""
    return f"{notice['address']} of {notice['event']}"
