"""Loading the demo: agreements, people, and a history replayed through the same rules as any log.

Deterministic for a seed, a size and an instant. Nothing is mailed: what has passed is covered,
what runs goes on from now.
"""

import csv
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import bindparam, select, update

from app.agreements import choosing
from app.agreements import loading as agreements
from app.catalogue import queries as catalogue
from app.database import db, transaction
from app.demo import (
    cast,
    contesting,
    drafting,
    duties,
    negotiating,
    newest,
    promising,
    qualifying,
    renegotiating,
    reviewing,
    sharing,
    stories,
    subjects,
    viewing,
    writing,
)
from app.demo.cast import Cast
from app.demo.newest import Newest
from app.demo.stories import Asked, Story
from app.demo.subjects import Topic
from app.importing import going_live, replaying
from app.importing.events import COLUMNS
from app.importing.loading import table_of
from app.importing.rows import Account, Source
from app.mail import outbox
from app.people import queries as people
from app.people.models import Person
from app.tickets.models import Message, Ticket
from app.tickets.words import Channel, Side, Status

WEEKS = 10
OPEN_SHARE = 0.08
PRIORITIES = {"urgent": 6, "high": 24, "normal": 48, "low": 22}
WEIGHTS = {cast.BRENNER: 5, "Fjordbank": 4, "St. Marien Clinic": 4, "Kestrel Logistics": 3}

Progress = Callable[[str, int, int], None]


def is_loaded() -> bool:
    """Whether anybody lives here already."""
    return db.session.scalar(select(Person.id).limit(1)) is not None


def load(*, tickets: int, seed: int, at: datetime, tell: Progress = replaying.silently) -> Account:
    """Load agreements, people and ``tickets`` tickets; answers what the replay counted.

    One transaction: an interrupted load leaves nothing.
    """
    with transaction(), outbox.muted(), tempfile.TemporaryDirectory() as folder:
        agreements.load_file(agreements.PRESETS / "house.toml", at=at)
        workplace = (agreements.PRESETS / "managed-workplace.toml").read_text("utf-8")
        values = reviewing.dated(tomllib.loads(workplace), at=at)
        promising.add(values)
        renegotiating.load_older(values, at=at)
        agreements.enter(values, at=at)
        crew = cast.add_people(at=at)
        log = Path(folder) / "demo.csv"
        forms = _write(log, _stories(crew, tickets=tickets, random=Random(seed), at=at))
        account = replaying.replay(log, Source("demo", "UTC"), at=at, as_of=at, tell=tell)
        _dress(forms)
        going_live.go_live(going_live.preview(at))
        duties.add(at=at)
        writing.add(at=at)
        sharing.add(at=at)
        viewing.add(at=at)
        qualifying.add(at=at)
        contesting.add(at=at)
        reviewing.add(at=at)
        negotiating.add(at=at)
        drafting.add(at=at)
    return account


def _write(path: Path, told: Iterator[Story]) -> dict[str, str]:
    """Write the log of all stories; answers which form each ticket was made with."""
    forms = {}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for story in told:
            writer.writerows(story.rows)
            forms[story.asked.name] = story.asked.topic.request_type
    return forms


def _stories(crew: Cast, *, tickets: int, random: Random, at: datetime) -> Iterator[Story]:
    """All stories, the oldest first: most have ended, some are open now."""
    asking = _Asking(crew)
    opens = int(tickets * OPEN_SHARE)
    shown = newest.ALL[-opens:] if opens else ()
    contacts = sorted(_contact(random, at) for _ in range(tickets - opens))
    for number in range(1, tickets + 1):
        name = f"D-{number:06}"
        if number > tickets - len(shown):
            one = shown[number - 1 - tickets]
            yield newest.story(one, asking.shown(name, one, at), random, at)
        elif number > len(contacts):
            yield _open_story(asking.by_chance(name, random, at), random, at)
        else:
            contact_at = contacts[number - 1]
            yield stories.ended(asking.by_chance(name, random, contact_at), contact_at, random, at)


