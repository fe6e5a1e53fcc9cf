"""What a job is, what it says it did, and how it goes through many rows one by one.

A job is a function of the clock; run twice or missed it does no harm (architecture.md, "Job").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from app.database import db, transaction
from config import Config

Now = Callable[[], datetime]
Stopping = Callable[[], bool]
MOST_NAMED = 5
TICKET, LETTER, AGREEMENT = "#{}", "letter {}", "agreement {}"
"""How the page System names what a job went round, by its id."""

log = structlog.get_logger()


def never() -> bool:
    """Stop for nothing."""
    return False


@dataclass(frozen=True)
class Done:
    """What a run did, as a line for the console, and how long to leave the job alone after it.

    ``said`` is None when there was nothing to do; ``pause_s`` 0 means the job's usual pace.
    ``trouble`` is what it went round, for the page System; ``counts`` are for `/metrics`.
    """

    said: str | None = None
    pause_s: float = 0
    trouble: str | None = field(default=None, compare=False)
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Job:
    """A job: its lane (jobs of one lane never run at once), its pace, and what it does.

    ``run(now, config, stopping)`` ends early, with nothing half done, once ``stopping()``.
    A job with ``ahead`` sleeps until the instant that it answers, or until it is called
    (`app.waking`); ``every_s`` is then how long it sleeps at most, lest a call be lost.
    """

    name: str
    lane: str
    every_s: float
    run: Callable[[Now, Config, Stopping], Done]
    ahead: Callable[[Config], datetime | None] | None = None


def each(
    ready: Callable[[datetime], list[int]],
    do: Callable[[int, Now], bool],
    now: Now,
    stopping: Stopping,
    did: str,
    what: str,
    name: str = TICKET,
) -> Done:
    """Do one ticket, or letter, after the other, each in its own transaction; says what it ``did``.

    One that raises is named as trouble and leaves the others alone.
    """
    ids = ready(now())
    db.session.rollback()
    done, passed_over = 0, []
    for id in ids:
        if stopping():
            break
        try:
            with transaction():
                done += do(id, now)
        except OperationalError:
            raise
        except Exception as error:
            log.error("a job went round one", which=name.format(id), exc_info=error)
            passed_over.append(f"{name.format(id)}: {type(error).__name__}: {error}")
    return Done(
        f"{did} {many(done, what)}" if done else None,
        trouble="; ".join(passed_over[:MOST_NAMED]) or None,
        counts={"tickets_passed_over": len(passed_over)},
    )


def together(*parts: Done) -> Done:
    """What several rounds of one job did."""
    said = [part.said for part in parts if part.said]
    trouble = [part.trouble for part in parts if part.trouble]
    passed_over = sum(part.counts.get("tickets_passed_over", 0) for part in parts)
    return Done(
        "; ".join(said) or None,
        trouble="; ".join(trouble) or None,
        counts={"tickets_passed_over": passed_over},
    )


def many(count: int, word: str) -> str:
    """ "1 letter", "3 letters"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
