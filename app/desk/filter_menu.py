"""The menu above the queue, drawn: each field that the list can be narrowed by, with its values.

A part is drawn once as long as the house is the same and nothing else is chosen.
"""

from functools import lru_cache

from markupsafe import Markup

from app import languages, shell
from app.desk import narrowing
from app.desk.places import Place
from app.http import markup
from app.http.markup import text
from app.languages import gettext as _
from app.people.naming import House
from app.tickets.filters import Field, Wanted


def drawn(place: Place) -> Markup:
    """Everything that this list can be narrowed by, as fields of a form."""
    house, language, icon = shell.house(), languages.spoken(), markup.icon("down")
    parts = [
        _part(field, place.chosen.find(field), house, language, icon)
        for field in narrowing.offered_on(place)
    ]
    return Markup("\n".join(parts))


@lru_cache(maxsize=512)
def _part(field: Field, wanted: Wanted | None, _house: House, _language: str, icon: str) -> str:
    chosen = wanted.values if wanted else ()
    choices = narrowing.offered(field)
    name, label = field.value, text(field.label)
    if not choices:
        typed = text(", ".join(chosen))
        return (
            f'<label class="menu-typed">{label}<input type="text" name="{name}" value="{typed}"'
            ' maxlength="60" autocomplete="off"></label>'
        )
    boxes = [_box(name, value, said, value in chosen) for value, said in choices.items()]
    opened = " open" if any(value in chosen for value in choices) else ""
    is_not = _box("not", name, _("is none of these"), bool(wanted and wanted.is_not), " check-not")
    return (
        f'<details class="menu-part" name="filter"{opened}><summary>{label}{icon}</summary>'
        f'<fieldset><legend class="visually-hidden">{label}</legend>{is_not}{"".join(boxes)}'
        "</fieldset></details>"
    )


def _box(name: str, value: str, said: str, is_on: bool, css: str = "") -> str:
    checked = " checked" if is_on else ""
    return (
        f'<label class="check{css}"><input type="checkbox" name="{name}" value="{text(value)}"'
        f"{checked}><span>{text(said)}</span></label>"
    )
