"""The form of a ladder: a row of fields for each rung, and where each mistake belongs."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.agreements import reading
from app.agreements.ladder_rows import AFTER, BEFORE, PERCENT, RungRow
from app.agreements.levels import ROLES
from app.agreements.words import MEASURES
from app.catalogue.models import ContingencyPlan, Service
from app.catalogue.words import Priority
from app.clocks import words
from app.escalation import rung_words
from app.languages import gettext
from app.languages import lazy_gettext as _
from app.people.models import Team

MOST_RUNGS = 40
MISTAKE = re.compile(r"tiers\.[^:]*?\.ladder\[(?P<number>\d+)\](?:\.(?P<key>[^:]*))?: (?P<said>.*)")
FIELDS = {
    "measure": "measures",
    "at": "amount",
    "tell": "roles",
    "people": "people",
    "repeat": "every",
    "repeat.every": "every",
    "repeat.times": "times",
    "acknowledge_within": "acknowledge",
}
DEED_FIELDS = {
    "assign": "assign",
    "move": "move",
    "raise_priority": "raise_to",
    "watch": "watch",
    "start_plan": "plan",
}
CALLED = [SelectChoice(key, rung_words.ROLES[key]) for key in ROLES]
"""Whom a rung can call."""


def _checkboxes(label: Any, choices: Iterable[SelectChoice]) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=list(choices),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class RungForm(Form):
    """One rung."""

    place = IntegerField(_("Place"), validators=[Optional(), NumberRange(0, 1000)])
    measures = _checkboxes(_("Of"), [SelectChoice(key, words.NAMES[key]) for key in MEASURES])
    amount = StringField(_("When"), validators=[Length(max=40)])
    unit = SelectField(
        _("Counted as"),
        choices=[
            SelectChoice(PERCENT, _("% of the time")),
            SelectChoice(BEFORE, _("before due")),
            SelectChoice(AFTER, _("after due")),
        ],
    )
    roles = _checkboxes(_("Tell"), CALLED)
    people = StringField(_("And by name"), validators=[Length(max=500)])
    every = StringField(_("Again every"), validators=[Length(max=40)])
    times = IntegerField(_("At most, times"), validators=[Optional(), NumberRange(0, 100)])
    acknowledge = StringField(_("“I am on it” within"), validators=[Length(max=40)])
    assign = SelectField(_("Assign it to"), choices=[SelectChoice("", _("Leave it")), *CALLED])
    move = SelectField(_("Move it to"))
    raise_to = SelectField(_("Raise it to"))
    watch = SelectField(
        _("Let watch from then on"), choices=[SelectChoice("", _("Nobody")), *CALLED]
    )
    plan = SelectField(_("Start the plan"))


class LadderForm(FlaskForm):
    """A ladder, the words about it, and from when it holds."""

    based_on = HiddenField()
    rungs = FieldList(FormField(RungForm), max_entries=MOST_RUNGS)
    clauses = TextAreaField(_("What the agreement says of it"), validators=[Length(max=20_000)])
    effective_from = DateField(_("Holds from"), validators=[DataRequired(_("From which day on?"))])
    service = SelectField(_("Sample: an incident of"), coerce=int, default=0)

    def __init__(
        self,
        *,
        teams: Iterable[Team],
        plans: Iterable[ContingencyPlan],
        services: Iterable[Service],
        **kwargs: Any,
    ) -> None:
        """``teams`` may be moved to, ``plans`` started, ``services`` tried."""
        super().__init__(**kwargs)
        self._teams = {team.name: team.name for team in teams}
        self._plans = {plan.key: plan.title for plan in plans}
        self.service.choices = [
            SelectChoice("0", gettext("no service")),
            *(SelectChoice(str(service.id), service.name) for service in services),
        ]
        for entry in self.rungs:
            self._offer(entry)

    def add_rung(self) -> None:
        """Another empty row at the end."""
        if len(self.rungs) < MOST_RUNGS:
            self._offer(self.rungs.append_entry({"place": self._last_place() + 10}))

    def take_out(self, number: int) -> None:
        """Take the row out that stands at ``number``, if one does."""
        if 0 <= number < len(self.rungs):
            self.rungs.entries.pop(number)

    def in_order(self) -> list[Any]:
        """The rows by their place; those without one stay where they are."""

        def place(pair: tuple[int, Any]) -> tuple[int, int]:
            number, entry = pair
            return entry.place.data if entry.place.data is not None else number * 10 + 10, number

        return [entry for _number, entry in sorted(enumerate(self.rungs), key=place)]

    def rows(self) -> list[RungRow]:
        """What the rows say, in order."""
        return [_row(entry) for entry in self.in_order()]

    def clause_list(self) -> list[str]:
        """The clauses: paragraphs, apart by an empty line."""
        parts = re.split(r"\n\s*\n", (self.clauses.data or "").replace("\r\n", "\n"))
        return [" ".join(part.split()) for part in parts if part.strip()]

    @property
    def is_wrong(self) -> bool:
        """Whether anything stands at a field or above the form."""
        return bool(self.errors) or any(part.errors for entry in self.rungs for part in entry.form)

    def put(self, mistakes: Iterable[str]) -> None:
        """Put each mistake of the reader at its field, what has none above the form."""
        ordered = self.in_order()
        for mistake in mistakes:
            found = MISTAKE.fullmatch(mistake)
            if found is not None and int(found["number"]) < len(ordered):
                entry = ordered[int(found["number"])]
                _add(_field_of(entry, found["key"] or ""), _said(found["said"]))
            elif mistake.startswith("agreement.effective"):
                _add(self.effective_from, _said(mistake.partition(": ")[2]))
            elif mistake.startswith("text"):
                _add(self.clauses, _said(mistake.partition(": ")[2]))
            else:
                self.form_errors.append(mistake)

    def _offer(self, entry: Any) -> None:
        """Fill in what may be chosen; what the row has already stays a choice."""
        for field, offered, nothing in (
            (entry.move, self._teams, gettext("Leave it")),
            (entry.plan, self._plans, gettext("None")),
            (entry.raise_to, _priorities(), gettext("Leave it")),
        ):
            known = {**({field.data: field.data} if field.data else {}), **offered}
            field.choices = [
                SelectChoice("", nothing),
                *(SelectChoice(key, said) for key, said in known.items()),
            ]

    def _last_place(self) -> int:
        return max([0, *(entry.place.data or 0 for entry in self.rungs)])


def _priorities() -> dict[str, str]:
    return {one.value: gettext("%(priority)s priority", priority=one.label) for one in Priority}


def data_of(rows: Sequence[RungRow]) -> list[dict[str, Any]]:
    """The rows as the form's fields take them."""
    return [
        {
            "place": place * 10,
            "measures": list(row.measures),
            "amount": row.amount,
            "unit": row.unit,
            "roles": list(row.roles),
            "people": " ".join(row.people),
            "every": row.every,
            "times": row.times,
            "acknowledge": row.acknowledge,
            "assign": row.deeds.get("assign", ""),
            "move": row.deeds.get("move", ""),
            "raise_to": row.deeds.get("raise_priority", ""),
            "watch": row.deeds.get("watch", ""),
            "plan": row.deeds.get("start_plan", ""),
        }
        for place, row in enumerate(rows, start=1)
    ]


