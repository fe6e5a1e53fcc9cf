"""What a request type lets the requester choose, and which priority each choice means."""

from dataclasses import dataclass

from app.catalogue.models import RequestType
from app.catalogue.words import Priority


@dataclass(frozen=True)
class Choice:
    """One tile of the form; ``key`` is its place in the request type's list."""

    key: str
    label: str
    priority: Priority
    is_default: bool


def choices_of(kind: RequestType) -> tuple[Choice, ...]:
    """The tiles of ``kind``: at least one, and exactly one of them chosen beforehand."""
    offered = kind.choices or [{"label": kind.title, "priority": kind.default_priority.value}]
    priorities = [Priority(choice["priority"]) for choice in offered]
    default = priorities.index(kind.default_priority) if kind.default_priority in priorities else 0
    return tuple(
        Choice(str(place), choice["label"], priority, place == default)
        for place, (choice, priority) in enumerate(zip(offered, priorities, strict=True))
    )
