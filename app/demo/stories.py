"""Stories of the demo's tickets, told as canonical events. Pure: numbers come from one seed.

Every instant is worked out with the ticket's own targets and hours, so that most promises are
kept, some are missed, and what is open now stands where a queue has it: over, at risk, running,
waiting.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from app.agreements.terms import TargetTerms, Terms
from app.demo import subjects
from app.demo.subjects import Topic
from app.importing.events import written

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Who asks for what, and what is promised for it."""

    name: str
    topic: Topic
    organisation: str
    requester: str
    service: str
    kind: str
    priority: str
    agents: tuple[str, ...]
    terms: Terms


@dataclass
class Story:
    """The events of one ticket so far; nothing is told beyond ``until``."""

    asked: Asked
    random: Random
    until: datetime
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    last_at: datetime = datetime.min  # noqa: DTZ901

    def tell(self, at: datetime, event: str, value: str, actor: str) -> bool:
        """Add an event at ``at``, at least a minute after the last; False when it lies ahead."""
        if self.rows:
            at = max(at, self.last_at + MINUTE)
        if at > self.until:
            return False
        self.last_at = at
        self.rows.append((self.asked.name, at.isoformat(), event, value, actor))
        return True

    def also(self, event: str, value: str, actor: str) -> None:
        """Add an event of the same instant as the last."""
        self.rows.append((self.asked.name, self.last_at.isoformat(), event, value, actor))

    def pick(self, texts: tuple[str, ...]) -> str:
        """One of the texts."""
        return self.random.choice(texts)


def ended(asked: Asked, contact_at: datetime, random: Random, until: datetime) -> Story:
    """A ticket that was worked to its end, unless its end lies beyond ``until``."""
    story = _opened(asked, contact_at, random, until)
    agent = random.choice(asked.agents)
    first, resolution = _targets(asked)
    late = random.random() < 0.06
    answered_at = _after(first, contact_at, _share(random, late))
    if not _answered(story, answered_at, agent):
        return story
    if random.random() < 0.3 and not _asked_back(story, agent):
        return story
    if random.random() < 0.12 and not _followed_up(story, agent):
        return story
    if random.random() < 0.1:
        story.tell(story.last_at + 5 * MINUTE, "note", story.pick(subjects.NOTES), agent)
    if random.random() < 0.06:
        raised = {"low": "normal", "normal": "high", "high": "urgent"}.get(asked.priority)
        if raised:
            story.tell(story.last_at + 10 * MINUTE, "priority", raised, agent)
    solved_at = _after(resolution, contact_at, _share(random, random.random() < 0.09))
    _helped(story, contact_at, agent, before=solved_at)
    if not story.tell(solved_at, "resolved", story.pick(subjects.SOLUTIONS), agent):
        return story
    if random.random() < 0.04:
        reopened_at = story.last_at + random.randint(2, 30) * HOUR
        if not story.tell(reopened_at, "reopened", "requester", asked.requester):
            return story
        solved_at = _after(resolution, story.last_at, 0.2)
        if not story.tell(solved_at, "resolved", story.pick(subjects.SOLUTIONS), agent):
            return story
    story.tell(story.last_at + 7 * DAY, "closed", "", "")
    return story


def unanswered(
    asked: Asked, share: float, random: Random, until: datetime, *, taken: float = 0.3
) -> Story:
    """A ticket of whose first response ``share`` is used up; ``taken``: how likely by somebody."""
    first, _ = _targets(asked)
    story = _opened(asked, _before(first, until, share), random, until)
    if random.random() < taken:
        agent = random.choice(asked.agents)
        story.tell(story.last_at + 3 * MINUTE, "assigned", agent, agent)
    return story


def in_work(
    asked: Asked, share: float, random: Random, until: datetime, *, words: str = ""
) -> Story:
    """An open ticket, answered, of whose resolution ``share`` is used up now.

    With ``words`` the requester wrote them a few minutes ago; else some wrote something.
    """
    first, resolution = _targets(asked)
    contact_at = _before(resolution, until, share)
    story = _opened(asked, contact_at, random, until)
    agent = random.choice(asked.agents)
    answered_at = min(_after(first, contact_at, 0.4), until - 20 * MINUTE)
    is_answered = _answered(story, answered_at, agent)
    _helped(story, contact_at, agent, before=until - HOUR)
    if is_answered and (words or random.random() < 0.4):
        wrote_at = until - random.randint(3, 50) * MINUTE
        words = words or story.pick(subjects.FOLLOW_UPS)
        story.tell(wrote_at, "requester_message", words, asked.requester)
    return story


