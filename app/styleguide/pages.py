"""``/styleguide``: the whole look on one page, light beside dark, made of the real macros.

It exists where the application is debugged or tested, and nowhere else.
"""

from flask import Blueprint, render_template

from app.http import public
from app.styleguide import contrast, examples

blueprint = Blueprint("styleguide", __name__)
THEMES = ("light", "dark")


@blueprint.get("/styleguide")
@public
def guide() -> str:
    """Tokens, type, space, and each component in each state."""
    return render_template(
        "styleguide/guide.html",
        themes=THEMES,
        examples=examples,
        forms={theme: examples.form(f"{theme}-") for theme in THEMES},
        pairs=contrast.pairs(),
    )
