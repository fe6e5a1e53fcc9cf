"""Whom an agent names on the form of a new ticket: chosen or written down where needed."""

from collections.abc import Sequence
from datetime import datetime

from wtforms.fields.choices import SelectChoice

from app.desk.forms import TicketForm
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets import callers


def requester_of(form: TicketForm, *, at: datetime) -> Person:
    """Whose request it is; `Refusal` on ``requester`` until that is clear.

    Where several are meant the form offers them; where nobody is, to write somebody down.
    """
    typed = form.requester.data or ""
    if (form.name.data or "").strip():
        return callers.newcomer(
            form.name.data,
            address=form.address.data or "",
            organisation=form.organisation.data or "",
            at=at,
        )
    found = callers.called(typed)
    for person in found:
        if str(person.id) == form.person.data or (len(found) == 1 and _is_clear(person, typed)):
            return person
    _offer(form, found[: callers.MOST])
    if not found:
        form.address.data = form.address.data or (typed if "@" in typed else "")
        raise Refusal(
            _("We know nobody called %(typed)s. Write them down as somebody new.", typed=typed),
            field="requester",
        )
    if len(found) > callers.MOST:
        sentence = _("Many are called so: choose one, or say more of the name.")
    else:
        sentence = _("Say who of these it is, or write down somebody new.")
    raise Refusal(sentence, field="requester")


def _is_clear(person: Person, typed: str) -> bool:
    said = typed.strip().casefold()
    return said in (person.name.casefold(), (person.address or "").casefold())


def _offer(form: TicketForm, found: Sequence[Person]) -> None:
    names = callers.organisations_of(found)
    form.person.choices = [
        SelectChoice(
            str(person.id),
            ", ".join(
                part
                for part in (person.name, person.address, names.get(person.organisation_id))
                if part
            ),
        )
        for person in found
    ]
