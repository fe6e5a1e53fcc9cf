"""The next version of the house agreement: another ladder for one of its tiers.

The house signs alone. A version is immutable, so a change makes the next one, from a day to
come on; open tickets keep the version they have. A client's agreement is changed by both
parties, not here. Sources: agreements.md, "Its life"; escalation.md, "Ladders".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements import choosing, days, ladder_rows, loading, stored
from app.agreements.ladder_rows import RungRow
from app.agreements.models import Agreement, AgreementVersion, CalendarChange, Signature
from app.agreements.parts import Document
from app.agreements.reading import AgreementErrors
from app.agreements.words import Party
from app.calendars.models import CalendarVersion, StoredCalendar
from app.database import db
from app.errors import Conflict, Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people import queries as people
from app.people.models import Person


@dataclass(frozen=True)
class Amendment:
    """What is to be another way: the rungs of a tier, the words about them, and from when.

    `clauses` are those of the section called Escalation, None where the text has none.
    """

    tier: str
    ladder: Sequence[RungRow]
    clauses: Sequence[str] | None
    effective_from: date


def house() -> Agreement:
    """The house agreement; `NotFound` before one is loaded."""
    found = db.session.scalar(select(Agreement).where(Agreement.is_house).limit(1))
    if found is None:
        raise NotFound("There is no house agreement yet.")
    return found


def newest_version(agreement: Agreement) -> AgreementVersion:
    """The signed version with the highest number, in force or still to come."""
    ids = [
        held.version_id for held in choosing.signed_versions() if held.agreement_id == agreement.id
    ]
    if not ids:
        raise NotFound("This agreement has no signed version yet.")
    return db.session.get_one(AgreementVersion, ids[0])


def clauses_of(version: AgreementVersion) -> list[str] | None:
    """The clauses of the section about escalation as they were signed; None without one."""
    section = _escalation_section(version.source)
    return list(section["clauses"]) if section is not None else None


def tomorrow(agreement: Agreement, at: datetime) -> date:
    """The first day on which a new version can begin, in the agreement's zone."""
    return at.astimezone(ZoneInfo(agreement.zone)).date() + timedelta(days=1)


def read(version: AgreementVersion, amendment: Amendment, *, at: datetime) -> Document:
    """The version with the amendment, read as a file would be, and not stored.

    Raises `AgreementErrors` with every mistake; those of the ladder are called
    ``tiers.TIER.ladder[NUMBER].KEY``.
    """
    document = loading.read(_amended(version, amendment), at=at)
    unknown = [
        f"tiers.{amendment.tier}.ladder[{number}].people: "
        + _("nobody here has the address %(address)s.", address=address)
        for number, row in enumerate(amendment.ladder)
        for address in row.people
        if people.find_person_by_address(address) is None
    ]
    if unknown:
        raise AgreementErrors(unknown)
    return document


def amend(
    agreement: Agreement, amendment: Amendment, *, based_on: int, by: Person, at: datetime
) -> AgreementVersion:
    """Store the next version of the house agreement, signed by the house.

    ``based_on`` is the number of the version that was edited: raises `Conflict` when there is a
    newer one, `Refusal` for a client's agreement, a day before tomorrow or before the newest
    version begins, and where nothing would change; `AgreementErrors` for mistakes.
    """
    if not by.may_manage:
        raise Forbidden(_("Only managers change the house agreement."))
    if not agreement.is_house:
        raise Refusal(_("This agreement is signed by both; a change needs both."))
    db.session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())
    newest = newest_version(agreement)
    if newest.number != based_on:
        raise Conflict(
            _(
                "Version %(number)s was saved meanwhile, on %(day)s by %(name)s.",
                number=newest.number,
                day=days.briefly(newest.recorded_at),
                name=_signatory(newest),
            )
        )
    _check_day(agreement, newest, amendment.effective_from, at)
    if _is_as_before(newest, amendment):
        raise Refusal(_("Nothing is another way: this is the ladder as it stands."))
    read(newest, amendment, at=at)
    values = _amended(newest, amendment)
    loaded = loading.load(values, at=at, with_catalogue=False)
    db.session.add(
        Signature(
            version_id=loaded.version.id,
            party=Party.PROVIDER,
            name=by.name,
            person_id=by.id,
            signed_at=at,
            digest=loaded.version.digest,
        )
    )
    db.session.flush()
    return loaded.version


def continued(version: AgreementVersion) -> dict[str, Any]:
    """The version's values as a parsed file, as a further version begins with them.

    The dated exceptions that its hours got since stand among them.
    """
    values = stored.values_of(version)
    keep_exceptions(version, values)
    return values


def _check_day(agreement: Agreement, newest: AgreementVersion, on: date, at: datetime) -> None:
    first = tomorrow(agreement, at)
    if on < first:
        raise Refusal(
            _("A version begins at midnight: choose %(day)s or later.", day=days.briefly(first)),
            field="effective_from",
        )
    if on < newest.effective_from:
        raise Refusal(
            _(
                "Version %(number)s begins on %(day)s: choose that day or later.",
                number=newest.number,
                day=days.briefly(newest.effective_from),
            ),
            field="effective_from",
        )


def _is_as_before(version: AgreementVersion, amendment: Amendment) -> bool:
    stands = ladder_rows.ladder_in(version.source, amendment.tier)
    same_words = amendment.clauses is None or list(amendment.clauses) == clauses_of(version)
    return same_words and list(amendment.ladder) == stands


def _amended(version: AgreementVersion, amendment: Amendment) -> dict[str, Any]:
    """The version's source with the amendment, as a parsed file, without signatures."""
    values = continued(version)
    values["agreement"]["effective_from"] = amendment.effective_from
    for tier in values["tiers"]:
        if tier["key"] == amendment.tier:
            tier["ladder"] = [ladder_rows.table_of(row) for row in amendment.ladder]
    section = _escalation_section(values)
    if section is not None and amendment.clauses is not None:
        section["clauses"] = list(amendment.clauses)
    return values


def keep_exceptions(version: AgreementVersion, values: dict[str, Any]) -> None:
    """Write the dated exceptions that the version's hours got since into the next one's.

    Public holidays of further years are none: the next version's rule brings them along.
    """
    query = (
        select(CalendarChange, StoredCalendar.key)
        .join(CalendarVersion, CalendarVersion.id == CalendarChange.before_id)
        .join(StoredCalendar, StoredCalendar.id == CalendarVersion.calendar_id)
        .where(CalendarChange.version_id == version.id, CalendarChange.made_by_id.is_not(None))
        .order_by(CalendarChange.id)
    )
    for change, key in db.session.execute(query):
        hours = values["calendars"][key.removeprefix(f"{values['agreement']['key']}.")]
        on = change.on_date.isoformat()
        hours.setdefault("exceptions", {})[on] = change.windows
        hours.setdefault("names", {}).pop(on, None)
        if change.name:
            hours["names"][on] = change.name


def _escalation_section(source: Mapping[str, Any]) -> Any:
    """The section of the text that tells of the ladder in words; None without one."""
    for section in source.get("text", ()):
        if "escalation" in str(section.get("title", "")).casefold():
            return section
    return None


def _signatory(version: AgreementVersion) -> str:
    query = select(Signature.name).where(
        Signature.version_id == version.id, Signature.party == Party.PROVIDER
    )
    return db.session.scalar(query) or "somebody"
