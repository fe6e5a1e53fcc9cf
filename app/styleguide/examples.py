"""What the style guide shows: a chip in each state, people, and a form that came back."""

from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.clocks.chips import ICONS, Chip

CHIPS = {
    "Met": ("met", "met in 1 h 05 m", "was due 10:30 CET"),
    "Running": ("running", "2 h 10 m left", "16:30 CET"),
    "At risk, 75 % used": ("risk", "40 m left", "15:00 CET"),
    "Breached": ("breached", "over by 3 h 20 m", "was due 11:00 CET"),
    "Paused": ("paused", "waiting for you since Tue 16:38", "40 m 31 s left when it goes on"),
    "Outside hours": ("outside", "resumes Mon 09:00", "Mon 10:30 CET"),
    "No promise": ("none", "no promise", ""),
}
PEOPLE = ("Mara Lindt", "Jonas Okafor", "Tomás Rivera", "Aiko Brandt", "Petra Nowak", "Elke Sommer")
TYPE = (
    ("3xl", "36/44 word", "92 % kept"),
    ("2xl", "26/34", "Report a problem"),
    ("xl", "20/28", "Needs an agent now"),
    ("l", "16/24", "Portal text and headings"),
    ("m", "14/20", "Desk text, buttons, subjects"),
    ("s", "13/18", "Table cells, chips, hints"),
    ("xs", "12/16", "Captions, never less"),
)
SPACES = ("05", "1", "2", "3", "4", "5", "6", "8", "12", "16")
PAPERS = ("canvas", "surface", "raised", "sunken", "row-hover", "row-selected", "line")
INKS = ("line-strong", "control-line", "ink-3", "ink-2", "ink", "accent-soft", "accent")


@dataclass(frozen=True)
class Specimen:
    """One chip, with the name of its state."""

    name: str
    chip: Chip


def chips() -> list[Specimen]:
    """A chip in each of its states."""
    return [
        Specimen(name, _chip(state, words, caption))
        for name, (state, words, caption) in CHIPS.items()
    ]


def eighths() -> list[Chip]:
    """A running chip by eighths of the time used."""
    return [_chip("running", f"{8 - used} h left", "", eighths=used) for used in range(8)]


def _chip(state: str, words: str, caption: str, *, eighths: int = 3) -> Chip:
    return Chip(
        state=state,
        words=words,
        icon=ICONS[state],
        measure="Resolution",
        caption=caption,
        due_at=None,
        open_until=None,
        fraction=eighths / 8,
        eighths=eighths,
    )


class ExampleForm(FlaskForm):
    """Every kind of field; ``prefix`` keeps the two halves of the page apart."""

    notice = StringField("Notice period, in days")
    subject = StringField("Subject")
    body = TextAreaField("What happens, and since when?")
    service = SelectField("Service", choices=["Managed workplace", "Network"])
    day = DateField("Holds from")
    urgency = RadioField(
        "Who cannot work?",
        choices=[
            SelectChoice("one", "Only I"),
            SelectChoice("team", "My team"),
            SelectChoice("all", "Everybody"),
        ],
    )
    asked = BooleanField("Ask again after three days")
    days = SelectMultipleField(
        "Days",
        choices=["Mon", "Tue", "Wed", "Thu", "Fri"],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ExampleRating(FlaskForm):
    """How it went, as a requester says it."""

    score = RadioField("How did it go?")
    comment = TextAreaField("Anything we should know?")


def rating() -> ExampleRating:
    """A rating that is being given."""
    return ExampleRating(formdata=None, data={"score": "4"}, meta={"csrf": False})


def form(prefix: str) -> ExampleForm:
    """A form that was sent with a mistake in it."""
    values: dict[str, Any] = {
        "notice": "three months",
        "subject": "VPN down for the finance team",
        "body": "Since half past three nobody in finance can connect.",
        "urgency": "team",
        "asked": True,
        "days": ["Mon", "Wed"],
    }
    example = ExampleForm(formdata=None, prefix=prefix, data=values, meta={"csrf": False})
    example.notice.errors = ("Give a number of days, for example 90.",)
    return example
