"""The form of how a team gives its tickets out. Shapes and limits only."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.giving_out import MOST
from app.people.models import Assigning, Person, Team

RULES = {
    Assigning.BY_HAND: lazy_gettext("By hand"),
    Assigning.ROUND_ROBIN: lazy_gettext("In turn"),
    Assigning.BY_LOAD: lazy_gettext("By load"),
}
MEANINGS = {
    Assigning.BY_HAND: lazy_gettext("A ticket is nobody’s until somebody takes or assigns it"),
    Assigning.ROUND_ROBIN: lazy_gettext("One after the other gets a ticket"),
    Assigning.BY_LOAD: lazy_gettext("Whoever has the fewest tickets that need them"),
}


class GivingOutForm(FlaskForm):
    """The rule; `form_of` adds a field for each member."""

    rule = RadioField(
        lazy_gettext("How a ticket of the team finds its assignee"),
        choices=[SelectChoice(rule.value, said) for rule, said in RULES.items()],
        validators=[InputRequired(lazy_gettext("Choose one of the three."))],
    )

    def capacities(self, members: Sequence[Person]) -> dict[int, int | None]:
        """How many tickets each member is given at most, by id; None is no limit."""
        return {member.id: self[f"most_{member.id}"].data for member in members}


def form_of(team: Team, members: Sequence[Person]) -> GivingOutForm:
    """The form of ``team``, filled in as things stand, with a number for each member."""

    class OfTeam(GivingOutForm):
        pass

    for member in members:
        number = IntegerField(
            _("At most, for %(name)s", name=member.name),
            validators=[
                Optional(),
                NumberRange(1, MOST, _("Write a number from 1 to %(most)s.", most=MOST)),
            ],
        )
        setattr(OfTeam, f"most_{member.id}", number)
    stands = {f"most_{member.id}": member.capacity for member in members}
    return OfTeam(data={"rule": team.assigning.value, **stands})
