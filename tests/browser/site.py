"""Pledge as it is deployed: gunicorn, the worker and a mail server, each a process of its own."""

import os
import signal
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.nursery import WORKER, Nursery
from tests.smtp_sink import SmtpSink

PATIENCE_S = 60
SECRET_KEY = "a-key-for-browsers-that-is-long-enough"


def wait_until(holds: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
    """Return as soon as ``holds()``; `AssertionError` when it does not in time."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, f"waited {within_s} s in vain"
        time.sleep(0.05)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """A running installation on one SQLite file; ``mail`` is the server it sends to."""

    folder: Path
    database_url: str
    mail: SmtpSink
    nursery: Nursery
    port: int = field(default_factory=free_port)
    web: int = 0
    worker: int = 0

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, with_worker: bool = True) -> None:
        """Start web and worker; returns when pages are served."""
        gunicorn = ("gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{self.port}")
        settings = ("--worker-class", "gthread", "--threads", "4", "--log-level", "error")
        self.web = self._run("web", *gunicorn, *settings)
        if with_worker:
            self.start_worker()
        wait_until(self._answers)

    def start_worker(self) -> None:
        """Start the worker."""
        self.worker = self._run("worker", *WORKER)

    def kill_worker(self) -> None:
        """Kill the worker with SIGKILL: it gets to finish nothing."""
        self.nursery.kill(self.worker)

    def stop(self) -> None:
        """End both processes at once: nobody asks any more how they leave."""
        for pid, farewell in ((self.worker, signal.SIGKILL), (self.web, signal.SIGQUIT)):
            if pid and not self.nursery.has_ended(pid):
                os.kill(pid, farewell)
                self.nursery.wait(pid, PATIENCE_S)

    def sent_to(self, address: str, *, about: int) -> int:
        """How many letters to ``address`` about the ticket ``about`` are marked as sent.

        Between the mail server's last word and that mark a killed worker must send again
        (escalation.md, E9).
        """
        with closing(sqlite3.connect(self.folder / "pledge.sqlite")) as database:
            query = (
                "SELECT count(*) FROM letter"
                " WHERE to_address = ? AND ticket_id = ? AND state = 'sent'"
            )
            count: int = database.execute(query, (address, about)).fetchone()[0]
        return count

    def command(self, *words: str) -> str:
        """What ``flask WORDS`` says; `AssertionError` with its complaint when it fails."""
        log = self.folder / "command.log"
        log.unlink(missing_ok=True)
        pid = self._run("command", "flask", "--app", "wsgi", *words)
        assert self.nursery.wait(pid, PATIENCE_S) == 0, self.log("command")
        return self.log("command")

    def log(self, name: str) -> str:
        """What the process ``name`` (web or worker) has said so far."""
        return (self.folder / f"{name}.log").read_text("utf-8")

    def _run(self, name: str, *command: str) -> int:
        log = self.folder / f"{name}.log"
        return self.nursery.start(self._environment(), log, command=command)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PLEDGE_DATABASE_URL": self.database_url,
            "PLEDGE_SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": self.url,
            "PLEDGE_MAIL_SERVER": "127.0.0.1",
            "PLEDGE_MAIL_PORT": str(self.mail.port),
            "PLEDGE_MAIL_USE_TLS": "none",
            "PLEDGE_MAIL_TIMEOUT_S": "2",
            "PLEDGE_MAIL_FINAL_TIMEOUT_S": "2",
            "PLEDGE_LEASE_S": "5",
            "PLEDGE_RETRY_BASE_S": "1",
            "PLEDGE_TESTING": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _answers(self) -> bool:
        assert not self.nursery.has_ended(self.web), self.log("web")
        try:
            urllib.request.urlopen(f"{self.url}/readyz", timeout=1).close()
        except OSError:
            return False
        return True
