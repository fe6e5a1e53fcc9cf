"""Processes by the dozen: one imports the application, and each worker and site is its fork.

Every fork runs its command (``flask worker`` or ``gunicorn``) with an environment and a log of its
own, exactly as if it had been started by hand, only without the seconds that Python needs to
import everything. Run as ``python -m tests.nursery`` it takes a JSON line per process on standard
input and tells of each that began or ended on standard output.
"""

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORKER = ("flask", "--app", "wsgi", "worker")
KNOWN = ("app.assembly", "app.cli", "config", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
"""What is imported before the first fork."""


class Nursery:
    """The parent of all processes of a run."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
            text=True,
        )
        self._told = threading.Condition()
        self._born: list[int] = []
        self._codes: dict[int, int] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def start(
        self, env: dict[str, str], log: Path, *, command: Sequence[str] = WORKER, plant: str = ""
    ) -> int:
        """Start a worker, or what else ``command`` says; its process id."""
        line = {"command": command, "env": env, "log": str(log), "plant": plant}
        assert self._process.stdin is not None
        with self._told:
            before = len(self._born)
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()
            assert self._told.wait_for(lambda: len(self._born) > before, 60), "no process came"
            return self._born[before]

    def wait(self, pid: int, within_s: float = 30) -> int:
        """The exit code of one that ends by itself; negative: the signal that ended it."""
        with self._told:
            ended = self._told.wait_for(lambda: pid in self._codes, within_s)
            assert ended, f"process {pid} runs on after {within_s} s"
            return self._codes[pid]

    def has_ended(self, pid: int) -> bool:
        with self._told:
            return pid in self._codes

    def kill(self, pid: int) -> int:
        """SIGKILL: it gets to finish nothing."""
        if not self.has_ended(pid):
            os.kill(pid, signal.SIGKILL)
        return self.wait(pid)

    def stop(self, pid: int, within_s: float = 60) -> int:
        """SIGTERM: it finishes what is under way; its exit code."""
        os.kill(pid, signal.SIGTERM)
        return self.wait(pid, within_s)

    def close(self) -> None:
        """No more of them; those that still run are killed with their parent's last breath."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._listener.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            with self._told:
                if "began" in said:
                    self._born.append(said["began"])
                else:
                    self._codes[said["ended"]] = said["code"]
                self._told.notify_all()


def main() -> None:
    """Fork as told until standard input ends; then kill what is left."""
    for name in KNOWN:
        importlib.import_module(name)

    running: set[int] = set()
    unread = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.05)
        _bury(running)
        if not ready:
            continue
        chunk = os.read(0, 65536)
        if not chunk:
            break
        *lines, unread = (unread + chunk).split(b"\n")
        for line in lines:
            pid = _fork(json.loads(line))
            running.add(pid)
            _tell(began=pid)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while running and time.monotonic() < until:
        _bury(running)
        time.sleep(0.02)


def _fork(wanted: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _run(wanted)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(wanted: dict[str, Any]) -> None:
    log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(wanted["env"])
    if wanted["plant"]:
        from tests.faults import planted

        planted.plant(wanted["plant"])
    sys.argv = wanted["command"]
    if sys.argv[0] == "flask":
        from flask.cli import main
    else:
        from gunicorn.app.wsgiapp import run as main
    main()


def _bury(running: set[int]) -> None:
    for pid in list(running):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            running.discard(pid)
            _tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def _tell(**words: int) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
