"""Real workers: processes of their own that a test starts, stops and kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.smtp_sink import SmtpSink

ROOT = Path(__file__).parents[2]
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
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start one more; returns at once."""
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
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)
        return process

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """SIGKILL: it gets to finish nothing."""
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        self.running.remove(process)

    def stop(self, process: "subprocess.Popen[bytes]") -> int:
        """SIGTERM: it finishes what is under way; its exit code."""
        process.terminate()
        self.running.remove(process)
        return process.wait(PATIENCE_S)

    def said(self) -> str:
        """What all of them wrote."""
        return self.log.read_text("utf-8")


@contextmanager
def workers(database_url: str, mail: SmtpSink, folder: Path) -> Iterator[Workers]:
    """Workers that do not outlive the block."""
    crew = Workers(database_url, mail, folder / "workers.log")
    try:
        yield crew
    finally:
        for process in list(crew.running):
            crew.kill(process)
