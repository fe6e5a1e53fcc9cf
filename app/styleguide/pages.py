"""``/styleguide``: the whole look on one page, light beside dark, made of the real macros.

It exists where the application is debugged or tested, and nowhere else.
"""

import re
from types import SimpleNamespace

from flask import Blueprint, render_template
from markupsafe import Markup

from app.http import public
from app.styleguide import contrast, examples, rows, ticket

blueprint = Blueprint("styleguide", __name__)
THEMES = ("light", "dark")
_NAMING = re.compile(
    r'\b(id|for|form|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"'
    r'|\b(name)="(write|score|filter)"'
)


@blueprint.get("/styleguide")
@public
def guide() -> str:
    """Tokens, type, space, and each component in each state."""
    return render_template(
        "styleguide/guide.html",
        themes=THEMES,
        examples=examples,
        example=ticket,
        rows=rows,
        of_ticket=ticket.of,
        pages=SimpleNamespace(before="1", after="2"),
        apart=apart,
        forms={theme: examples.form(f"{theme}-") for theme in THEMES},
        ratings={theme: examples.rating() for theme in THEMES},
        pairs=contrast.pairs(),
    )


def apart(html: Markup, theme: str) -> Markup:
    """``html`` with names of its own: a part that stands on the page twice is told apart."""
    named = _NAMING.sub(lambda found: _renamed(found, theme), html)
    called = named.replace('role="search"', 'role="search" aria-label="Search"')
    return Markup(re.sub(r'\baria-label="([^"]+)"', rf'aria-label="\1, {theme}"', called))


def _renamed(found: re.Match[str], theme: str) -> str:
    attribute, names = found[1] or found[3], found[2] or found[4]
    return f'{attribute}="{" ".join(f"{theme}-{name}" for name in names.split())}"'
