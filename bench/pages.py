"""What pages cost on the demo: queue, ticket, search, a request filed; and a worker's memory.

CPU milliseconds of the server per request beside Flask's "hello" under the same server. Tickets:
``BENCH_TICKETS``, 100,000 by default. Source: performance.md, "Peers".
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from app import wallclock
from app.database import db, transaction
from app.demo import loading
from app.people import queries as people
from app.tickets import conversation
from app.tickets.models import Message, Ticket
from bench import Figure, places
from bench.reference import ROUNDS, WARM, asked_hello_s, beside_hello, cost, rate_beside_hello
from bench.served import Client, Served, fields_of, served, token_in

TICKETS = int(os.environ.get("BENCH_TICKETS", "100000"))
TIMES = 80
WORKERS = 2
FILING_S = 8
RARE = "quokka"
AGENT, REQUESTER = "mara.lindt@halden.example", "elke.sommer@brenner-voss.example"
QUEUE_MS, TICKET_MS, LONG_MS, SEARCH_MS, FILED_PER_S, MEMORY_MB = 8, 9, 25, 10, 200, 150


def run() -> Iterator[Figure]:
    """All figures, on SQLite and then on PostgreSQL."""
    for name in places.KINDS:
        with places.installation(name, testing=False) as (url, folder):
            loading.load(tickets=TICKETS, seed=1, at=wallclock.now())
            _plant()
            paths = _paths()
            settings = {
                "PLEDGE_DATABASE_URL": url,
                "PLEDGE_SECRET_KEY": "k" * 40,
                "PLEDGE_DEMO": "1",
            }
            with served("wsgi:app", folder=folder, settings=settings, workers=WORKERS) as server:
                yield from _pages(server, name, paths)
                yield _filing(server, name)
                yield _memory(server, name)


def _pages(server: Served, name: str, paths: dict[str, tuple[str, float]]) -> Iterator[Figure]:
    mara = Client(server.port)
    mara.sign_in(AGENT)
    for label, (path, budget_ms) in paths.items():
        taken = cost(server, lambda path=path: mara.get(path), times=TIMES)
        yield beside_hello(
            f"page.{label}.{name}",
            taken.wall_s if label.startswith("search") else taken.cpu_s,
            unit="ms",
            budget_s=budget_ms / 1e3,
            hello_s=taken.hello_s,
        )


def _paths() -> dict[str, tuple[str, float]]:
    """Each page that is measured, with its budget in milliseconds."""
    busy = db.session.execute(
        select(Message.ticket_id, func.count())
        .group_by(Message.ticket_id)
        .order_by(func.count().desc(), Message.ticket_id)
        .limit(1)
    ).one()
    short = db.session.scalars(
        select(Ticket.id).where(Ticket.is_open).order_by(Ticket.id.desc()).limit(1)
    ).one()
    db.session.rollback()
    return {
        "queue.all_open": ("/desk/views/all-open", QUEUE_MS),
        "queue.team": ("/desk/queues/service-desk", QUEUE_MS),
        "ticket": (f"/desk/tickets/{short}", TICKET_MS),
        f"ticket.{busy[1]}_messages": (f"/desk/tickets/{busy[0]}", LONG_MS),
        "search.rare_word": (f"/desk/search?q={RARE}", SEARCH_MS),
        "search.frequent_words": ("/desk/search?q=certificate+expired", SEARCH_MS),
    }


def _plant() -> None:
    """Note a word that nobody of the demo knows on every thousandth ticket."""
    mara = people.find_person_by_address(AGENT)
    assert mara is not None
    at = wallclock.now()
    with transaction():
        for number in db.session.scalars(select(Ticket.id).where(Ticket.id % 1000 == 1)).all():
            ticket = db.session.get_one(Ticket, number)
            conversation.note(ticket, by=mara, body=f"They keep a {RARE} in hall 3.", at=at)


def _filing(server: Served, name: str) -> Figure:
    """Requests filed through the form, four people at once; each form asked for anew.

    What both workers together file in a second of their CPU time.
    """
    people = [Client(server.port) for _ in range(4)]
    for person in people:
        person.sign_in(REQUESTER)

    def file_some(person: Client) -> int:
        filed = 0
        until = time.monotonic() + FILING_S / ROUNDS
        while time.monotonic() < until:
            _file(person)
            filed += 1
        return filed

    for person in people:
        for _ in range(WARM // 2):
            _file(person)
    filed, cpu_s, hello_s = 0, 0.0, 0.0
    with ThreadPoolExecutor(len(people)) as crew:
        for _ in range(ROUNDS):
            hello_s += asked_hello_s() / ROUNDS
            before_s = server.cpu_s
            filed += sum(crew.map(file_some, people))
            cpu_s += server.cpu_s - before_s
    return rate_beside_hello(
        f"filed.{name}",
        WORKERS * filed / cpu_s,
        workers=WORKERS,
        budget_per_s=FILED_PER_S,
        hello_s=hello_s,
    )


def _file(person: Client) -> None:
    page = person.get("/portal/new/vpn")
    values = fields_of(page) | {"subject": "VPN drops", "body": "Since this morning."}
    status = person.post("/portal/new/vpn", values, token=token_in(page))
    if status != 303:
        raise RuntimeError(f"filing answered {status}")


def _memory(server: Served, name: str) -> Figure:
    return Figure(
        f"web.memory.{name}",
        server.resident_mb,
        "MB",
        None,
        None,
        f"<={MEMORY_MB}MB",
        server.resident_mb <= MEMORY_MB,
    )
