"""Real workers: processes of their own that a test starts, stops and kills."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.nursery import Nursery
from tests.smtp_sink import SmtpSink

PATIENCE_S = 60


def wait_until(holds: Callable[[], object], *, within_s: float = PATIENCE_S, saying: str) -> None:
    """Return as soon as ``holds()``; `AssertionError` with ``saying`` when it does not in time."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, f"{saying}: waited {within_s} s in vain"
        time.sleep(0.05)


@dataclass
class Workers:
    """Workers of one database that send to one mail server."""

    database_url: str
    mail: SmtpSink
    log: Path
    nursery: Nursery
    running: list[int] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> int:
        """Start one more; returns its process id at once."""
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a-key-for-workers-that-is-long-enough",
            "PUBLIC_URL": "http://localhost",
            "PLEDGE_MAIL_SERVER": "127.0.0.1",
            "PLEDGE_MAIL_PORT": str(self.mail.port),
            "PLEDGE_MAIL_USE_TLS": "none",
            "PLEDGE_MAIL_TIMEOUT_S": "2",
            "PLEDGE_MAIL_FINAL_TIMEOUT_S": "2",
            "PLEDGE_LEASE_S": "3",
            "PLEDGE_RETRY_BASE_S": "1",
            "PLEDGE_PROBE_S": "1",
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }
        pid = self.nursery.start(environment, self.log)
        self.running.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        """SIGKILL: it gets to finish nothing."""
        self.nursery.kill(pid)
        self.running.remove(pid)

    def stop(self, pid: int) -> int:
        """SIGTERM: it finishes what is under way; its exit code."""
        self.running.remove(pid)
        return self.nursery.stop(pid, PATIENCE_S)

    def said(self) -> str:
        """What all of them wrote."""
        return self.log.read_text("utf-8")


@contextmanager
def workers(database_url: str, mail: SmtpSink, folder: Path, nursery: Nursery) -> Iterator[Workers]:
    """Workers that do not outlive the block."""
    crew = Workers(database_url, mail, folder / "workers.log", nursery)
    try:
        yield crew
    finally:
        for pid in list(crew.running):
            crew.kill(pid)
