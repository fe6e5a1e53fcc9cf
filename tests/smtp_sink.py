"""A real SMTP server for tests: keeps what it gets and answers as it is told.

In tests the fixture `smtp_sink`; as a process of its own:
``python -m tests.smtp_sink --port 2525 --log letters.jsonl`` writes one JSON line per letter
before it answers: at, from, to, subject, message_id, answer, and whether the reply was lost. A
letter that it refuses is a line with ``refused``.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from weakref import WeakSet

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

DROP = "drop"
"""Take the letter, then cut the connection instead of saying so."""
DROP_UNREAD = "drop unread"
"""Cut the connection before the letter is taken."""
DROP_AFTER = "drop after"
"""Take the letter, say so, and cut the connection."""
TARPIT = "tarpit"
"""Take the letter and keep silent for `tarpit_s`."""
LOST = (DROP, TARPIT)
SETTLING_S = 0.01


@dataclass(frozen=True)
class Received:
    """A letter as it came over the wire; ``answer`` is what the server said to it."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    answer: str

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())


@dataclass
class Rule:
    """What to answer at ``stage`` (MAIL, RCPT or DATA) to one address, or to all."""

    stage: str
    answer: str
    to: str | None
    times: int | None

    def fits(self, stage: str, addresses: list[str]) -> bool:
        return (
            self.stage == stage
            and (self.to is None or self.to in addresses)
            and (self.times is None or self.times > 0)
        )


@dataclass
class SmtpSink:
    """The server: `received` holds accepted letters, also those whose reply was dropped."""

    port: int = 0
    log: str | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    rules: list[Rule] = field(default_factory=list)
    delay_s: float = 0
    tarpit_s: float = 4
    _controller: "_Server | None" = None

    def start(self) -> None:
        """Listen on ``port`` of the loopback; 0 chooses a free one and keeps it."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        self._controller = _Server(self, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def answer(
        self, answer: str, *, stage: str = "RCPT", to: str | None = None, times: int | None = None
    ) -> None:
        """Answer ``answer`` ("451 later") at ``stage``, for one address, a number of times."""
        self.rules.append(Rule(stage, answer, to, times))

    def drop_before_final_reply(self, *, times: int = 1, to: str | None = None) -> None:
        """Take the letter, then cut the connection instead of saying so."""
        self.answer(DROP, stage="DATA", to=to, times=times)

    def forget(self, *, stage: str, to: str | None = None) -> None:
        """Drop the rules of a stage, for one address or those for all."""
        self.rules = [rule for rule in self.rules if (rule.stage, rule.to) != (stage, to)]

    def behave(self) -> None:
        """Forget all rules: accept everything at once."""
        self.rules.clear()
        self.delay_s = 0

    def to(self, address: str) -> list[Received]:
        """The letters that came for ``address``."""
        return [each for each in self.received if address in each.recipients]

    # -- what aiosmtpd calls ------------------------------------------------------------------

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL", [address])
        if answer is not None:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", [address])
        if answer is not None:
            self._write({"to": [address], "message_id": None, "refused": answer})
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        answer = self._answer("DATA", envelope.rcpt_tos) or "250 OK"
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=default))
        letter = Received(envelope.mail_from, list(envelope.rcpt_tos), message, answer)
        if answer.startswith("2") or answer in (*LOST, DROP_AFTER):
            self.received.append(letter)
            self._write({**_line(letter), "lost": answer in LOST})
        elif answer != DROP_UNREAD:
            self._write({**_line(letter), "refused": answer})
        if answer == TARPIT:
            await asyncio.sleep(self.tarpit_s)
            return "250 OK"
        if answer == DROP_AFTER:
            await server.push("250 OK")
        if answer in (DROP, DROP_UNREAD, DROP_AFTER):
            assert server.transport is not None
            cut = server.transport.close if answer == DROP_AFTER else server.transport.abort  # type: ignore[attr-defined]
            cut()
            raise ConnectionResetError
        return answer

    def _answer(self, stage: str, addresses: list[str]) -> str | None:
        for rule in self.rules:
            if rule.fits(stage, addresses):
                if rule.times is not None:
                    rule.times -= 1
                return rule.answer
        return None

    def _write(self, line: dict[str, Any]) -> None:
        if self.log is None:
            return
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(json.dumps({"at": time.time(), **line}) + "\n")
            log.flush()
            os.fsync(log.fileno())


class _Server(Controller):
    """Cuts what is still connected when it stops, so that no open socket is left behind."""

    def __init__(self, sink: SmtpSink, *, port: int) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=port, ready_timeout=10, decode_data=False)
        self._met: WeakSet[SMTP] = WeakSet()

    def factory(self) -> SMTP:
        met: SMTP = super().factory()
        self._met.add(met)
        return met

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._leave(), self.loop).result()
        super().stop(no_assert)

    async def _leave(self) -> None:
        if self.server is not None:
            self.server.close()
        await asyncio.sleep(SETTLING_S)  # whoever was being let in is in
        while connected := [met.transport for met in self._met if met.transport is not None]:
            for transport in connected:
                cast(asyncio.Transport, transport).abort()
            await asyncio.sleep(0)


def _line(letter: Received) -> dict[str, Any]:
    return {
        "from": letter.sender,
        "to": letter.recipients,
        "subject": letter.subject,
        "message_id": str(letter.message["Message-ID"]),
        "answer": letter.answer,
    }


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A server on a free port of the loopback, stopped after the test."""
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="An SMTP server that keeps what it gets.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True)
    given = parser.parse_args()
    sink = SmtpSink(port=given.port, log=given.log)
    sink.start()
    print(f"listening on 127.0.0.1:{given.port}", flush=True)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    ended.wait()
    sink.stop()


if __name__ == "__main__":
    main()
