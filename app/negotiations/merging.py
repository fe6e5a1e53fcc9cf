"""Two people in one part of a draft: what each changed, and where both did. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.negotiations.fields import Typed, clean


@dataclass(frozen=True)
class Merged:
    """What a part holds when what somebody typed comes to what stands there meanwhile.

    `typed` is to be saved: theirs where both changed the same field. `clashes` are those fields
    with what stands there; `mine` is everything that was typed, to be shown again.
    """

    typed: Mapping[str, Typed]
    mine: Mapping[str, Typed]
    clashes: Mapping[str, Typed] = field(default_factory=dict)


def merged(
    base: Mapping[str, Typed], mine: Mapping[str, Typed], theirs: Mapping[str, Typed]
) -> Merged:
    """Bring together what was typed over ``base`` and what stands there now.

    Names that ``mine`` leaves out are as in ``base``. Where rows came or went meanwhile no field
    of the part can be told from another: all that was typed clashes then, and none is lost.
    """
    wanted = {name: clean(mine.get(name, value)) for name, value in base.items()}
    changed = {name for name, value in wanted.items() if not _same(value, base[name])}
    if base.keys() != theirs.keys():
        clashes = {name: theirs.get(name, "") for name in changed}
        return Merged(typed=dict(theirs), mine=wanted, clashes=clashes)
    clashes = {
        name: theirs[name]
        for name in changed
        if not _same(theirs[name], base[name]) and not _same(theirs[name], wanted[name])
    }
    typed = {
        name: wanted[name] if name in changed and name not in clashes else theirs[name]
        for name in theirs
    }
    shown = {name: wanted[name] if name in changed else theirs[name] for name in theirs}
    return Merged(typed=typed, mine=shown, clashes=clashes)


def _same(one: Typed, other: Typed) -> bool:
    return clean(one) == clean(other)
