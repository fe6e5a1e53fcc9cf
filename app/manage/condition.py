"""The condition of the installation: what `/healthz`, `/metrics` and the page System all tell.

Source: escalation.md, E13 and E14.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import claims, waking
from app.claims import Heartbeat
from app.clocks import words
from app.escalation import parking, standing
from app.escalation import queries as escalations
from app.languages import gettext as _
from app.languages import speaking
from app.mail import queries as mail
from app.mail.models import LetterState
from app.notices import gathering

UNSENT = timedelta(minutes=15)

Instant = Callable[[datetime], str]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """How things stand at ``at``; instants are None where there is nothing.

    ``oldest_due_at`` is what is due and not done on tickets that are not parked,
    ``oldest_unsent_at`` the letter or notice that waits the longest, ``step_s`` by how much the
    clock stepped. ``workers`` are the processes heard of in the last two minutes.
    """

    at: datetime
    firing_at: datetime | None
    sending_at: datetime | None
    workers: tuple[Heartbeat, ...]
    failing: tuple[Heartbeat, ...]
    oldest_due_at: datetime | None
    oldest_unsent_at: datetime | None
    parked_tickets: int
    parked_letters: int
    has_mail_server: bool

    @property
    def lag_s(self) -> int:
        """For how long the oldest thing has been due; 0 when nothing is (E14)."""
        return _age_s(self.oldest_due_at, self.at)

    @property
    def unsent_s(self) -> int:
        """For how long the oldest letter has been waiting; 0 when none is."""
        return _age_s(self.oldest_unsent_at, self.at)

    @property
    def step_s(self) -> int | None:
        """By how many seconds the clock stepped, as the workers see it; None if it did not."""
        steps = [one.detail["step_s"] for one in self.workers if one.detail.get("step_s")]
        return int(steps[0]) if steps else None

    @property
    def is_held(self) -> bool:
        """Whether nothing fires yet, for the clock leapt forward a moment ago."""
        return any(one.detail.get("is_held") for one in self.workers)

    @property
    def reasons(self) -> list[str]:
        """Why all is not well, an English sentence each, for machines; none when it is."""
        with speaking("en"):
            return self.reasons_in(datetime.isoformat)

    def reasons_in(self, instant: Instant) -> list[str]:
        """The same in the reader's language, with instants as ``instant`` tells them."""
        found = (
            self._worker(instant),
            self._sending(instant),
            self._due(instant),
            self._unsent(instant),
            self._stepped(),
        )
        return [reason for reason in found if reason]

    def _worker(self, instant: Instant) -> str | None:
        if self.firing_at is None:
            return _("The worker has never run: start flask worker.")
        if self.at - self.firing_at <= standing.PATIENCE:
            return None
        return _("The worker last ticked at %(when)s.", when=instant(self.firing_at))

    def _sending(self, instant: Instant) -> str | None:
        if not self.has_mail_server or self.sending_at is None:
            return None
        if self.at - self.sending_at <= UNSENT:
            return None
        return _("The worker last looked for letters at %(when)s.", when=instant(self.sending_at))

    def _due(self, instant: Instant) -> str | None:
        if self.lag_s <= standing.PATIENCE.total_seconds() or self.oldest_due_at is None:
            return None
        return _("Something has been due since %(when)s.", when=instant(self.oldest_due_at))

    def _unsent(self, instant: Instant) -> str | None:
        if not self.has_mail_server or self.oldest_unsent_at is None:
            return None
        if self.unsent_s <= UNSENT.total_seconds():
            return None
        return _("A letter has been waiting since %(when)s.", when=instant(self.oldest_unsent_at))

    def _stepped(self) -> str | None:
        if self.step_s is None:
            return None
        time = words.duration(abs(self.step_s))
        match self.step_s > 0, self.is_held:
            case True, True:
                return _(
                    "The clock stepped forward by %(time)s; nothing fires until that has lasted a "
                    "minute.",
                    time=time,
                )
            case True, False:
                return _("The clock stepped forward by %(time)s.", time=time)
            case False, True:
                return _(
                    "The clock stepped back by %(time)s; nothing fires until that has lasted a "
                    "minute.",
                    time=time,
                )
            case _back:
                return _("The clock stepped back by %(time)s.", time=time)


def look(at: datetime, *, has_mail_server: bool) -> Condition:
    """How things stand at ``at``: a handful of small questions, whatever is open."""
    firing = claims.last_beat(waking.FIRING)
    sending = claims.last_beat(waking.SENDING)
    unsent = [mail.oldest_waiting_at(), gathering.oldest_ungathered_at(at)]
    return Condition(
        at=at,
        firing_at=firing.at if firing else None,
        sending_at=sending.at if sending else None,
        workers=tuple(one for one in claims.beats(claims.WORKER) if _is_alive(one, at)),
        failing=tuple(claims.beats(claims.JOB)),
        oldest_due_at=escalations.oldest_due_at(),
        oldest_unsent_at=min((one for one in unsent if one is not None), default=None),
        parked_tickets=parking.count_parked(),
        parked_letters=mail.count_of(LetterState.PARKED),
        has_mail_server=has_mail_server,
    )


def _is_alive(worker: Heartbeat, at: datetime) -> bool:
    return at - worker.at <= standing.PATIENCE and not worker.detail.get("stopped")


def _age_s(since: datetime | None, at: datetime) -> int:
    return 0 if since is None else max(0, int((at - since).total_seconds()))