class _Asking:
    """Who asks for what, with the promise in force then; reads the installation once."""

    def __init__(self, crew: Cast) -> None:
        self._crew = crew
        self._kinds = {kind.key: kind for kind in catalogue.request_types()}
        self._teams = {team.id: team.name for team in people.teams()}
        found = {name: people.find_organisation_by_name(name) for name in crew.requesters}
        self._ids = {name: one.id for name, one in found.items() if one is not None}
        self._book = choosing.Book()

    def by_chance(self, name: str, random: Random, at: datetime) -> Asked:
        """Somebody of some organisation asks for something that people there ask for."""
        organisation = _organisation(random, self._crew)
        topic = random.choice(subjects.topics_of(organisation))
        requester = random.choice(self._crew.requesters[organisation])
        priority = random.choices(list(PRIORITIES), list(PRIORITIES.values()))[0]
        return self._asked(name, topic, organisation, requester, priority, "", at)

    def shown(self, name: str, one: Newest, at: datetime) -> Asked:
        """The person of ``one`` asks for it."""
        requester = cast.address_of(one.requester, cast.CLIENTS[one.organisation].domain)
        agent = cast.address_of(one.agent, cast.DOMAIN) if one.agent else ""
        return self._asked(name, one.topic, one.organisation, requester, one.priority, agent, at)

    def _asked(
        self,
        name: str,
        topic: Topic,
        organisation: str,
        requester: str,
        priority: str,
        agent: str,
        at: datetime,
    ) -> Asked:
        kind = self._kinds[topic.request_type]
        team = self._crew.agents[self._teams.get(kind.team_id or 0, "Service desk")]
        return Asked(
            name=name,
            topic=topic,
            organisation=organisation,
            requester=requester,
            service=kind.service.key,
            kind=kind.kind.value,
            priority=priority,
            agents=(agent,) if agent else team,
            terms=self._book.choose(
                organisation_id=self._ids[organisation],
                service_id=kind.service_id,
                priority=priority,
                kind=kind.kind.value,
                at=at,
                team_id=kind.team_id,
            ),
        )


def _open_story(asked: Asked, random: Random, at: datetime) -> Story:
    chance = random.random()
    if chance < 0.2:
        return stories.unanswered(asked, random.uniform(0.1, 0.95), random, at)
    if chance < 0.26:
        return stories.unanswered(asked, random.uniform(1.02, 1.4), random, at)
    if chance < 0.34:
        return stories.in_work(asked, random.uniform(1.01, 1.3), random, at)
    if chance < 0.5:
        return stories.in_work(asked, random.uniform(0.76, 0.97), random, at)
    if chance < 0.82:
        return stories.in_work(asked, random.uniform(0.1, 0.74), random, at)
    status = "waiting_requester" if chance < 0.93 else "waiting_vendor"
    return stories.waiting(asked, status, random, at)


def _contact(random: Random, at: datetime) -> datetime:
    """An instant of the last weeks, on working days and mostly by day."""
    while True:
        day = at - timedelta(days=random.randint(1, WEEKS * 7))
        if day.weekday() < 5 or random.random() < 0.06:
            hour = random.triangular(6.5, 17.5, 9.5)
            midnight = day.replace(hour=0, minute=0, second=0)
            return midnight + timedelta(seconds=int(hour * 3600))


def _organisation(random: Random, crew: Cast) -> str:
    names = list(crew.requesters)
    return random.choices(names, [WEIGHTS.get(name, 2) for name in names])[0]


def _dress(forms: dict[str, str]) -> None:
    """What a log cannot say: the team, the form that was filled in, and the channel."""
    kinds = {kind.key: kind for kind in catalogue.request_types()}
    table = table_of(Ticket)
    filled = update(table).where(table.c.external_ref == bindparam("of"))
    db.session.connection().execute(
        filled.values(request_type_id=bindparam("form"), team_id=bindparam("team")),
        [
            {"of": name, "form": kinds[form].id, "team": kinds[form].team_id}
            for name, form in forms.items()
        ],
    )
    db.session.execute(update(Ticket).values(channel=Channel.PORTAL))
    db.session.execute(
        update(Ticket).where(Ticket.status == Status.NEW).values(why="New, unassigned")
    )
    for side, channel in ((Side.REQUESTER, Channel.PORTAL), (Side.DESK, Channel.DESK)):
        db.session.execute(update(Message).where(Message.side == side).values(channel=channel))
