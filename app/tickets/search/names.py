"""Names in a search: people, teams, organisations, services and tags, by how they begin.

A name is meant by the beginning of any of its words, in any case and without accents, by its
key, or by an address.
"""

from collections.abc import Iterable

from sqlalchemy import Select, func, or_, select

from app.catalogue.models import Service
from app.database import db
from app.fulltext.words import plain
from app.people.access import Sight
from app.people.models import Organisation, Person, Role, Team
from app.tickets import tagging
from app.tickets.models import Tag
from app.tickets.search import beginnings
from app.tickets.search.fields import unknown
from app.tickets.search.terms import Atom


def people(atom: Atom) -> Select[int]:
    """The ids of those whose name has words that begin so, or whose address does."""
    said = atom.said.strip()
    address = func.lower(Person.address).startswith(said.lower(), autoescape=True)
    return select(Person.id).where(or_(beginnings.begins(Person.name, said), address))


def staff(atom: Atom) -> list[int]:
    """The ids of those of the staff who are meant; raises `Mistake` for nobody."""
    query = select(Person.id, Person.name, Person.address).where(Person.role != Role.REQUESTER)
    rows = [(id_, name, address or "") for id_, name, address in db.session.execute(query)]
    return _meant(atom, "assignee", rows)


def teams(atom: Atom) -> list[int]:
    """The ids of the teams that are meant; raises `Mistake` for none."""
    return _meant(atom, "team", db.session.execute(select(Team.id, Team.name, Team.slug)).all())


def organisations(atom: Atom) -> list[int]:
    """The ids of the organisations that are meant; raises `Mistake` for none."""
    query = select(Organisation.id, Organisation.name, Organisation.slug)
    return _meant(atom, "org", db.session.execute(query).all())


def services(atom: Atom) -> list[int]:
    """The ids of the services that are meant; raises `Mistake` for none."""
    query = select(Service.id, Service.name, Service.key)
    return _meant(atom, "service", db.session.execute(query).all())


def tags(atom: Atom, sight: Sight) -> list[int]:
    """The id of the tag, or of all that begin so (``vpn*``); raises `Mistake` for none.

    To who does not see every ticket a tag that stands on none of theirs is none.
    """
    said = atom.said.strip().lower().removeprefix("#")
    name = func.lower(Tag.name)
    seen = () if sight.sees_all else (tagging.is_on_ticket_of(sight),)
    if said.endswith("*") and len(said) > 1:
        begins = name.startswith(said[:-1], autoescape=True)
        return list(db.session.scalars(select(Tag.id).where(begins, *seen)))
    found = list(db.session.scalars(select(Tag.id).where(name == said, *seen)))
    if found:
        return found
    near = select(Tag.name).where(name.startswith(said[:1], autoescape=True), *seen)
    raise unknown(atom, "tag", tuple(db.session.scalars(near.order_by(Tag.name).limit(500))))


def _meant(atom: Atom, field: str, rows: Iterable[tuple[int, str, str]]) -> list[int]:
    """Those rows ``(id, name, key)`` that ``atom`` means, an exact key before beginnings."""
    said = plain(atom.said.strip())
    rows = list(rows)
    known = [(id_, plain(name), plain(key)) for id_, name, key in rows]
    exact = [id_ for id_, name, key in known if said in (name, key)]
    if exact:
        return exact
    begins = [
        id_ for id_, name, key in known if key.startswith(said) or f" {name}".find(f" {said}") >= 0
    ]
    if begins and said:
        return begins
    raise unknown(atom, field, tuple(name if "@" in key else key for _, name, key in rows))
