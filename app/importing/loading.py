"""What an import reads of the installation: whom a log may name, and what is promised."""

from datetime import datetime

from sqlalchemy import Table, func, select, text

from app.agreements import choosing
from app.agreements.models import AgreementVersion
from app.agreements.terms import Terms
from app.catalogue.models import Service
from app.database import Base, db, is_postgresql
from app.importing.directory import Directory, Somebody
from app.people.models import Organisation, Person, Team


def directory() -> Directory:
    """All that a log can name now."""
    organisations: dict[str, int] = {}
    for id_, name, slug in db.session.execute(
        select(Organisation.id, Organisation.name, Organisation.slug)
    ):
        organisations.setdefault(slug.casefold(), id_)
        organisations[name.casefold()] = id_
    services = {
        key.casefold(): id_ for id_, key in db.session.execute(select(Service.id, Service.key))
    }
    people = db.session.execute(
        select(Person.id, Person.name, Person.address, Person.organisation_id).where(
            Person.address.is_not(None)
        )
    )
    versions = db.session.execute(
        select(AgreementVersion.id, AgreementVersion.agreement_id, AgreementVersion.number)
    )
    return Directory(
        organisations,
        services,
        {str(row.address).casefold(): Somebody(row.id, row.name, row[3]) for row in people},
        {id_: (agreement_id, number) for id_, agreement_id, number in versions},
        {name.casefold(): id_ for id_, name in db.session.execute(select(Team.id, Team.name))},
    )


class Agreements:
    """The agreements in force, read once for a whole import."""

    def __init__(self) -> None:
        """Read which version is in force when."""
        self._book = choosing.Book()

    def choose(
        self,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        at: datetime,
        team_id: int | None = None,
    ) -> Terms:
        """The terms in force at ``at``; raises `Refusal` when there are none."""
        return self._book.choose(
            organisation_id=organisation_id,
            service_id=service_id,
            priority=priority,
            kind=kind,
            at=at,
            team_id=team_id,
        )

    def terms_of(
        self,
        version_id: int,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        team_id: int | None = None,
    ) -> Terms:
        """The terms of a version for what a ticket is now."""
        return choosing.terms_of(
            version_id,
            organisation_id=organisation_id,
            service_id=service_id,
            priority=priority,
            kind=kind,
            team_id=team_id,
        )


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that write many plain rows."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def take_ids(table: Table, wanted: int) -> int:
    """The first of ``wanted`` ids in a row for new rows of ``table``, kept from everybody else.

    SQLite has one writer and gives the next free number; on PostgreSQL they come from the
    sequence, asked again when somebody else took one in between.
    """
    if not is_postgresql():
        return (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
    if not wanted:
        return 0
    query = text(
        "SELECT min(id), max(id) FROM (SELECT nextval(pg_get_serial_sequence(:name, 'id')) AS id"
        " FROM generate_series(1, :wanted)) AS taken"
    )
    while True:
        first, last = db.session.execute(query, {"name": table.name, "wanted": wanted}).one()
        if last - first == wanted - 1:
            return int(first)