def _row(entry: Any) -> RungRow:
    deeds = {deed: getattr(entry, name).data for deed, name in DEED_FIELDS.items()}
    return RungRow(
        measures=tuple(entry.measures.data or ()),
        unit=entry.unit.data,
        amount=(entry.amount.data or "").strip(),
        roles=tuple(entry.roles.data or ()),
        people=tuple((entry.people.data or "").replace(",", " ").split()),
        every=(entry.every.data or "").strip(),
        times=entry.times.data,
        acknowledge=(entry.acknowledge.data or "").strip(),
        deeds={deed: value for deed, value in deeds.items() if value},
    )


def _field_of(entry: Any, key: str) -> Field:
    """The field of a row that a key of the file stands for."""
    told = re.fullmatch(r"tell\[(\d+)\]", key)
    done = re.fullmatch(r"actions\[(\d+)\].*", key)
    name = FIELDS.get(key, "amount")
    if told:
        name = "people" if int(told[1]) >= len(entry.roles.data or ()) else "roles"
    elif done:
        chosen = [one for one in DEED_FIELDS.values() if getattr(entry, one).data]
        name = chosen[int(done[1])] if int(done[1]) < len(chosen) else "assign"
    found: Field = getattr(entry, name)
    return found


def _add(field: Field, sentence: str) -> None:
    if sentence not in field.errors:
        field.errors = (*field.errors, sentence)


def _said(sentence: str) -> str:
    if reading.is_missing(sentence):
        return gettext("This must not be empty.")
    return sentence[:1].upper() + sentence[1:]
