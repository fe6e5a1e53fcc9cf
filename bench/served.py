"""Pledge served by gunicorn as it is deployed, and a browser's worth of a client.

What a request costs is the CPU time of the server's processes, not the time on the wall: two
cores that share their work with the client say little by the clock.
"""

import http.client
import os
import re
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tests.browser.site import free_port

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
PASSWORD = "keeps its promises"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Served:
    """A running server: where it listens, and its processes."""

    port: int
    master: "subprocess.Popen[bytes]"

    @property
    def cpu_s(self) -> float:
        """The CPU seconds that its workers have used so far."""
        return sum(_cpu_s(pid) for pid in _children(self.master.pid))

    @property
    def resident_mb(self) -> float:
        """The resident memory of its largest worker, in MB."""
        return max(_resident_mb(pid) for pid in _children(self.master.pid))


@dataclass
class Client:
    """A browser that is signed in: keeps its cookies and its connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> str:
        """The page at ``path``; `RuntimeError` unless it answers 200."""
        status, body = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return body

    def post(self, path: str, values: dict[str, str], *, token: str) -> int:
        """Send a form; the status of the answer."""
        form = urllib.parse.urlencode({**values, "csrf_token": token})
        return self.ask("POST", path, form)[0]

    def sign_in(self, address: str, password: str = PASSWORD) -> None:
        """Come in as somebody, of the demo unless another password is given."""
        token = token_in(self.get("/sign-in"))
        if self.post("/sign-in", {"address": address, "password": password}, token=token) != 303:
            raise RuntimeError(f"{address} could not sign in")

    def ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str]:
        """One request; the status and the body."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, form, headers)
            response = self._connection.getresponse()
            body = response.read().decode("utf-8", "replace")
        except (http.client.HTTPException, ConnectionError):
            self._connection = None
            return self.ask(method, path, form) if method == "GET" else (0, "")
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, body


class _Fields(HTMLParser):
    """The hidden fields of a page's forms, and the first choice of each group."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") in ("hidden", "radio"):
            self.found.setdefault(given.get("name") or "", given.get("value") or "")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send along without anybody typing."""
    parser = _Fields()
    parser.feed(page)
    return parser.found


def token_in(page: str) -> str:
    """The token that guards the forms of a page."""
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("The page has no form.")
    return found.group(1)


@contextmanager
def served(
    app: str, *, folder: Path, settings: dict[str, str], workers: int = 2
) -> Iterator[Served]:
    """Serve ``app`` ("module:name") by gunicorn; it answers when this yields."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4"]
    environment = {"PATH": os.environ["PATH"], "PUBLIC_URL": f"http://127.0.0.1:{port}", **settings}
    with (folder / "web.log").open("ab") as log:
        master = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, within_s=60)
        yield Served(port, master)
    finally:
        master.terminate()
        master.wait(30)


def _wait_for(port: int, *, within_s: float) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in text.split()]


def _cpu_s(pid: int) -> float:
    """The CPU seconds of a process: in nanoseconds where the kernel keeps them, else in ticks."""
    try:
        each = Path(f"/proc/{pid}/task").glob("*/schedstat")
        return sum(int(one.read_text("ascii").split()[0]) for one in each) / 1e9
    except (OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