def waiting(
    asked: Asked, status: str, random: Random, until: datetime, *, words: str = ""
) -> Story:
    """A ticket that waits for its requester or for a supplier, perhaps with these ``words``."""
    first, resolution = _targets(asked)
    contact_at = _before(resolution, until, random.uniform(0.3, 1.2))
    story = _opened(asked, contact_at, random, until)
    agent = random.choice(asked.agents)
    answered_at = min(_after(first, contact_at, 0.5), until - 30 * MINUTE)
    if _answered(story, answered_at, agent):
        asked_at = min(story.last_at + 20 * MINUTE, until - 5 * MINUTE)
        text = subjects.QUESTIONS if status == "waiting_requester" else subjects.UPDATES
        if story.tell(asked_at, "agent_reply", words or story.pick(text), agent):
            story.also("status", status, agent)
    return story


def _opened(asked: Asked, contact_at: datetime, random: Random, until: datetime) -> Story:
    story = Story(asked, random, until)
    places = {
        "where": random.choice(subjects.WHERE[asked.organisation]),
        "what": random.choice(subjects.WHAT),
    }
    value = written(
        {
            "priority": asked.priority,
            "kind": asked.kind,
            "organisation": asked.organisation,
            "service": asked.service,
            "subject": asked.topic.subject.format(**places),
        }
    )
    contact_at = min(contact_at, until - MINUTE).replace(microsecond=0)
    story.tell(contact_at, "opened", value, asked.requester)
    story.also("requester_message", asked.topic.body.format(**places), asked.requester)
    return story


def _answered(story: Story, at: datetime, agent: str) -> bool:
    _taken(story, at, agent)
    story.tell(at - story.random.randint(2, 9) * MINUTE, "assigned", agent, agent)
    return story.tell(at, "agent_reply", story.pick(subjects.FIRST_ANSWERS), agent)


def _taken(story: Story, answered_at: datetime, agent: str) -> None:
    """Somebody says that they have it in hand, where that is promised and the answer takes long."""
    target = story.asked.terms.targets.get("acknowledgement")
    if target is None or _is_forgotten(story):
        return
    at = _after(target, story.last_at, 0.4)
    if at < answered_at - 10 * MINUTE:
        story.tell(at, "acknowledged", agent, agent)


def _helped(story: Story, contact_at: datetime, agent: str, *, before: datetime) -> None:
    """A way round, where that is promised and the solution takes longer."""
    target = story.asked.terms.targets.get("workaround")
    if target is None or _is_forgotten(story):
        return
    at = _after(target, contact_at, 0.7)
    if story.last_at < at < before:
        words = subjects.WORKAROUNDS[len(story.asked.name) % len(subjects.WORKAROUNDS)]
        story.tell(at, "workaround", words, agent)


def _is_forgotten(story: Story) -> bool:
    """Now and then; always the same tickets, whatever is drawn for them."""
    return sum(map(ord, story.asked.name)) % 9 == 0


def _asked_back(story: Story, agent: str) -> bool:
    """The agent asks, the clock stands still, the requester answers, the agent answers."""
    random, asked = story.random, story.asked
    asked_at = story.last_at + random.randint(10, 90) * MINUTE
    if not story.tell(asked_at, "agent_reply", story.pick(subjects.QUESTIONS), agent):
        return False
    story.also("status", "waiting_requester", agent)
    answered_at = story.last_at + random.randint(20, 1500) * MINUTE
    if not story.tell(
        answered_at, "requester_message", story.pick(subjects.REPLIES), asked.requester
    ):
        return False
    return _answers(story, agent)


def _followed_up(story: Story, agent: str) -> bool:
    wrote_at = story.last_at + story.random.randint(30, 300) * MINUTE
    text = story.pick(subjects.FOLLOW_UPS)
    if not story.tell(wrote_at, "requester_message", text, story.asked.requester):
        return False
    return _answers(story, agent)


def _answers(story: Story, agent: str) -> bool:
    target = story.asked.terms.targets.get("next_response")
    share = _share(story.random, story.random.random() < 0.07)
    at = _after(target, story.last_at, share) if target else story.last_at + HOUR
    return story.tell(at, "agent_reply", story.pick(subjects.UPDATES), agent)


def _targets(asked: Asked) -> tuple[TargetTerms, TargetTerms]:
    return asked.terms.targets["first_response"], asked.terms.targets["resolution"]


def _share(random: Random, late: bool) -> float:
    return random.uniform(1.05, 1.7) if late else random.triangular(0.08, 0.97, 0.45)


def _after(target: TargetTerms, at: datetime, share: float) -> datetime:
    """The instant at which ``share`` of the target is used up, counted from ``at``."""
    return target.calendar.add(at, int(target.seconds * share))


def _before(target: TargetTerms, at: datetime, share: float) -> datetime:
    """The latest instant from which ``share`` of the target is used up at ``at``."""
    wanted = int(target.seconds * share)
    near, far = timedelta(0), timedelta(seconds=max(60, wanted))
    while target.calendar.elapsed(at - far, at) < wanted:
        far *= 2
    while far - near > MINUTE:
        middle = (near + far) / 2
        middle -= timedelta(microseconds=middle.microseconds)
        if target.calendar.elapsed(at - middle, at) < wanted:
            near = middle
        else:
            far = middle
    return at - far
