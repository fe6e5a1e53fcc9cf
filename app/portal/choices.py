"""How a request type asks: its questions, and the priority that each choice means."""

from dataclasses import dataclass
from secrets import token_urlsafe

from app.catalogue.models import RequestType
from app.catalogue.queries import Tile
from app.catalogue.words import Kind, Priority
from app.languages import lazy_gettext as _
from app.portal.door_forms import AskingForm
from app.portal.forms import RequestForm


@dataclass(frozen=True)
class Choice:
    """One tile of the form; ``key`` is its place in the request type's list."""

    key: str
    label: str
    priority: Priority
    is_default: bool


@dataclass(frozen=True)
class Wording:
    """How the form asks: its three questions."""

    subject: str
    choice: str
    body: str


WORDING = {
    Kind.INCIDENT: Wording(
        _("What is wrong?"), _("Who cannot work?"), _("What happens, and since when?")
    ),
    Kind.REQUEST: Wording(_("What do you need?"), _("By when?"), _("What should we know?")),
    Kind.QUESTION: Wording(
        _("What would you like to know?"), _("By when?"), _("What should we know?")
    ),
}


def choices_of(kind: RequestType | Tile) -> tuple[Choice, ...]:
    """The tiles of ``kind``: at least one, and exactly one of them chosen beforehand."""
    offered = kind.choices or [{"label": kind.title, "priority": kind.default_priority.value}]
    priorities = [Priority(choice["priority"]) for choice in offered]
    default = priorities.index(kind.default_priority) if kind.default_priority in priorities else 0
    return tuple(
        Choice(str(place), choice["label"], priority, place == default)
        for place, (choice, priority) in enumerate(zip(offered, priorities, strict=True))
    )


def default_of(choices: tuple[Choice, ...]) -> Choice:
    """The one that is chosen beforehand."""
    return next(choice for choice in choices if choice.is_default)


def fit(
    form: RequestForm | AskingForm, kind: RequestType | Tile, choices: tuple[Choice, ...]
) -> None:
    """Let ``form`` ask what ``kind`` asks, with one of ``choices`` chosen beforehand."""
    wording = WORDING[kind.kind]
    form.subject.label.text = wording.subject
    form.choice.label.text = wording.choice
    form.body.label.text = wording.body
    form.choice.choices = [(choice.key, choice.label) for choice in choices]
    if not form.is_submitted() or len(choices) == 1:
        form.choice.data = default_of(choices).key
    form.once.data = form.once.data or token_urlsafe(16)
