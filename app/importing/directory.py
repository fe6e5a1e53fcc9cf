"""What a log may name: organisations, services, teams and people that exist. Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as a log's actor."""

    id: int
    name: str
    organisation_id: int


@dataclass(frozen=True)
class Directory:
    """Organisations by name or slug, services by key, teams by name, people by address, all in
    lower case."""

    organisations: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    people: dict[str, Somebody] = field(default_factory=dict)
    versions: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The agreement and the number of each version, by the version's id."""
    teams: dict[str, int] = field(default_factory=dict)

    def organisation_id(self, name: str) -> int | None:
        """The organisation's id, None for an empty name; `ValueError` for one unknown."""
        if not name:
            return None
        try:
            return self.organisations[name.casefold()]
        except KeyError:
            raise ValueError(f"There is no organisation {name!r}.") from None

    def service_id(self, key: str) -> int | None:
        """The service's id, None for an empty key; `ValueError` for one unknown."""
        if not key:
            return None
        try:
            return self.services[key.casefold()]
        except KeyError:
            raise ValueError(f"There is no service {key!r}.") from None

    def team_id(self, name: str) -> int | None:
        """The team's id, None for an empty name; `ValueError` for one unknown."""
        if not name:
            return None
        try:
            return self.teams[name.casefold()]
        except KeyError:
            raise ValueError(f"There is no team {name!r}.") from None

    def version_id(self, version_id: int, number: int) -> int:
        """The version ``number`` of the agreement that a version is of; `ValueError` for none."""
        agreement_id, _number = self.versions[version_id]
        for id, known in self.versions.items():
            if known == (agreement_id, number):
                return id
        raise ValueError(f"The agreement has no version {number}.")

    def person(self, actor: str) -> Somebody | None:
        """Whoever has this mail address here."""
        return self.people.get(actor.casefold())
