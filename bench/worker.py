"""The worker as a process: how late a letter is, 10,000 rungs due in one second, the web meanwhile.

Lateness is from the instant at which a rung is due to the mail server's answer for its letter.
Instants are whole seconds and a rung fires strictly after its own, so a second of it is the rule.
Source: performance.md, "Ours alone".
"""

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from sqlalchemy import func, select

from app import claims, waking, wallclock
from app.agreements import loading
from app.catalogue.words import Priority
from app.clocks.models import Clock, Escalation
from app.database import db, transaction
from app.mail.models import Letter
from app.notices.models import Notice
from bench import Figure, places
from bench.crowd import multiply
from bench.reference import beside_hello
from bench.served import Client, served
from tests import cast as stage
from tests import factories
from tests.cast import Cast
from tests.escalation.processes import Workers, workers
from tests.nursery import Nursery
from tests.smtp_sink import SmtpSink

LATE_S, RUSH_S, SLOWER = 1.5, 10, 2.0
LETTERS, CROWD = 150, 10_000
SINK = "sink.jsonl"
QUEUE = "/desk/views/all-open"
REST_S = 0.1
"""Between two pages of an agent who keeps looking at the queue."""
AHEAD_S = 30
"""After how many seconds the rung of a high priority comes; the crowd is made meanwhile."""


@dataclass(frozen=True)
class Place:
    """An installation with its own workers and mail server."""

    url: str
    folder: Path
    cast: Cast
    crew: Workers

    @property
    def log(self) -> Path:
        """What the mail server keeps of what it took."""
        return self.folder / SINK


def run() -> Iterator[Figure]:
    """Both figures, on SQLite and then on PostgreSQL."""
    for name in places.KINDS:
        with _place(name) as place:
            place.crew.start()
            _wait(_is_at_work, within_s=120)
            yield _lateness(place, name)
        with _place(name) as place:
            yield from _rush(place, name)


@contextmanager
def _place(name: str) -> Iterator[Place]:
    with (
        places.installation(name, testing=False) as (url, folder),
        _mail_server(folder / SINK) as sink,
        closing(Nursery()) as nursery,
        workers(url, sink, folder, nursery) as crew,
    ):
        cast = stage.assemble()
        with transaction():
            loading.load_file(Path(__file__).with_name("rush.toml"), at=wallclock.now())
        yield Place(url, folder, cast, crew)


@contextmanager
def _mail_server(log: Path) -> Iterator[SmtpSink]:
    """The sink as a process of its own, so that it waits for nothing of ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["-m", "tests.smtp_sink", "--port", str(port), "--log", str(log)]
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield SmtpSink(port=port)
    finally:
        process.terminate()
        process.wait(10)


def _lateness(place: Place, name: str) -> Figure:
    """Tickets opened at random moments; each has a rung 10 s ahead."""
    chance = random.Random(7)
    for _ in range(LETTERS):
        factories.open_request(
            place.cast.sigrid,
            place.cast.vpn_problem,
            at=wallclock.now(),
            priority=Priority.URGENT,
        )
        time.sleep(chance.uniform(0, 0.4))
    _wait(lambda: _gathered() >= LETTERS, within_s=60)
    _wait(lambda: len(_lateness_of(place)) >= LETTERS, within_s=60, every_s=2)
    late = quantiles(_lateness_of(place), n=100)
    return Figure(
        f"escalation.lateness.{name}.p99",
        late[98],
        "s",
        1,
        late[98],
        f"<={LATE_S}s",
        late[98] <= LATE_S,
    )


def _lateness_of(place: Place) -> list[float]:
    """For each rung whose letter arrived, the seconds from its instant until then."""
    arrived: dict[str, float] = {}
    if place.log.exists():
        for line in place.log.read_text("utf-8").splitlines():
            said = json.loads(line)
            arrived.setdefault(said["message_id"], said["at"])
    db.session.rollback()
    rows = db.session.execute(
        select(Letter.message_id, Notice.event, Notice.ticket_id)
        .join(Letter, Letter.id == Notice.letter_id)
        .where(Notice.kind == "escalation")
    ).all()
    due = {
        f"rung:{row.clock_id}:{row.rung_id}:{row.generation}:{row.nth}": row.instant_at
        for row in db.session.scalars(select(Escalation))
    }
    return [
        arrived[row.message_id] - due[row.event].timestamp()
        for row in rows
        if row.message_id in arrived and row.event in due
    ]


def _rush(place: Place, name: str) -> Iterator[Figure]:
    """A crowd of copies of one ticket, all with their rung at one instant; two workers.

    Meanwhile an agent looks at the queue, again and again.
    """
    settings = {"PLEDGE_DATABASE_URL": place.url, "PLEDGE_SECRET_KEY": "k" * 40}
    with served("wsgi:app", folder=place.folder, settings=settings) as server:
        mara = Client(server.port)
        mara.sign_in(str(place.cast.mara.address), stage.PASSWORD)
        due_at = _crowd(place)
        for _ in range(2):
            place.crew.start()
        before_s = _looking(mara, lambda: time.time() > due_at + 1)
        meanwhile_s = _looking(mara, lambda: _fired() >= CROWD)
        taken_s = time.time() - due_at - 1
    yield beside_hello(f"escalation.rush.{name}.10000", taken_s, unit="s", budget_s=RUSH_S)
    yield Figure(
        f"escalation.rush.{name}.web_p95",
        meanwhile_s * 1e3,
        "ms",
        before_s * 1e3,
        meanwhile_s / before_s,
        f"<={SLOWER:g}x",
        meanwhile_s <= SLOWER * before_s,
    )


def _crowd(place: Place) -> float:
    """Make the crowd; when its rungs are due, in seconds since 1970."""
    ticket = factories.open_request(
        place.cast.sigrid, place.cast.vpn_problem, at=wallclock.now(), priority=Priority.HIGH
    )
    clock = db.session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)).one()
    due_at = ticket.contact_at.timestamp() + AHEAD_S
    multiply(ticket, clock, until=CROWD)
    return due_at


def _looking(agent: Client, is_over: Callable[[], bool]) -> float:
    """What a page takes in 95 of 100 cases, in seconds by the clock, until ``is_over()``."""
    taken = []

    def look() -> bool:
        began = time.perf_counter()
        agent.get(QUEUE)
        taken.append(time.perf_counter() - began)
        return is_over()

    _wait(look, within_s=120, every_s=REST_S)
    return quantiles(taken, n=20)[18]


def _is_at_work() -> bool:
    """Whether a worker has begun to look: until then lateness is that of its start."""
    db.session.rollback()
    return all(claims.last_beat(part) for part in (waking.FIRING, waking.SENDING))


def _gathered() -> int:
    db.session.rollback()
    query = select(func.count()).where(Notice.letter_id.is_not(None), Notice.kind == "escalation")
    return db.session.scalar(query) or 0


def _fired() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Escalation)) or 0


def _wait(holds: Callable[[], bool], *, within_s: float, every_s: float = 0.1) -> None:
    until = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > until:
            raise RuntimeError("The worker did not get done in time.")
        time.sleep(every_s)
