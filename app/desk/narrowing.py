"""The filters above the queue: what is set, each with the URL without it, and what can be set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app import shell
from app.catalogue.words import Priority
from app.desk.places import Place
from app.languages import gettext as _
from app.people import queries as people
from app.tickets.filters import ME, NO_TEAM, NOBODY, Field, Wanted
from app.tickets.words import Status


@dataclass(frozen=True)
class Set:
    """A filter that is set: "Team is Network or 2 more", and the URL that takes it away."""

    sentence: str
    title: str
    without: str


def offered_on(place: Place) -> list[Field]:
    """The fields that this list can be narrowed by."""
    own = {each.field for each in place.base.wanted} if place.saved is None else set()
    return [field for field in Field if field not in own and field is not Field.REQUESTER]


def narrowed(place: Place) -> Iterator[Set]:
    """The filters that are set on this list, beyond what it is by itself."""
    own = () if place.saved is not None else place.base.wanted
    for wanted in place.chosen.wanted:
        if wanted not in own:
            yield _set(place, wanted)


def hidden(place: Place) -> list[tuple[str, str]]:
    """What a form that narrows this list must say beside its own fields."""
    kept = [("scope", place.chosen.scope.value)] if place.saved is not None else []
    requester = place.chosen.find(Field.REQUESTER)
    return kept + [
        (Field.REQUESTER.value, value) for value in (requester.values if requester else ())
    ]


def offered(field: Field) -> Mapping[str, str]:
    """The values of ``field`` with their names; none where it is typed."""
    house = shell.house()
    match field:
        case Field.STATUS:
            return {status.value: status.label for status in Status if status.is_open}
        case Field.PRIORITY:
            return {priority.value: priority.label for priority in Priority}
        case Field.TEAM:
            return {NO_TEAM: _("No team"), **{str(one.id): one.name for one in house.teams}}
        case Field.ASSIGNEE:
            agents = {str(one.id): one.name for one in house.agents}
            return {ME: _("Me"), NOBODY: _("Nobody"), **agents}
        case Field.ORGANISATION:
            return {str(one.id): one.name for one in house.organisations}
    return {}


def _set(place: Place, wanted: Wanted) -> Set:
    names = _names(wanted)
    facts = {"field": wanted.field.label, "value": names[0], "more": len(names) - 1}
    if len(names) == 1:
        said = _("%(field)s is not %(value)s") if wanted.is_not else _("%(field)s is %(value)s")
    elif wanted.is_not:
        said = _("%(field)s is neither %(value)s nor %(more)s more")
    else:
        said = _("%(field)s is %(value)s or %(more)s more")
    without = place.url_of(place.chosen.without(wanted.field))
    return Set(said % facts, ", ".join(names), without)


def _names(wanted: Wanted) -> list[str]:
    if wanted.field is Field.TAG:
        return list(wanted.values)
    if wanted.field is Field.REQUESTER:
        known = {str(id_): one.name for id_, one in people.people(wanted.ids).items()}
    else:
        known = dict(offered(wanted.field))
    return [known.get(value, _("unknown")) for value in wanted.values]
