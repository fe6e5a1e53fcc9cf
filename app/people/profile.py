"""What people say of themselves: name, zone, language, look, signature, keys.

Source: product.md, "For everyone" (`/account`).
"""

from app.businesstime import zones
from app.database import db
from app.errors import Refusal
from app.languages import LANGUAGES
from app.languages import gettext as _
from app.people import addresses
from app.people.models import Density, Person

THEMES = ("light", "dark")
MAX_SIGNATURE = 2000


def change(
    person: Person, *, name: str, zone: str | None, language: str, theme: str | None
) -> None:
    """Change how somebody is called, in which zone and language they read, and on which paper.

    ``zone`` None is the house's, ``theme`` None the browser's. Raises `Refusal` at the field
    that makes no sense. What was written under the old name stays under it.
    """
    if zone is not None and not zones.is_known(zone):
        raise Refusal(_("That is no time zone; try Europe/Berlin."), field="zone")
    if language not in LANGUAGES:
        raise Refusal(_("We do not speak that language."), field="language")
    if theme is not None and theme not in THEMES:
        raise Refusal(_("There is no such look."), field="theme")
    person.name = addresses.plain_name(name)
    person.zone, person.language, person.theme = zone, language, theme
    db.session.flush()


def equip(person: Person, *, signature: str, density: Density, uses_shortcuts: bool) -> None:
    """Change how a member of staff works: signature beneath answers, air in the queue, keys."""
    if len(signature) > MAX_SIGNATURE:
        raise Refusal(
            _("Keep the signature under %(n)s characters.", n=MAX_SIGNATURE), field="signature"
        )
    person.signature = signature.strip()
    person.density, person.uses_shortcuts = density, uses_shortcuts
    db.session.flush()
